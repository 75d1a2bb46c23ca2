"""Time ranges as conditions: presets, shifting a window, a stretch of the histogram. Pure."""

from __future__ import annotations

from logtui.core.clock import MINUTE, SECOND
from logtui.core.page import TimeRange
from logtui.core.query.ast import Node, Since, Until
from logtui.core.times import format_instant


def last(duration: str) -> tuple[Node, ...]:
    """Return the conditions for the time since `duration` ago, such as `24h`; "" is all time."""
    return (Since(duration),) if duration else ()


def conditions_of(times: TimeRange) -> tuple[Node, ...]:
    """Return the conditions for an absolute range."""
    since: tuple[Node, ...] = () if times.start is None else (Since(format_instant(times.start)),)
    until: tuple[Node, ...] = () if times.end is None else (Until(format_instant(times.end)),)
    return since + until


def shifted(times: TimeRange, now: int, by: int) -> TimeRange | None:
    """Return the range moved `by` times its own width; None when it has no width. An open end is now.

    A range of a minute and more begins and ends with whole seconds: nobody wants to read the others.
    """
    start, end = times.start, now if times.end is None else times.end
    if start is None or end <= start:
        return None
    if end - start >= MINUTE:
        start, end = start // SECOND * SECOND, -(-end // SECOND) * SECOND
    width = end - start
    return TimeRange(start + by * width, end + by * width)
