"""An engine over events in memory: a store for tests, and what other engines are compared with.

It answers by looking at every event. Appended events stand for a new segment, days for partitions.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.event import NOWHERE, Cursor, Event, Place
from logtui.core.page import (
    Coverage,
    Day,
    DayState,
    Facet,
    FacetValue,
    Fresh,
    Histogram,
    Order,
    Page,
    Problem,
    Progress,
    Selection,
    Summary,
    TimeRange,
)
from logtui.core.query.ast import Between
from logtui.storage.engine import Position
from logtui.storage.reference import check, matches

_PART = 1_000
"""Events in one part of a page at most."""


@dataclass(frozen=True, slots=True)
class _Contents:
    """What is stored at one moment."""

    segments: Mapping[str, tuple[Event, ...]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    """Oldest first."""

    def plus(self, events: tuple[Event, ...]) -> _Contents:
        """Return the contents with one more segment."""
        name = f"segment-{len(self.segments)}"
        placed = tuple(replace(event, place=(name, row), is_tied=False) for row, event in enumerate(events))
        everything = _tied((*self.events, *placed))
        tied = {event.place: event for event in everything}
        segments = {**self.segments, name: placed}
        return _Contents(
            {name: tuple(tied[event.place] for event in each) for name, each in segments.items()}, everything
        )


class MemoryEngine:
    """Answers questions about the events it is given. Implements `Engine`; usable from several threads at once."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._lock = threading.Lock()
        self._is_closed = False
        self._contents = _Contents()
        self.append(events)

    def append(self, events: Iterable[Event]) -> None:
        """Add a segment of events; who follows finds them fresh."""
        added = tuple(events)
        if added:
            with self._lock:
                self._contents = self._contents.plus(added)

    def pages(
        self,
        selection: Selection,
        *,
        limit: int | None,
        token: CancelToken,
        order: Order = Order.NEWEST_FIRST,
        after: Cursor | None = None,
        with_payload: bool = False,
    ) -> Iterator[Page]:
        candidates = self._within(selection, order, token)
        if after is not None:
            candidates = [event for event in candidates if _is_beyond(event, after, order)]
        return _pages(candidates, selection, limit, with_payload, token)

    def summary(
        self, selection: Selection, *, bucket: int | None, token: CancelToken, within: Position | None = None
    ) -> Iterator[Summary]:
        candidates = self._within(selection, Order.NEWEST_FIRST, token, within)
        span = _span(self._read(token).events, selection.range)
        return _summaries(_days(candidates), span, selection, bucket, token)

    def facet(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Facet:
        candidates = self._within(selection, Order.NEWEST_FIRST, token)
        counts = Counter(getattr(event, column) for event in _matching(candidates, selection, token))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
        values = tuple(FacetValue(value, count) for value, count in ranked[:limit])
        return Facet(column, values, counts.total() - sum(value.count for value in values), is_exact=True)

    def facet_estimate(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Facet | None:
        return self.facet(selection, column, limit=limit, token=token)

    def event(self, cursor: Cursor, *, token: CancelToken, place: Place = NOWHERE) -> Event | None:
        at = cursor.place if cursor.place != NOWHERE else place
        named = [
            event
            for event in self._read(token).events
            if (event.event_time, event.event_id) == (cursor.event_time, cursor.event_id)
        ]
        found = next((event for event in named if at in (NOWHERE, event.place)), None)
        return None if found is None else replace(found, is_tied=cursor.place != NOWHERE)

    def find_time(self, event_id: str, *, token: CancelToken) -> int | None:
        times = (event.event_time for event in self._read(token).events if event.event_id == event_id)
        return max(times, default=None)

    def time_bounds(self, *, token: CancelToken) -> tuple[int, int] | None:
        events = self._read(token).events
        return (events[0].event_time, events[-1].event_time) if events else None

    def coverage(self) -> Coverage:
        contents = self._contents
        sizes: Counter[int] = Counter()
        for event in contents.events:
            sizes[_day_number(event)] += len((event.payload or "").encode())
        segments = Counter(number for each in contents.segments.values() for number in set(map(_day_number, each)))
        days = []
        for number in range(min(sizes), max(sizes) + 1) if sizes else ():
            state = DayState.PRESENT if segments[number] else DayState.MISSING
            days.append(Day(number * DAY, state, segments[number], sizes[number]))
        return Coverage(tuple(days), ())

    def problems(self) -> tuple[Problem, ...]:
        return ()

    def follow(self, since: Position | None = None) -> MemoryFollow:
        return MemoryFollow(self._read, since)

    def close(self) -> None:
        self._is_closed = True

    def _read(self, token: CancelToken) -> _Contents:
        token.check()
        if self._is_closed:
            raise StoreError("the store is closed")
        return self._contents

    def _within(
        self, selection: Selection, order: Order, token: CancelToken, position: Position | None = None
    ) -> list[Event]:
        """Return the events of the selection's range in order, of all segments or of those that `position` names."""
        check(selection.condition)
        contents = self._read(token)
        if position is None:
            return _arranged(contents.events, selection.range, order)
        known = [event for name, events in contents.segments.items() if name in position for event in events]
        return _arranged(known, selection.range, order)


class MemoryFollow:
    """A place in the growth of a `MemoryEngine`. Implements `Follow`."""

    def __init__(self, read: Callable[[CancelToken], _Contents], since: Position | None) -> None:
        self._read = read
        present = frozenset(read(CancelToken()).segments)
        self._position = present if since is None else since & present

    @property
    def position(self) -> Position:
        return self._position

    def fresh(
        self,
        selection: Selection,
        *,
        limit: int,
        token: CancelToken,
        changed: Iterable[str] | None = None,  # noqa: ARG002 - there are no files
    ) -> Fresh:
        new, position = self._look(selection, Order.NEWEST_FIRST, token)
        found = list(_matching(new, selection, token))
        self._position = position
        return Fresh(tuple(_listed(event, with_payload=False) for event in found[:limit]), len(found))

    def catch_up(
        self,
        selection: Selection,
        *,
        token: CancelToken,
        changed: Iterable[str] | None = None,  # noqa: ARG002 - there are no files
        with_payload: bool = False,
    ) -> Iterator[Page]:
        new, position = self._look(selection, Order.OLDEST_FIRST, token)
        yield from _pages(new, selection, None, with_payload, token)
        self._position = position

    def _look(self, selection: Selection, order: Order, token: CancelToken) -> tuple[list[Event], Position]:
        check(selection.condition)
        segments = self._read(token).segments
        new = (event for name, events in segments.items() if name not in self._position for event in events)
        return _arranged(new, selection.range, order), frozenset(segments)


def _pages(
    candidates: Sequence[Event], selection: Selection, limit: int | None, with_payload: bool, token: CancelToken
) -> Iterator[Page]:
    """Yield the matching ones of `candidates`, in their order, day by day."""
    days = _days(candidates)
    missing = limit
    for searched, day in enumerate(days):
        found = [_listed(event, with_payload=with_payload) for event in _matching(day, selection, token)]
        if missing is not None and len(found) > missing:
            yield Page(tuple(found[:missing]), Progress(searched, len(days)), is_final=True, has_more=True)
            return
        for start in range(0, len(found), _PART):
            yield Page(tuple(found[start : start + _PART]), Progress(searched, len(days)), is_final=False)
        missing = None if missing is None else missing - len(found)
    token.check()
    yield Page((), Progress(len(days), len(days)), is_final=True)


def _matching(events: Iterable[Event], selection: Selection, token: CancelToken) -> Iterator[Event]:
    for event in events:
        token.check()
        if matches(selection.condition, event):
            yield event


def _arranged(events: Iterable[Event], times: TimeRange, order: Order) -> list[Event]:
    """Return the events of a range in order."""
    inside = (event for event in events if matches(Between(times.start, times.end), event))
    return sorted(inside, key=lambda event: event.cursor, reverse=order is Order.NEWEST_FIRST)


def _tied(events: Iterable[Event]) -> tuple[Event, ...]:
    """Return the events oldest first, those of one time and id told apart by their places."""
    ordered = sorted(events, key=lambda event: (event.event_time, event.event_id, event.place))
    groups = (list(same) for _, same in groupby(ordered, key=lambda event: (event.event_time, event.event_id)))
    return tuple(replace(event, is_tied=len(same) > 1) for same in groups for event in same)


def _is_beyond(event: Event, after: Cursor, order: Order) -> bool:
    cursor = event.cursor if after.place != NOWHERE else Cursor(event.event_time, event.event_id)
    return cursor < after if order is Order.NEWEST_FIRST else cursor > after


def _listed(event: Event, *, with_payload: bool) -> Event:
    return event if with_payload else replace(event, payload=None)


def _day_number(event: Event) -> int:
    return event.event_time // DAY


def _days(events: Iterable[Event]) -> list[list[Event]]:
    """Return the events, which are in order, day by day."""
    return [list(of_day) for _, of_day in groupby(events, key=_day_number)]


def _summaries(
    days: Sequence[list[Event]], span: Sequence[int], selection: Selection, bucket: int | None, token: CancelToken
) -> Iterator[Summary]:
    found: list[int] = []
    for searched, day in enumerate(days, start=1):
        found.extend(event.event_time for event in _matching(day, selection, token))
        histogram = _histogram(found, span, bucket) if bucket else None
        yield Summary(len(found), searched == len(days), histogram, Progress(searched, len(days)))
    if not days:
        token.check()
        yield Summary(0, True, _histogram(found, span, bucket) if bucket else None, Progress(0, 0))


def _span(events: Sequence[Event], asked: TimeRange) -> list[int]:
    """Return the ends of what a histogram shows: of the asked range, or, where it is open, of all events."""
    first = asked.start if asked.start is not None else next((event.event_time for event in events), None)
    last = asked.end - 1 if asked.end is not None else next((event.event_time for event in reversed(events)), None)
    return [at for at in (first, last) if at is not None]


def _histogram(found: Sequence[int], span: Sequence[int], bucket: int) -> Histogram:
    numbers = [at // bucket for at in (*span, *found)]
    if not numbers:
        return Histogram(0, bucket, ())
    counts = Counter(at // bucket for at in found)
    shown = range(min(numbers), max(numbers) + 1)
    return Histogram(shown.start * bucket, bucket, tuple(counts[number] for number in shown))
