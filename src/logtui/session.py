"""The composition root: the only module that names concrete engines. Front ends get everything from a `Session`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock, system_clock
from logtui.core.page import Coverage, Day, Selection
from logtui.services.search import Search
from logtui.storage.engine import Engine, Watcher, WatcherFactory

if TYPE_CHECKING:
    from logtui.core.condition import Condition
    from logtui.services.compact import Compaction
    from logtui.services.retention.ground import RetainedStore, Rows
    from logtui.storage.event_sink import EventSink
    from logtui.storage.key_exchange import KeyExchange
    from logtui.storage.sink import SegmentSink


@dataclass(frozen=True, slots=True)
class Session:
    """One open store and the services on it."""

    store: Path
    engine: Engine
    search: Search
    clock: Clock
    make_watcher: WatcherFactory
    mapping: Mapping[str, str] = field(default_factory=dict)
    """Event column -> the name that the store's files give it, as far as it was told."""

    def display_sql(self, selection: Selection, columns: Sequence[str]) -> str:
        """Return a question as one SELECT that people can run in DuckDB; stores of other tools need their own names."""
        from logtui.storage.duckdb.display_sql import to_display_sql

        files = self.store if self.store.is_file() else self.store / "**" / "*.parquet"
        return to_display_sql(selection, files=str(files.absolute()), columns=columns)

    def coverage(self) -> Coverage:
        """Return the store's days and what is wrong with it, with what the ledger tells of both."""
        from logtui.services.retention.coverage import coverage

        return coverage(self.store, self.engine, self.clock())

    def days(self) -> tuple[Day, ...]:
        """Return the store's days from their names alone, which is quick."""
        from logtui.services.retention.coverage import days

        return days(self.store, self.engine.problems(), self.clock())

    def close(self) -> None:
        """Interrupt what runs and release the store."""
        self.engine.close()


def open_session(
    store: Path,
    *,
    clock: Clock = system_clock,
    mapping: Mapping[str, str] | None = None,
    uses_sidecars: bool = True,
) -> Session:
    """Open a store for reading.

    Args:
        store: a directory of partitions or of Parquet files, or one Parquet file.
        mapping: event column name -> the store's column name, for stores that other tools made.
        uses_sidecars: False to answer from the events alone, slowly, whatever is kept beside them.

    Raises:
        StoreError: there is no such store, or it may not be read.
    """
    from logtui.storage.duckdb.engine import DuckDBEngine

    def make_watcher() -> Watcher:
        from logtui.storage.watch import watch

        return watch(store)

    engine = DuckDBEngine(store, mapping=mapping or {}, uses_sidecars=uses_sidecars)
    return Session(store, engine, Search(engine, clock), clock, make_watcher, mapping or {})


def examine_store(
    store: Path, *, mapping: Mapping[str, str], token: CancelToken, told: Callable[[int, int], None]
) -> Condition:
    """Look a store over, file by file, without a question.

    Args:
        told: is told how many of how many directories were looked at.

    Raises:
        StoreError: there is no store, or it may not be read at all.
        Cancelled: the token was cancelled.
    """
    from logtui.storage.condition import condition_of

    return condition_of(store, mapping, token=token, told=told)


def open_retention(store: Path, *, clock: Clock = system_clock) -> RetainedStore:
    """Return what the steps of retention work on. Opens nothing yet: the store may be one that is to be adopted."""
    from logtui.services.retention.ground import RetainedStore

    return RetainedStore(store, clock, lambda: _open_rows(store, clock))


@contextmanager
def _open_rows(store: Path, clock: Clock) -> Iterator[Rows]:
    from logtui.services.retention.rows import EngineRows

    # What is found here decides what is removed for good.
    session = open_session(store, clock=clock, uses_sidecars=False)
    try:
        yield EngineRows(store, session.engine, session.search, _open_hold)
    finally:
        session.close()


def _open_hold(store: Path) -> EventSink:
    store.parent.mkdir(mode=0o750, exist_ok=True)
    make_store(store)
    return open_sink(store)


def make_store(store: Path, *, is_durable: bool = True) -> SegmentSink:
    """Make a store if there is none, and open it for writing.

    Args:
        is_durable: False for throw-away stores, which need not survive a power cut.

    Raises:
        StoreError: the place cannot be written to.
    """
    from logtui.storage.segment_writer import SegmentWriter, init_store

    init_store(store)
    return SegmentWriter(store, is_durable)


def open_sink(
    store: Path,
    *,
    tell: Callable[[str], None] | None = None,
    is_durable: bool = True,
    clock: Clock = system_clock,
    exchange: KeyExchange | None = None,
    with_sidecars: bool = False,
) -> EventSink:
    """Open a store that is there for storing events once each.

    Args:
        exchange: with another sink of the same store, in a fork of this process.
        is_durable: False for throw-away stores, which need not survive a power cut.
        tell: gets notes for the person, such as a long wait for another writer. Called from several threads.
        with_sidecars: whether large segments get at once what makes searching them fast; else compaction makes it.

    Raises:
        StoreError: it is no store, cannot be written to, or its file system cannot keep one whole.
    """
    from logtui.storage.event_writer import EventWriter

    return EventWriter(
        store, tell=tell, is_durable=is_durable, clock=clock, exchange=exchange, with_sidecars=with_sidecars
    )


def check_writable(store: Path) -> None:
    """Try out whether events could be stored now.

    Raises:
        StoreError: they could not.
    """
    from logtui.storage.write_probe import try_out

    try_out(store)


def open_compaction(
    store: Path, *, clock: Clock, target: int, grace: int, days: frozenset[str] = frozenset()
) -> Compaction:
    """Open a store that is there for merging its segments; the arguments are those of `Compaction`.

    Raises:
        StoreError: it is no store, or its file system cannot keep one whole.
    """
    from logtui.services.compact import Compaction
    from logtui.storage.compaction import LocalCompactor

    # Readers live in real time, so the age of a merge is real too, whatever `clock` says.
    return Compaction(LocalCompactor(store, clock=system_clock), clock, target, grace, days)
