"""Which event ids are stored in one day: a set of millions in 12 bytes each.

An id is kept as 95 bits of two keyed hashes (SipHash with the key of this process, and a salt of its own). Nobody
outside can look for ids that collide, and by chance a new id meets one of ten million with a probability of 1e-22.

Ids are in sorted runs, as in a log-structured merge tree: a new segment is a new run, and small runs of alike size are
merged. A run names the segments whose ids it holds.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

BYTES_PER_ID = 12
_LARGEST_MERGED = 1 << 19
"""Merging more would hold up a writer for a tenth of a second."""
_SALT = os.urandom(8).hex()
_SECOND_MASK = (1 << 31) - 1


@dataclass(frozen=True, slots=True)
class Keys:
    """Hashes of ids, in the order of the ids; `second` tells those apart that agree in `first`."""

    first: pa.Int64Array
    second: pa.Int32Array

    @classmethod
    def of(cls, ids: Sequence[str]) -> Keys:
        """Return the keys of ids."""
        first = array("q", map(hash, ids))
        second = array("q", map(hash, map(_SALT.__add__, ids)))
        masked = pc.bit_wise_and(_wrapped(second, pa.int64()), _SECOND_MASK).cast(pa.int32())
        return cls(_wrapped(first, pa.int64()), masked)

    def __len__(self) -> int:
        return len(self.first)

    def take(self, places: pa.Array) -> Keys:
        """Return those at the given places."""
        return Keys(self.first.take(places), self.second.take(places))

    def part(self, start: int, count: int) -> Keys:
        """Return `count` of them from `start` on."""
        return Keys(self.first.slice(start, count), self.second.slice(start, count))


@dataclass(frozen=True, slots=True)
class _Run:
    segments: frozenset[str]
    keys: Keys
    """By rising `first`; at the end one more that no id has, so that a search always ends at an entry."""

    @classmethod
    def of(cls, segments: frozenset[str], *parts: Keys) -> _Run:
        first = pa.concat_arrays([*(part.first for part in parts), _END.first])
        second = pa.concat_arrays([*(part.second for part in parts), _END.second])
        keys = Keys(first, second)
        return cls(segments, keys.take(pc.array_sort_indices(first)))

    def __len__(self) -> int:
        return len(self.keys) - 1

    def entries(self) -> Keys:
        return Keys(self.keys.first.slice(0, len(self)), self.keys.second.slice(0, len(self)))


class IdIndex:
    """The ids of the segments of one day. Used by one thread at a time."""

    def __init__(self) -> None:
        self._runs: list[_Run] = []

    def __len__(self) -> int:
        return sum(len(run) for run in self._runs)

    @property
    def segments(self) -> frozenset[str]:
        """The segments whose ids are known."""
        return frozenset[str]().union(*(run.segments for run in self._runs))

    def add(self, segment: str, keys: Keys) -> None:
        """Take in the ids of a segment."""
        self._runs.append(_Run.of(frozenset([segment]), keys))
        while len(self._runs) > 1 and self._is_worth_merging(*self._runs[-2:]):
            newer, older = self._runs.pop(), self._runs.pop()
            self._runs.append(_Run.of(older.segments | newer.segments, older.entries(), newer.entries()))

    def drop(self, segments: Iterable[str]) -> None:
        """Forget segments, and with them whatever is in the same runs; `segments` tells what is left."""
        gone = frozenset(segments)
        lost = gone.union(*(run.segments for run in self._runs if run.segments & gone))
        # A segment may be spread over several runs: what is known of it must be whole.
        while more := lost.union(*(run.segments for run in self._runs if run.segments & lost)) - lost:
            lost |= more
        self._runs = [run for run in self._runs if not run.segments & lost]

    def rename(self, inputs: frozenset[str], merged: str) -> None:
        """Note that a segment holds the events of `inputs`, all of them known, and of nothing else."""
        self._runs = [
            _Run(run.segments - inputs | {merged}, run.keys) if run.segments & inputs else run for run in self._runs
        ]

    def contains(self, keys: Keys) -> pa.BooleanArray:
        """Tell for each key whether it is known."""
        found = pa.array([False] * len(keys), pa.bool_())
        for run in self._runs:
            of_run = _found(run.keys, keys)
            if of_run is not None:
                found = pc.or_(found, of_run)
        return found

    @staticmethod
    def _is_worth_merging(older: _Run, newer: _Run) -> bool:
        return len(older) <= 2 * len(newer) and len(older) + len(newer) <= _LARGEST_MERGED


def _found(run: Keys, keys: Keys) -> pa.BooleanArray | None:
    """Tell which keys are in a run; None for none of them."""
    places = pc.search_sorted(run.first, keys.first)
    is_first = pc.equal(run.first.take(places), keys.first)
    if not is_first.true_count:
        return None
    is_same = pc.and_(is_first, pc.equal(run.second.take(places), keys.second))
    if is_same.true_count == is_first.true_count:
        return is_same
    return pa.array([_is_there(run, keys, at) for at in range(len(keys))], pa.bool_())


def _is_there(run: Keys, keys: Keys, at: int) -> bool:
    """Look at every entry of a run that agrees in `first`, of which there is hardly ever a second one."""
    first = memoryview(run.first.buffers()[1]).cast("q")
    wanted, second = keys.first[at].as_py(), keys.second[at].as_py()
    place = bisect_left(first, wanted)
    while place < len(run) and first[place] == wanted:
        if run.second[place].as_py() == second:
            return True
        place += 1
    return False


def _wrapped(values: array[int], kind: pa.DataType) -> pa.Array:
    return pa.Array.from_buffers(kind, len(values), [None, pa.py_buffer(values)])


_END = Keys(pa.array([(1 << 63) - 1], pa.int64()), pa.array([-1], pa.int32()))
