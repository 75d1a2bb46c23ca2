"""How far the next step of a walk through time should reach. Pure.

A walk asks about disjoint windows of time, one after the other, from its near end (the newest events for
newest-first). Too narrow a window costs another step (5 to 10 ms); too wide a one reads what is not needed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from logtui.core.clock import DAY
from logtui.core.page import Order, TimeRange
from logtui.storage.facts import Slice


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a window ends. `time` is None when it takes all that is left."""

    time: int | None
    rows: float
    """About how many events lie before it."""


def reach(slices: Iterable[Slice], left: TimeRange, target: float, order: Order) -> Reach:
    """Return where about `target` events of `left` have been passed, walking in `order`."""
    towards = -1 if order is Order.NEWEST_FIRST else 1
    rows = rate = 0.0
    position: int | None = None
    for at, change in _turns(slices, left, towards):
        if position is not None and rate > 0:
            if rows + rate * (at - position) >= target:
                return Reach(_clipped(towards * (position + int((target - rows) / rate) + 1), left), target)
            rows += rate * (at - position)
        position = at
        rate = max(0.0, rate + change)
    return Reach(None, rows)


def _turns(slices: Iterable[Slice], left: TimeRange, towards: int) -> list[tuple[int, float]]:
    """Return where the rate of events changes, on an axis that grows along the walk.

    A slice without times belongs to every window, so it says nothing about where one should end.
    """
    turns: list[tuple[int, float]] = []
    for each in slices:
        start, end = each.times.start, each.times.end
        part = each.times.intersect(left)
        if start is None or end is None or part.start is None or part.end is None or part.is_empty:
            continue
        rate = each.rows / (end - start)
        near, far = sorted((towards * part.start, towards * part.end))
        turns += [(near, rate), (far, -rate)]
    return sorted(turns)


def _clipped(time: int, left: TimeRange) -> int | None:
    """Return None instead of a time that leaves nothing for another window."""
    if left.start is not None and time <= left.start:
        return None
    return None if left.end is not None and time >= left.end else time


_MOST_GROWTH = 8
_STEP_SECONDS = 0.4
"""A step that takes longer shows nothing meanwhile."""


def next_target(passed: float, seconds: float, *, found: int = 0, wanted: int = 0) -> float:
    """Return how many events the next window should hold.

    Args:
        passed: events that the last window held.
        seconds: how long it took.
        found: how many of them matched.
        wanted: how many matches are still missing; 0 when all are asked for.
    """
    target = passed * _MOST_GROWTH
    if found and wanted:
        target = min(target, 2 * passed * wanted / found)
    if seconds > 0:
        target = min(target, passed * _STEP_SECONDS / seconds)
    return max(target, passed / 2)


def days_in(times: TimeRange) -> range:
    """Return the numbers of the UTC days since 1970 that a range touches; none for an open one."""
    if times.start is None or times.end is None or times.is_empty:
        return range(0)
    return range(times.start // DAY, (times.end - 1) // DAY + 1)
