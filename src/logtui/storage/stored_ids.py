"""Which events are stored already, day by day, kept in step with the segments that come and go.

Ids are read once per segment. A compacted segment whose inputs are known is not read at all: it holds the same events.
Memory is bounded: the days that were asked for longest ago are forgotten, and of a day that is too large by itself,
some segments are read again for each question.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from logtui.core.errors import SegmentError, StoreError
from logtui.storage.id_index import BYTES_PER_ID, IdIndex, Keys
from logtui.storage.key_exchange import KeyExchange
from logtui.storage.listing import Contents, Segment, reason
from logtui.storage.locks import Tell
from logtui.storage.own_listing import OwnListing
from logtui.storage.partitions import partition_name

MOST_BYTES = 160_000_000
"""Of all indexes together; 13 million ids."""
_LARGE = 200_000
"""Ids of a segment that take longer to index than to look through. A day that is asked for once is not indexed at all,
and if it is asked for again, more of them with each question, so that nobody waits long."""
_MOST_LOOKS = 10
_BATCH_ROWS = 65_536


@dataclass(slots=True)
class _Day:
    index: IdIndex = field(default_factory=IdIndex)
    known: dict[str, Segment | None] = field(default_factory=dict)
    """Segments whose ids are in the index; None until a listing shows one that was published here."""
    unindexed: dict[str, Segment] = field(default_factory=dict)
    """Segments that have no room in the index, or are not worth one yet."""
    unreadable: dict[str, Segment] = field(default_factory=dict)
    deferred: list[str] = field(default_factory=list)
    """Those of them that are to be indexed."""
    next_share: int = 0
    """So many of them are indexed with the next question; none with the first."""
    names: set[str] = field(default_factory=set)
    """All names in the partition at the last look, and those that were added here since."""


class StoredIds:
    """The stored ids of one store. Several threads may use it, for a day only one at a time."""

    def __init__(
        self,
        root: Path,
        *,
        tell: Tell | None = None,
        most_bytes: int = MOST_BYTES,
        exchange: KeyExchange | None = None,
    ) -> None:
        self._exchange = exchange
        self._listing = OwnListing(root.resolve())
        self._tell = tell
        self._most_ids = most_bytes // BYTES_PER_ID
        self._lock = threading.Lock()
        self._days: dict[str, _Day] = {}

    def are_stored(self, day: str, ids: pa.Array, keys: Keys) -> pa.BooleanArray:
        """Tell for each id whether an event of the day has it.

        Args:
            day: the UTC day, `YYYY-MM-DD`; the caller holds its lock.
            keys: of the same ids.

        Raises:
            StoreError: a segment that may hold them cannot be read for another reason than damage.
        """
        known = self._day(day)
        for _ in range(_MOST_LOOKS):
            try:
                self._catch_up(day, known)
                self._index_more(known)
                found = known.index.contains(keys)
                for segment in list(known.unindexed.values()):
                    found = pc.or_(found, self._looked_through(known, segment, ids))
            except FileNotFoundError:
                # Merged or removed since it was listed.
                continue
            return found
        raise StoreError(f"{partition_name(day)}: its files keep changing; write again")

    def add(self, day: str, segment: str, keys: Keys) -> None:
        """Note what was published, so that it need not be read.

        Args:
            segment: its name relative to the store.
        """
        known = self._day(day)
        known.index.add(segment, keys)
        if self._exchange is not None:
            self._exchange.tell(segment, keys)
        known.known[segment] = None
        known.names.add(segment.rpartition("/")[2])

    def _day(self, day: str) -> _Day:
        with self._lock:
            known = self._days.pop(day, None) or _Day()
            self._days[day] = known
            return known

    def _catch_up(self, day: str, known: _Day) -> None:
        names = self._names(day)
        if names == known.names:
            # Files are never changed, so the same names hold the same events; nothing else is as quick to find out.
            return
        contents = self._list(day)
        live = {each.name: each for each in contents.segments}
        _follow_merges(known, contents, live)
        known.index.drop(name for name, seen in known.known.items() if seen is not None and live.get(name) != seen)
        known.index.drop(known.known.keys() - live.keys())
        still = known.index.segments
        known.known = {name: live[name] for name in known.known if name in live and name in still}
        for kind in (known.unindexed, known.unreadable):
            for name in [name for name, seen in kind.items() if live.get(name) != seen]:
                del kind[name]
        for name, segment in live.items():
            if name not in known.known and name not in known.unindexed and name not in known.unreadable:
                self._take_in(known, segment)
        known.names = names or set()

    def _index_more(self, known: _Day) -> None:
        """Index some of the segments that an earlier question looked through."""
        for _ in range(min(known.next_share, len(known.deferred))):
            segment = known.unindexed.pop(known.deferred.pop(), None)
            if segment is not None:
                self._take_in(known, segment, is_deferrable=False)
        known.next_share = max(1, 2 * known.next_share)

    def _names(self, day: str) -> set[str] | None:
        """Return all names in the partition; None when the full listing has to say what is wrong."""
        try:
            return set(os.listdir(f"{self._listing.root}/{partition_name(day)}"))  # noqa: PTH208 - names are enough
        except FileNotFoundError:
            return set()
        except OSError:
            return None

    def _list(self, day: str) -> Contents:
        directories = self._listing.directories_of(f"{self._listing.root}/{partition_name(day)}")
        contents = self._listing.contents((directories or ())[0])
        if not contents.is_readable:
            raise StoreError(f"{contents.problems[0].path}: {contents.problems[0].message}")
        return contents

    def _take_in(self, known: _Day, segment: Segment, *, is_deferrable: bool = True) -> None:
        told = self._exchange.keys_of(segment.name) if self._exchange is not None else None
        try:
            rows = _rows(segment) if told is None else len(told)
            is_deferred = is_deferrable and rows > _LARGE
            if is_deferred:
                known.deferred.append(segment.name)
            if is_deferred or not self._make_room(known, rows):
                known.unindexed[segment.name] = segment
                return
            parts = [told] if told is not None else [Keys.of(ids.to_pylist()) for ids in _ids(segment)]
        except SegmentError as error:
            self._leave_out(known, segment, str(error))
            return
        first = pa.concat_arrays([part.first for part in parts] or [pa.array([], pa.int64())])
        second = pa.concat_arrays([part.second for part in parts] or [pa.array([], pa.int32())])
        known.index.add(segment.name, Keys(first, second))
        known.known[segment.name] = segment

    def _looked_through(self, known: _Day, segment: Segment, ids: pa.Array) -> pa.BooleanArray:
        """Tell for each id whether the segment holds it, by reading all of its ids."""
        try:
            found = [part for each in _ids(segment) if (part := each.filter(pc.is_in(each, value_set=ids)))]
        except SegmentError as error:
            del known.unindexed[segment.name]
            self._leave_out(known, segment, str(error))
            found = []
        return pc.is_in(ids, value_set=pa.concat_arrays(found) if found else pa.array([], pa.string()))

    def _leave_out(self, known: _Day, segment: Segment, why: str) -> None:
        """A damaged segment shows no events to anybody, so what it may hold is stored anew."""
        known.unreadable[segment.name] = segment
        if self._tell is not None:
            self._tell(f"{segment.name} {why}; events that it holds may be stored a second time")

    def _make_room(self, known: _Day, ids: int) -> bool:
        """Forget days until there is room for so many ids more; tell whether there is."""
        with self._lock:
            while (total := sum(len(each.index) for each in self._days.values())) + ids > self._most_ids:
                oldest = next((day for day, each in self._days.items() if each is not known), None)
                if oldest is None:
                    return len(known.index) + ids <= self._most_ids
                del self._days[oldest]
            return total + ids <= self._most_ids


def _follow_merges(known: _Day, contents: Contents, live: dict[str, Segment]) -> None:
    for merged, inputs in contents.inputs.items():
        if merged in live and merged not in known.known and inputs and inputs <= known.known.keys():
            known.index.rename(inputs, merged)
            for name in inputs:
                del known.known[name]
            known.known[merged] = live[merged]


def _rows(segment: Segment) -> int:
    with _opened(segment) as file:
        return int(file.metadata.num_rows)


def _ids(segment: Segment) -> Iterator[pa.Array]:
    with _opened(segment) as file:
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, columns=["event_id"]):
            yield batch.column(0)


@contextmanager
def _opened(segment: Segment) -> Iterator[pq.ParquetFile]:
    """Open a segment, and translate what reading it raises; pyarrow raises OSError for damage too, without a number."""
    try:
        with pq.ParquetFile(segment.path, page_checksum_verification=True, memory_map=False) as file:
            yield file
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise StoreError(f"{segment.path}: cannot be read: {reason(error)}") from error
        raise SegmentError(f"is damaged: {str(error).strip().partition(chr(10))[0]}", segment.path) from error
