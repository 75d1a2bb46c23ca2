"""The port through which services ask questions about events. Engines: `duckdb` (files), `memory` (the oracle).

Every method that may take time takes a `CancelToken` and raises `Cancelled` when it is cancelled; raises
`StoreError` when the store cannot answer and `UnsupportedQueryError` when a term cannot be evaluated. Files that
vanish or appear meanwhile are no error. Engines may be used by several threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from logtui.core.cancel import CancelToken
from logtui.core.event import NOWHERE, Cursor, Event, Place
from logtui.core.page import Coverage, Facet, Fresh, Order, Page, Problem, Selection, Summary


class Engine(Protocol):
    """Answers questions about one store."""

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
        """Yield the first `limit` matching events in `order` that come strictly after `after`.

        Every stored row comes once, also where several have one time and id. Where the segment of `after`'s place is
        gone, all of those come again: rather twice than never.

        Parts come as soon as they are certain (nothing that belongs before them can still turn up), with progress;
        a part may be empty. The last part has `is_final`. None as limit means all of them, streamed.
        """
        ...

    def summary(
        self, selection: Selection, *, bucket: int | None, token: CancelToken, within: Position | None = None
    ) -> Iterator[Summary]:
        """Yield running totals, newest days first, each including the ones before; the last one is exact.

        `bucket` is the histogram's bucket width in microseconds (None: no histogram). `within` leaves out what a
        `Follow` that had come so far has not given out yet, so that what it gives later can be added.
        """
        ...

    def facet(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Facet:
        """Return the `limit` most frequent values of `column` (one of `columns.FACETS`)."""
        ...

    def facet_estimate(self, selection: Selection, column: str, *, limit: int, token: CancelToken) -> Facet | None:
        """Return what can be told at once of the most frequent values of `column`, with how far it may be off.

        None where nothing can, or nothing that `facet` does not tell as quickly.
        """
        ...

    def event(self, cursor: Cursor, *, token: CancelToken, place: Place = NOWHERE) -> Event | None:
        """Return one event with its payload, or None when it is gone.

        `place` is where it was read. Of several with its time and id, the one that is there is meant.
        """
        ...

    def find_time(self, event_id: str, *, token: CancelToken) -> int | None:
        """Return the time of the newest event with this id, or None."""
        ...

    def time_bounds(self, *, token: CancelToken) -> tuple[int, int] | None:
        """Return the earliest and latest time in the store (both included), or None when it is empty."""
        ...

    def coverage(self) -> Coverage:
        """Return days and problems of the store as it is now."""
        ...

    def problems(self) -> tuple[Problem, ...]:
        """Return what was found wrong so far, by listing and by reading."""
        ...

    def follow(self, since: Position | None = None) -> Follow:
        """Start to follow the store from its present state, or from where an earlier `Follow` had come."""
        ...

    def close(self) -> None:
        """Interrupt what runs and release everything. Idempotent."""
        ...


Position = frozenset[str]
"""Names of the segments whose events were given out, relative to the store. It outlives the process in checkpoints."""


class Follow(Protocol):
    """A place in the store's growth. Used by one thread."""

    @property
    def position(self) -> Position:
        """How far it has come; segments that are gone from the store are forgotten."""
        ...

    def fresh(
        self,
        selection: Selection,
        *,
        limit: int,
        token: CancelToken,
        changed: Iterable[str] | None = None,
    ) -> Fresh:
        """Return the matching events of segments that appeared since the last call, and move on.

        `changed` names the paths (absolute, as a watcher reports them) that may have changed, so that only those
        directories are listed again; None lists everything.
        """
        ...

    def catch_up(
        self,
        selection: Selection,
        *,
        token: CancelToken,
        changed: Iterable[str] | None = None,
        with_payload: bool = False,
    ) -> Iterator[Page]:
        """Yield all that `fresh` would count, oldest first, in parts of bounded size; the last one has `is_final`.

        `position` moves once the last part was taken, so that a part which was never delivered is given again.
        """
        ...


class Watcher(Protocol):
    """Tells when a store's files change."""

    def wait(self, timeout: float) -> frozenset[str] | None:
        """Block until files changed or `timeout` seconds passed.

        Returns the changed paths, an empty set for none, or None when only a full listing can tell.
        """
        ...

    def close(self) -> None:
        """End a `wait` that is under way, from any thread."""
        ...


WatcherFactory = Callable[[], Watcher]
