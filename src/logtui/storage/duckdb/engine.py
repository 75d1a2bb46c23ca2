"""The engine over Parquet files. It only puts the parts together; see `walk` for how a page is found.

What a first page does not need is imported where it is used, because `logtui query` is measured against the start of
Python itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from logtui.core.cancel import CancelToken
from logtui.core.event import NOWHERE, Cursor, Event, Place
from logtui.core.page import ALL_TIME, Coverage, Facet, Order, Page, Problem, Selection, Summary, TimeRange
from logtui.core.query.ast import ColumnRef, Everything, Literal, Term
from logtui.storage.duckdb.connection import Database
from logtui.storage.duckdb.reader import Reader
from logtui.storage.duckdb.scope import Scope
from logtui.storage.duckdb.sql import TRUE, sql
from logtui.storage.duckdb.starting import most_threads, usual_threads
from logtui.storage.duckdb.walk import Route, Walk
from logtui.storage.engine import Follow, Position
from logtui.storage.inventory import Inventory
from logtui.storage.listing import open_listing
from logtui.storage.mapping import check_mapping
from logtui.storage.views import Snapshot, View

if TYPE_CHECKING:
    from logtui.storage.duckdb.summaries import Counting
    from logtui.storage.known_summaries import KnownSummaries
    from logtui.storage.sieve import Sieve

NO_MAPPING: Mapping[str, str] = MappingProxyType({})
EVERYTHING = Scope(TRUE, ALL_TIME)


class DuckDBEngine:
    """Answers questions about one store. Implements `Engine`; usable from several threads at once."""

    def __init__(
        self,
        store: Path,
        *,
        mapping: Mapping[str, str] = NO_MAPPING,
        threads: int | None = None,
        uses_sidecars: bool = True,
    ) -> None:
        """Open a store: a directory of partitions or of Parquet files, or one Parquet file.

        Args:
            mapping: event column -> the column of the files that gives it.
            threads: for each query; by default one core is left to the screen by all but those that soon end.
            uses_sidecars: False to answer from the events alone, whatever is kept beside them.

        Raises:
            StoreError: there is no such store, it may not be read, or `mapping` names a column that no file has.
            UsageError: `mapping` names a column that events do not have.
        """
        check_mapping(mapping)
        self._inventory = Inventory(open_listing(store), mapping)
        self._inventory.require_mapped()
        usual, most = (usual_threads(), most_threads()) if threads is None else (threads, threads)
        self._database = Database(self._inventory.listing.root, threads=usual, most_threads=most)
        self._reader = Reader(self._database, self._inventory)
        self._known: KnownSummaries | None = None
        self._uses_sidecars = uses_sidecars and self._inventory.has_sidecars

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
        return self._walk(Route(Scope.of(selection), order, with_payload), token).pages(limit, after)

    def summary(
        self, selection: Selection, *, bucket: int | None, token: CancelToken, within: Position | None = None
    ) -> Iterator[Summary]:
        counting = self._counting(selection, token, within)
        if bucket is None:
            return counting.totals()
        return counting.histograms(self._span(selection.range, token), bucket)

    def facet(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Facet:
        return self._counting(selection, token).facet(column, limit)

    def facet_estimate(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Facet | None:
        return self._counting(selection, token).estimate(column, limit)

    def event(self, cursor: Cursor, *, token: CancelToken, place: Place = NOWHERE) -> Event | None:
        at = cursor.place if cursor.place != NOWHERE else place
        moment = TimeRange(cursor.event_time, cursor.event_time + 1)
        where = sql("event_id = ?", cursor.event_id)
        scope = Scope(where, moment, is_selective=True, sieve=_sieve_of_id(cursor.event_id))
        walk = self._walk(Route(scope, with_payload=True, is_lookup=True), token)
        event = None if at == NOWHERE else walk.event_at(at)
        if event is None:
            # It was moved, unless others of its time and id leave that open.
            found = [event for page in walk.pages(1 if at == NOWHERE else 2, None) for event in page.events]
            event = found[0] if len(found) == 1 else None
        is_tied = cursor.place != NOWHERE
        return None if event is None else replace(event, is_tied=is_tied, place=at if is_tied else event.place)

    def find_time(self, event_id: str, *, token: CancelToken) -> int | None:
        where = sql("event_id = ?", event_id)
        route = Route(Scope(where, ALL_TIME, is_selective=True, is_needle=True, sieve=_sieve_of_id(event_id)))
        pages = self._walk(route, token).pages(1, None)
        return next((event.event_time for page in pages for event in page.events), None)

    def time_bounds(self, *, token: CancelToken) -> tuple[int, int] | None:
        token.check()
        snapshot = Snapshot(self._inventory)
        first, last = (self._end(snapshot, order, token) for order in (Order.OLDEST_FIRST, Order.NEWEST_FIRST))
        return None if first is None or last is None else (first, last)

    def coverage(self) -> Coverage:
        from logtui.storage.coverage import coverage_of

        return Coverage(coverage_of(Snapshot(self._inventory)), self._inventory.problems())

    def problems(self) -> tuple[Problem, ...]:
        found = self._inventory.problems()
        slow = () if self._known is None else self._known.problems()
        return (*found, *slow) if slow else found

    def follow(self, since: Position | None = None) -> Follow:
        from logtui.storage.duckdb.following import SegmentFollow

        return SegmentFollow(self._reader, self._inventory, since)

    def close(self) -> None:
        self._database.close()

    def _walk(self, route: Route, token: CancelToken) -> Walk:
        return Walk(self._reader, self._view(route.scope, token), route, token)

    def _counting(self, selection: Selection, token: CancelToken, within: Position | None = None) -> Counting:
        from logtui.storage.duckdb.summaries import Counting
        from logtui.storage.event_kinds import is_decidable

        scope = Scope.of(selection)
        # Where summaries answer, they do so for segments in which nothing matches too.
        is_decided = is_decidable(scope.condition)
        view = Snapshot(self._inventory, within) if is_decided else self._view(scope, token, within)
        return Counting(self._reader, view, scope, self._summaries(), token)

    def _view(self, scope: Scope, token: CancelToken, within: Position | None = None) -> View:
        """Return the segments that a question is about, without those that surely hold nothing of it."""
        snapshot = Snapshot(self._inventory, within, scope.sieve if self._uses_sidecars else None)
        if isinstance(scope.condition, Everything) or not self._uses_sidecars:
            return snapshot
        from logtui.storage.duckdb.kind_view import KindView

        kinds = KindView(snapshot, self._reader, scope.condition, self._summaries, token)
        if scope.demand is None or not self._inventory.has_sidecars:
            return kinds
        from logtui.storage.words.view import WordView

        # Outermost: it leaves parts of segments, and summaries are of whole ones.
        return WordView(kinds, self._inventory.listing.root, scope.demand)

    def _summaries(self) -> KnownSummaries:
        if self._known is None:
            from logtui.storage.known_summaries import KnownSummaries

            self._known = KnownSummaries(self._inventory.listing.root, are_used=self._uses_sidecars)
        return self._known

    def _end(self, snapshot: Snapshot, order: Order, token: CancelToken) -> int | None:
        from logtui.storage.coverage import end_of

        known = end_of(snapshot, order)
        return self._first(order, token) if known is None else known

    def _first(self, order: Order, token: CancelToken) -> int | None:
        pages = self._walk(Route(EVERYTHING, order), token).pages(1, None)
        return next((event.event_time for page in pages for event in page.events), None)

    def _span(self, times: TimeRange, token: CancelToken) -> TimeRange:
        """Return what a histogram shows: the asked range, its open ends closed by the store's first and last event."""
        if times.start is not None and times.end is not None:
            return times
        bounds = self.time_bounds(token=token)
        if bounds is None:
            return times
        start = bounds[0] if times.start is None else times.start
        return TimeRange(start, bounds[1] + 1 if times.end is None else times.end)


def _sieve_of_id(event_id: str) -> Sieve | None:
    from logtui.storage.sieve import sieve_of

    return sieve_of(Term(ColumnRef("event_id"), (Literal(event_id),)))
