"""Stores events once each: the `EventSink` of a store on this machine.

What identifies an event is its id within the UTC day of its `event_time`. A day's events are compared with what is
stored and published under the day's lock, so that two writers that are given the same events store them once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import pyarrow as pa
import pyarrow.compute as pc

from logtui.core.clock import DAY, Clock, system_clock
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.core.times import day_of
from logtui.storage.arrow_schema import SCHEMA, table_of
from logtui.storage.event_sink import PartlyWrittenError, Written
from logtui.storage.expiry import ExpiredDayError, Expiry
from logtui.storage.id_index import Keys
from logtui.storage.key_exchange import KeyExchange
from logtui.storage.late_changes import record_ingest
from logtui.storage.locks import Tell, day_lock, holding, require_file_system
from logtui.storage.publishing import require_store, sweep_staging
from logtui.storage.segment_layout import is_newest_first, order_of
from logtui.storage.segment_writer import write_segment
from logtui.storage.sidecar_kinds import QUICK
from logtui.storage.sidecars import LEAST_ROWS
from logtui.storage.stored_ids import StoredIds

MOST_ROWS, MOST_BYTES = 262_144, 256 * 1024 * 1024
"""Of one segment, before compression: bounds what encoding one takes."""
_THREADS = 2
"""pyarrow encodes without Python's lock, so the days of one call are written side by side."""


class EventWriter:
    """The `EventSink` of a store on this machine. Several threads may write."""

    def __init__(
        self,
        store: Path,
        *,
        is_durable: bool = True,
        tell: Tell | None = None,
        clock: Clock = system_clock,
        exchange: KeyExchange | None = None,
        with_sidecars: bool = False,
    ) -> None:
        """Open a store that was made before.

        Args:
            clock: decides which days have expired.
            exchange: with another writer, which is a fork of this process.
            is_durable: see `SegmentWriter.is_durable`.
            tell: gets notes for the person: a long wait for another writer, a damaged segment.
            with_sidecars: whether to make at once most of what makes searching fast. Compaction makes what is missing,
                when there is time.

        Raises:
            StoreError: it is no store, or its file system cannot keep one whole.
        """
        require_store(store)
        require_file_system(store)
        sweep_staging(store)
        self._store = store
        self._is_durable = is_durable
        self._with_sidecars = with_sidecars
        self._tell = tell
        self._clock = clock
        self._expiry = Expiry(store, clock)
        self._stored = StoredIds(store, tell=tell, exchange=exchange)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="encode")

    def write(self, events: Sequence[Event] | pa.Table) -> Written:
        """See `EventSink.write`."""
        batch = _Batch.of(_checked(events if isinstance(events, pa.Table) else table_of(events)))
        parts = list(batch.days())
        if len(parts) < 2:
            return sum((self._write_day(batch, *part) for part in parts), _NOTHING)
        tasks = [self._pool.submit(self._write_day, batch, *part) for part in parts]
        # All of them end before the first failure is told: nothing goes on behind the caller's back.
        failures = [error for task in tasks if (error := task.exception()) is not None]
        done = [task.result() for task in tasks if task.exception() is None]
        done += [failure.written for failure in failures if isinstance(failure, PartlyWrittenError)]
        if failures:
            self._fail(failures[0], sum(done, _NOTHING))
        return sum(done, _NOTHING)

    @staticmethod
    def _fail(error: BaseException, written: Written) -> NoReturn:
        """Tell with the error what was stored in spite of it; causes that callers act on stay as they are."""
        if type(error) in (StoreError, PartlyWrittenError) and written.segments:
            raise PartlyWrittenError(str(error), written) from error
        raise error

    def close(self) -> None:
        """See `EventSink.close`."""
        self._pool.shutdown(wait=True)

    def _write_day(self, batch: _Batch, day_number: int, rows: pa.Array) -> Written:
        """Store the rows (places in the batch, in order) of one day."""
        day = day_of(day_number * DAY)
        given = len(rows)
        rows, differing = batch.once_each(rows)
        names: list[str] = []
        with holding(self._store, day_lock(day_number), tell=self._tell):
            # Under the lock, so that retention does not take the day away in between.
            self._refuse_expired(batch, day_number, rows)
            stored = self._stored.are_stored(day, batch.ids.take(rows), batch.keys.take(rows))
            rows = rows.filter(pc.invert(stored))
            done = unindexed = 0
            try:
                for piece in _pieces(rows, batch.bytes_per_row):
                    path = self._write_segment(day, batch.events(piece))
                    self._stored.add(day, f"{path.parent.name}/{path.name}", batch.keys.take(piece))
                    names.append(path.name)
                    done += len(piece)
                    unindexed += not self._with_sidecars and len(piece) >= LEAST_ROWS
            except StoreError as error:
                if type(error) is StoreError and names:
                    raise PartlyWrittenError(str(error), Written(done, 0, len(names), 0, unindexed)) from error
                raise
            finally:
                record_ingest(self._store, day, names, clock=self._clock)
        return Written(len(rows), given - len(rows), len(names), differing, unindexed)

    def _write_segment(self, day: str, events: pa.Table) -> Path:
        sidecars = QUICK if self._with_sidecars else ()
        return write_segment(self._store, day, events, is_durable=self._is_durable, sidecars=sidecars)

    def _refuse_expired(self, batch: _Batch, day_number: int, rows: pa.Array) -> None:
        first = self._expiry.first_kept_day()
        if first is None or day_number * DAY >= first:
            return
        for event_type in pc.unique(batch.table["event_type"].take(rows)).to_pylist():
            reason = self._expiry.reason(day_number * DAY, event_type)
            if reason:
                raise ExpiredDayError(reason, day_of(day_number * DAY))


