"""Which days a store holds, and which of them cannot be read."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from logtui.core.clock import DAY
from logtui.core.page import ALL_TIME, Day, DayState, Order, TimeRange
from logtui.storage.facts import hull
from logtui.storage.views import Snapshot
from logtui.storage.windows import days_in

_LONGEST_GAP = 3660
"""Days that are shown as missing between two that are there; a longer gap is a wrong clock's work."""


@dataclass(slots=True)
class _Found:
    segments: Counter[int] = field(default_factory=Counter)
    size: Counter[int] = field(default_factory=Counter)
    unreadable: set[int] = field(default_factory=set)


def coverage_of(snapshot: Snapshot) -> tuple[Day, ...]:
    """Return the days of a store, oldest first, with those that are missing in between."""
    found = _Found()
    for directory in snapshot.directories():
        contents = snapshot.contents(directory)
        if directory.day is not None:
            number = directory.day // DAY
            readable = [each.segment for each in snapshot.within(directory, ALL_TIME)]
            found.segments[number] += len(readable)
            found.size[number] += sum(each.size for each in readable)
            if not contents.is_readable or (contents.segments and not readable):
                found.unreadable.add(number)
            continue
        for candidate in snapshot.within(directory, ALL_TIME):
            days = days_in(candidate.facts.times)
            for number in days[:_LONGEST_GAP]:
                found.segments[number] += 1
                found.size[number] += candidate.segment.size // len(days)
    return tuple(_days(found))


def end_of(snapshot: Snapshot, order: Order) -> int | None:
    """Return the time of the store's first event in `order`; None where footers do not tell it."""
    for directory in snapshot.directories(ALL_TIME, order):
        facts = [each.facts for each in snapshot.within(directory, ALL_TIME)]
        times = hull([each.times for each in facts])
        if directory.day is None or any(each.untimed != 0 or not each.shape.is_plain for each in facts):
            return None
        if facts:
            # Events outside of their day may come before those of others.
            is_inside = None not in (times.start, times.end) and times.intersect(directory.bounds) == times
            return _end(times, order) if is_inside else None
    return None


def _end(times: TimeRange, order: Order) -> int | None:
    return times.start if order is Order.OLDEST_FIRST or times.end is None else times.end - 1


def _days(found: _Found) -> list[Day]:
    days: list[Day] = []
    previous: int | None = None
    for number in sorted(found.segments.keys() | found.unreadable):
        if previous is not None and number - previous <= _LONGEST_GAP:
            days.extend(Day(gap * DAY, DayState.MISSING, 0, 0) for gap in range(previous + 1, number))
        state = DayState.UNREADABLE if number in found.unreadable and not found.segments[number] else DayState.PRESENT
        days.append(Day(number * DAY, state, found.segments[number], found.size[number]))
        previous = number
    return days
