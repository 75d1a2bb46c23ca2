"""Time ranges as conditions: presets, shifting a window, a stretch of the histogram. Pure."""

from __future__ import annotations

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
    """Return the range moved `by` times its own width; None when it has no width. An open end is now."""
    end = now if times.end is None else times.end
    if times.start is None or end <= times.start:
        return None
    width = end - times.start
    return TimeRange(times.start + by * width, end + by * width)
