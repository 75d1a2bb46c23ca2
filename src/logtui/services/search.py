"""Searching: from a parsed query to pages, totals, facets and single events."""

from __future__ import annotations

from collections.abc import Iterator

from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.event import NOWHERE, Cursor, Event, Place
from logtui.core.page import Facet, Order, Page, Selection, Summary
from logtui.core.query.ast import Node
from logtui.core.query.resolve import resolve
from logtui.storage.engine import Engine, Position

SLOW = "reading all payloads"
"""What is said of a search that `is_slow`."""


def is_slow(query: Node) -> bool:
    """Tell whether a search has to read the payloads of all events in its range: no filter knows what it looks for."""
    # Only while a search goes on that takes a while.
    from logtui.storage.words.demands import reads_all_payloads

    return reads_all_payloads(query)


class Search:
    """Asks one engine; relative times are resolved once per question, against the injected clock."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine = engine
        self._clock = clock

    def select(self, query: Node, *, token: CancelToken) -> Selection:
        """Resolve relative times and event anchors.

        Raises:
            QuerySyntaxError: `around:` names an event that is not stored.
        """
        return resolve(
            query, now=self._clock(), find_time=lambda event_id: self._engine.find_time(event_id, token=token)
        )

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
        """Yield parts of one page as they become certain; see `Engine.pages`."""
        return self._engine.pages(
            selection, limit=limit, token=token, order=order, after=after, with_payload=with_payload
        )

    def page(
        self,
        selection: Selection,
        *,
        limit: int,
        token: CancelToken,
        order: Order = Order.NEWEST_FIRST,
        after: Cursor | None = None,
    ) -> Page:
        """Return one whole page."""
        events: list[Event] = []
        for part in self._engine.pages(selection, limit=limit, token=token, order=order, after=after):
            events.extend(part.events)
        return Page(tuple(events), part.progress, is_final=True, has_more=part.has_more)

    def summary(
        self, selection: Selection, *, bucket: int | None, token: CancelToken, within: Position | None = None
    ) -> Iterator[Summary]:
        """Yield running totals and histogram; the last one is exact. See `Engine.summary`."""
        return self._engine.summary(selection, bucket=bucket, token=token, within=within)

    def facet(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Facet:
        """Return the most frequent values of a column among the matching events."""
        return self._engine.facet(selection, column, limit=limit, token=token)

    def facets(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Iterator[Facet]:
        """Yield an estimate of the most frequent values, if there is a quick one, then the exact answer."""
        estimate = self.facet_estimate(selection, column, limit=limit, token=token)
        if estimate is not None:
            yield estimate
        if estimate is None or not estimate.is_exact:
            yield self.facet(selection, column, limit=limit, token=token)

    def facet_estimate(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Facet | None:
        """Return what is known at once of the most frequent values; see `Engine.facet_estimate`."""
        return self._engine.facet_estimate(selection, column, limit=limit, token=token)

    def event(self, cursor: Cursor, *, token: CancelToken, place: Place = NOWHERE) -> Event | None:
        """Return one event with its payload, or None when its file is gone; see `Engine.event` about `place`."""
        return self._engine.event(cursor, token=token, place=place)

    def time_bounds(self, *, token: CancelToken) -> tuple[int, int] | None:
        """Return the earliest and latest event time in the store."""
        return self._engine.time_bounds(token=token)
