"""Walks through time in the asked order and gives events as soon as they are certain.

Each step asks about one window of time, of all segments that may have events in it. Windows are disjoint, so the
events of one window all come before those of the next, and nothing that belongs before a given event can turn up later.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from logtui.core.cancel import CancelToken
from logtui.core.event import Cursor, Event, Place
from logtui.core.page import Order, Page, TimeRange
from logtui.storage.duckdb import questions
from logtui.storage.duckdb.connection import Pace
from logtui.storage.duckdb.reader import Inquiry, OutOfMemoryError, Reader
from logtui.storage.duckdb.scope import Scope
from logtui.storage.duckdb.source import Source
from logtui.storage.duckdb.sql import Sql, all_of
from logtui.storage.duckdb.stride import Stride
from logtui.storage.views import View
from logtui.storage.windows import next_target

_SPARE = 1.5
"""How many more events than wanted the first window of an unconditional walk should hold: densities are estimates."""
_LEAST = 256
_FIRST_SEARCH = 16_384
"""Events in the first window of a search: one row group."""
_FIRST_FILES = 64
"""Files in the first window of a search that the Bloom filters answer; it costs by files, not by events."""
_FIRST_SIEVED = 4
"""Files in the first window where those that cannot match were left out: each costs some milliseconds, because it does
match, and the first rows should be on the screen by then."""
_CHUNK = 5_000
"""Most events in one part, and in the first question about a window."""
_LARGEST_CHUNK = 80_000
_GROWING = 4
"""By how much a part gets larger when many events lie in one window."""
_SHRINKING = 8
"""By how much a part gets smaller when it does not fit into memory."""


@dataclass(frozen=True, slots=True)
class Route:
    """What a walk looks for and how."""

    scope: Scope
    order: Order = Order.NEWEST_FIRST
    with_payload: bool = False
    is_lookup: bool = False
    """Whether nobody takes the end of the walk for a promise that there is nothing else."""

    def first_target(self, wanted: int) -> float:
        """Return how large the first window should be, in events or, for needles, in files."""
        if self.scope.is_needle:
            return _FIRST_FILES if self.scope.sieve is None else _FIRST_SIEVED
        return max(_FIRST_SEARCH if self.scope.is_selective else _LEAST, wanted * _SPARE)

    def pace(self, rows: float) -> Pace:
        """Return how to ask about a window of about so many events."""
        if self.scope.is_needle:
            return Pace.HURRIED
        # An event that is looked up is one row of a row group, found as quickly among all that was read ahead.
        return Pace.SHORT if rows <= _FIRST_SEARCH and not self.is_lookup else Pace.LONG


class Walk:
    """One walk. Used by one thread."""

    def __init__(self, reader: Reader, view: View, route: Route, token: CancelToken) -> None:
        self._reader = reader
        self._view = view
        self._route = route
        self._token = token
        self._stride = Stride(view, route.scope.times, route.order, by_files=route.scope.is_needle)

    def pages(self, limit: int | None, after: Cursor | None) -> Iterator[Page]:
        """Yield parts up to `limit` events (None: all) that come strictly after `after`."""
        if after is not None:
            self._stride.pass_event(after)
        missing = limit
        for events in _parts(self._batches(limit, after)):
            if missing is not None and len(events) > missing:
                self._reader.count_untimed(self._token)
                self._token.check()
                yield Page(events[:missing], self._stride.progress, is_final=True, has_more=True)
                return
            yield Page(events, self._stride.progress, is_final=False)
            missing = None if missing is None else missing - len(events)
        if not self._route.is_lookup:
            self._reader.end(self._view, self._route.scope.times, self._token)
        self._token.check()
        yield Page((), self._stride.complete, is_final=True)

    def event_at(self, place: Place) -> Event | None:
        """Return the event of the walk that is stored at a place; None if none is there, or no longer."""
        scope = self._route.scope

        def listing(source: Source) -> Sql:
            where = all_of([questions.during(scope.times), scope.where, questions.at(place, source)])
            return questions.listing(source, where, order=self._route.order, limit=1, with_payload=True)

        answer = self._reader.ask(self._view, Inquiry(scope.times, listing, scope.where), self._token)
        events = questions.events_of(answer.rows, answer.source, after=None, is_cut=True, all_tied=False)
        return events[0] if events else None

    def _batches(self, limit: int | None, after: Cursor | None) -> Iterator[tuple[Event, ...]]:
        """Yield the events of one window after the other, until there is one more than `limit`."""
        wanted = None if limit is None else limit + 1
        target = self._route.first_target(_CHUNK if wanted is None else wanted)
        chunk = _CHUNK
        while not self._stride.left.is_empty:
            planned = self._stride.plan(target)
            started = time.monotonic()
            most = chunk if wanted is None else min(wanted, chunk)
            try:
                events = self._ask(self._stride.window(planned), after, most, planned.rows)
            except OutOfMemoryError:
                if most == 1:
                    raise
                # Few events can be large ones: a smaller part may fit.
                chunk, target = max(1, most // _SHRINKING), target / _SHRINKING
                continue
            if len(events) == most and most != wanted:
                # The window may hold more: go on inside it, in larger steps, because each opens all its files again.
                chunk = min(chunk * _GROWING, _LARGEST_CHUNK) if chunk >= _CHUNK else chunk
                after = events[-1].cursor
                self._stride.pass_event(after)
            else:
                after = None
                chunk = min(chunk, _CHUNK)
                self._stride.pass_window(planned)
                passed, seconds = max(planned.rows, target), time.monotonic() - started
                target = next_target(passed, seconds, found=len(events), wanted=wanted or 0)
            yield events
            if wanted is not None:
                wanted -= len(events)
                if wanted <= 0:
                    return

    def _ask(self, window: TimeRange, after: Cursor | None, limit: int, rows: float) -> tuple[Event, ...]:
        route = self._route

        def listing(source: Source) -> Sql:
            keyset = () if after is None else (questions.beyond(after, route.order, source),)
            where = all_of([questions.during(window), *keyset, route.scope.where])
            return questions.listing(source, where, order=route.order, limit=limit, with_payload=route.with_payload)

        # Fewer events need less memory; only for a single one is there nothing else to do than to take more.
        may_grow = limit == 1
        inquiry = Inquiry(window, listing, route.scope.where, route.order, may_grow, route.pace(rows))
        answer = self._reader.ask(self._view, inquiry, self._token)
        is_cut = len(answer.rows) == limit
        return questions.events_of(
            answer.rows, answer.source, after=after, is_cut=is_cut, all_tied=not self._reader.is_own
        )


def _parts(batches: Iterator[tuple[Event, ...]]) -> Iterator[tuple[Event, ...]]:
    """Yield large batches in parts, and an empty one as it is: it stands for progress."""
    for events in batches:
        for start in range(0, max(1, len(events)), _CHUNK):
            yield events[start : start + _CHUNK]