def _places(count: int) -> pa.UInt64Array:
    """Return the numbers from 0 on."""
    return pc.cumulative_sum(pa.repeat(1, count), start=-1).cast(pa.uint64())


_NOTHING = Written(0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Batch:
    """What one call was given."""

    table: pa.Table
    """In one piece, unless it is in order."""
    ids: pa.StringArray
    keys: Keys
    is_in_order: bool
    """Whether it came newest first, as exports do: then nothing is moved, which saves copying every payload twice."""

    @classmethod
    def of(cls, table: pa.Table) -> _Batch:
        is_in_order = is_newest_first(table)
        ids = table["event_id"].combine_chunks()
        # In one piece a table is sorted, and its rows are taken, several times faster.
        return cls(table if is_in_order else table.combine_chunks(), ids, Keys.of(ids.to_pylist()), is_in_order)

    @property
    def bytes_per_row(self) -> int:
        size, rows = int(self.table.nbytes), int(self.table.num_rows)
        return size // max(1, rows) + 1

    def days(self) -> Iterator[tuple[int, pa.Array]]:
        """Yield each UTC day, counted from 1970, newest first, with the places of its rows in order."""
        times = self.table["event_time"].cast(pa.int64())
        order = _places(len(times)) if self.is_in_order else order_of(self.table)
        start = 0
        while start < len(order):
            day = times[order[start].as_py()].as_py() // DAY
            end = self._end_of(day, times, order, start)
            yield day, order.slice(start, end - start)
            start = end

    @staticmethod
    def _end_of(day: int, times: pa.ChunkedArray, order: pa.Array, start: int) -> int:
        """Return the first place in the order, which is by falling time, that is not of the day any more."""
        return bisect_left(range(len(order)), True, start, key=lambda at: times[order[at].as_py()].as_py() < day * DAY)

    def events(self, rows: pa.Array) -> pa.Table:
        """Return the events in some places."""
        first = rows[0].as_py()
        if self.is_in_order and rows[-1].as_py() - first + 1 == len(rows):
            return self.table.slice(first, len(rows))
        return self.table.take(rows)

    def once_each(self, rows: pa.Array) -> tuple[pa.Array, int]:
        """Leave out the rows whose id came before; return also how many of these have another payload."""
        # Ids of different hashes are different, and numbers are compared more quickly than texts.
        if pc.count_distinct(self.keys.first.take(rows)).as_py() == len(rows):
            return rows, 0
        ids = self.ids.take(rows)
        first: dict[str, int] = {}
        again: list[tuple[int, int]] = []
        for row, name in zip(rows.to_pylist(), ids.to_pylist(), strict=True):
            kept = first.setdefault(name, row)
            if kept != row:
                again.append((kept, row))
        payloads = self.table["payload"]
        kept_payloads, left_out = (payloads.take(pa.array(places, rows.type)) for places in zip(*again, strict=True))
        return pa.array(first.values(), rows.type), pc.sum(pc.not_equal(kept_payloads, left_out)).as_py()


def _checked(table: pa.Table) -> pa.Table:
    if not table.schema.equals(SCHEMA):
        raise ValueError("the table does not have the schema of events")
    for field in SCHEMA:
        if not field.nullable and table[field.name].null_count:
            raise ValueError(f"every event needs its {field.name}")
    return table


def _pieces(rows: pa.Array, bytes_per_row: int) -> Iterator[pa.Array]:
    """Cut the rows of a day into what one segment may hold."""
    most = max(1, min(MOST_ROWS, MOST_BYTES // bytes_per_row))
    for start in range(0, len(rows), most):
        yield rows.slice(start, most)
