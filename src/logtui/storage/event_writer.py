"""Stores events once each: the `EventSink` of a store on this machine.

What identifies an event is its id within the UTC day of its `event_time`. A day's events are compared with what is
stored and published under the day's lock, so that two writers that are given the same events store them once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from logtui.core.clock import DAY
from logtui.core.event import Event
from logtui.core.times import day_of
from logtui.storage.arrow_schema import SCHEMA, table_of
from logtui.storage.event_sink import Written
from logtui.storage.id_index import Keys
from logtui.storage.locks import Tell, day_lock, holding, require_file_system
from logtui.storage.publishing import require_store, sweep_staging
from logtui.storage.segment_layout import in_order
from logtui.storage.segment_writer import write_segment
from logtui.storage.stored_ids import StoredIds

MOST_ROWS, MOST_BYTES = 262_144, 256 * 1024 * 1024
"""Of one segment, before compression: bounds what encoding one takes."""
_THREADS = 2
"""pyarrow encodes without Python's lock, so the days of one call are written side by side."""


class EventWriter:
    """The `EventSink` of a store on this machine. Several threads may write."""

    def __init__(self, store: Path, *, is_durable: bool = True, tell: Tell | None = None) -> None:
        """Open a store that was made before.

        Args:
            is_durable: see `SegmentWriter.is_durable`.
            tell: gets notes for the person: a long wait for another writer, a damaged segment.

        Raises:
            StoreError: it is no store, or its file system cannot keep one whole.
        """
        require_store(store)
        require_file_system(store)
        sweep_staging(store)
        self._store = store
        self._is_durable = is_durable
        self._tell = tell
        self._stored = StoredIds(store, tell=tell)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="encode")

    def write(self, events: Sequence[Event] | pa.Table) -> Written:
        """See `EventSink.write`."""
        table = in_order(_checked(events if isinstance(events, pa.Table) else table_of(events)))
        parts = list(_by_day(table))
        if len(parts) < 2:
            return sum((self._write_day(*part) for part in parts), Written(0, 0, 0))
        tasks = [self._pool.submit(self._write_day, *part) for part in parts]
        # All of them end before the first failure is told: nothing goes on behind the caller's back.
        failures = [error for task in tasks if (error := task.exception()) is not None]
        if failures:
            raise failures[0]
        return sum((task.result() for task in tasks), Written(0, 0, 0))

    def close(self) -> None:
        """See `EventSink.close`."""
        self._pool.shutdown(wait=True)

    def _write_day(self, day_number: int, table: pa.Table) -> Written:
        day = day_of(day_number * DAY)
        given = table.num_rows
        table = _once_each(table)
        ids = table["event_id"].combine_chunks()
        keys = Keys.of(ids.to_pylist())
        segments = 0
        with holding(self._store, day_lock(day_number), tell=self._tell):
            is_new = pc.invert(self._stored.are_stored(day, ids, keys))
            table, keys = table.filter(is_new), keys.where(is_new)
            for start, piece in _pieces(table):
                path = write_segment(self._store, day, piece, is_durable=self._is_durable)
                self._stored.add(day, f"{path.parent.name}/{path.name}", keys.part(start, piece.num_rows))
                segments += 1
        return Written(table.num_rows, given - table.num_rows, segments)


def _checked(table: pa.Table) -> pa.Table:
    if not table.schema.equals(SCHEMA):
        raise ValueError("the table does not have the schema of events")
    for field in SCHEMA:
        if not field.nullable and table[field.name].null_count:
            raise ValueError(f"every event needs its {field.name}")
    return table


def _by_day(table: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """Cut a table that is in order into the UTC days, counted from 1970, newest first."""
    days = pc.floor_temporal(table["event_time"], unit="day").cast(pa.int64())
    counts = pc.value_counts(days)
    start = 0
    for count in counts:
        rows = count["counts"].as_py()
        yield count["values"].as_py() // DAY, table.slice(start, rows)
        start += rows


def _once_each(table: pa.Table) -> pa.Table:
    """Leave out the rows whose id came before."""
    ids = table["event_id"].to_pylist()
    if len(set(ids)) == len(ids):
        return table
    seen: set[str] = set()
    # `add` returns None, so an id is let through the first time.
    return table.filter(pa.array([not (each in seen or seen.add(each)) for each in ids]))  # type: ignore[func-returns-value]


def _pieces(table: pa.Table) -> Iterator[tuple[int, pa.Table]]:
    """Cut a day's table into what one segment may hold, each with its first row."""
    if table.num_rows == 0:
        return
    rows = max(1, min(MOST_ROWS, table.num_rows * MOST_BYTES // max(1, table.nbytes)))
    for start in range(0, table.num_rows, rows):
        yield start, table.slice(start, rows)
