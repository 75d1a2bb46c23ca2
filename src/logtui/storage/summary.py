"""What the summary of one segment says, and the bytes that it is kept in. Pure; `summary_building` makes them.

Events are counted by kind (type, severity, source and what else a question may be about that has few values) and by
time. The parts that few questions need are kept packed until they are asked for.
"""

from __future__ import annotations

import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from logtui.core.clock import HOUR, MINUTE
from logtui.core.page import TimeRange

KIND_COLUMNS = ("event_type", "severity", "source", "actor_type", "subject_type")
"""Columns that make a kind. Where they make too many, the last ones are left out."""
ANONYMOUS, LATE = "anonymous", "late"
"""Flags that make a kind too: whether there is no actor, and whether `is:late` holds."""
KIND_PARTS = (*KIND_COLUMNS, ANONYMOUS, LATE)
WIDTHS = (MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR)
"""Widths of the bins that times are counted in; each divides the next."""

EventKind = dict[str, str | int | None]
"""Part -> value; flags are 0 or 1."""

_LANES = {1: "B", 2: "H", 4: "I", 8: "Q"}
COUNT = "Q"
"""How `Summary.counts` are kept."""
_HEAD = struct.Struct("<I")
_DIGEST_SIZE = 16


class SummaryError(Exception):
    """The bytes are no summary that this version can read."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Counts in rows of equal length, one bin of time beside the other.

    A count takes `lane` bytes, which hold the sum of any rows of one bin: so rows can be added as the large numbers
    that their bytes make, a hundred times faster than count by count.
    """

    width: int
    """Of a bin, in microseconds."""
    first: int
    """Number of the first bin; bin `n` holds the times from `n * width` on."""
    bins: int
    lane: int
    packed: bytes

    def total(self, rows: Iterable[int]) -> array[int]:
        """Return the sums of some rows, bin by bin."""
        data, size = self._data(), self.bins * self.lane
        added = sum(int.from_bytes(data[row * size : (row + 1) * size], "little") for row in rows)
        return _numbers(added.to_bytes(size, "little"), _LANES[self.lane])

    def count(self, rows: Iterable[int], times: TimeRange) -> int:
        """Return the sum of some rows over the bins within `times`, whose ends lie between bins."""
        start, end = self._within(times)
        return sum(self.total(rows)[start:end])

    def sums(self, times: TimeRange) -> list[int]:
        """Return the sum of each row over the bins within `times`, whose ends lie between bins."""
        counts = _numbers(self._data(), _LANES[self.lane])
        start, end = self._within(times)
        return [sum(counts[at + start : at + end]) for at in range(0, len(counts), self.bins)]

    def buckets(self, counts: Sequence[int], times: TimeRange, bucket: int) -> Iterator[tuple[int, int]]:
        """Yield (number, count) of buckets of time, from one count for each bin.

        Args:
            bucket: width in microseconds, a multiple of the bins'.
        """
        start, end = self._within(times)
        factor = bucket // self.width
        while start < end:
            number = (self.first + start) // factor
            after = min(end, (number + 1) * factor - self.first)
            count = sum(counts[start:after])
            if count:
                yield number, count
            start = after

    def _data(self) -> bytes:
        data = _unpacked(self.packed)
        if len(data) % (self.bins * self.lane):
            raise SummaryError("the last row of counts is too short")
        return data

    def _within(self, times: TimeRange) -> tuple[int, int]:
        start = 0 if times.start is None else -(-times.start // self.width) - self.first
        end = self.bins if times.end is None else times.end // self.width - self.first
        return max(0, start), min(self.bins, max(0, end))


@dataclass(frozen=True, slots=True)
class Summary:
    """One segment, counted."""

    rows: int
    times: TimeRange
    """From the first event to the last."""
    parts: tuple[str, ...]
    """Of its kinds, a beginning of `KIND_PARTS` with the flags; empty where there would be too many kinds."""
    kinds: tuple[bytes, ...]
    """The digest of each kind, by which those that are known need not be read again."""
    packed_kinds: bytes
    """The kinds themselves; see `kinds_of`."""
    counts: array[int]
    """Events of each kind."""
    minutes: Grid | None
    """One row: all events. None where they spread over too long a time."""
    grid: Grid | None
    """A row for each kind."""

    @property
    def size(self) -> int:
        """About how many bytes of memory it takes, beside the texts of its kinds."""
        grids = sum(len(grid.packed) for grid in (self.minutes, self.grid) if grid is not None)
        return 1024 + 16 * len(self.counts) + len(self.packed_kinds) + grids


def packed(kinds: Sequence[EventKind]) -> tuple[tuple[bytes, ...], bytes]:
    """Return the digests of kinds, and the kinds as they are kept in a summary."""
    texts = [json.dumps(kind, ensure_ascii=False, separators=(",", ":")).encode() for kind in kinds]
    return tuple(map(_digest, texts)), zlib.compress(b"\n".join(texts))


def kinds_of(summary: Summary, digests: Iterable[bytes]) -> dict[bytes, EventKind]:
    """Return some kinds of a summary, by their digests.

    Raises:
        SummaryError: they are not those of the digests.
    """
    texts = dict(zip(summary.kinds, _unpacked(summary.packed_kinds).split(b"\n"), strict=False))
    found = {digest: texts.get(digest, b"") for digest in digests}
    if any(_digest(text) != digest for digest, text in found.items()):
        raise SummaryError("the kinds are damaged")
    return {digest: dict(json.loads(text)) for digest, text in found.items()}


def _digest(text: bytes) -> bytes:
    return blake2b(text, digest_size=_DIGEST_SIZE).digest()


def grid_of(width: int, first: int, bins: int, counts: Sequence[int]) -> Grid:
    """Return a grid of these counts, row after row."""
    highest = max(sum(counts[at::bins]) for at in range(bins))
    lane = next(lane for lane in _LANES if highest < 1 << (8 * lane))
    return Grid(width, first, bins, lane, zlib.compress(_bytes(array(_LANES[lane], counts))))


def encoded(summary: Summary) -> bytes:
    """Return the bytes of a summary."""
    grids = [None if grid is None else [grid.width, grid.first, grid.bins, grid.lane] for grid in _grids(summary)]
    sections = [
        b"".join(summary.kinds),
        summary.packed_kinds,
        _bytes(summary.counts),
        *(b"" if grid is None else grid.packed for grid in _grids(summary)),
    ]
    head = {
        "rows": summary.rows,
        "times": [summary.times.start, summary.times.end],
        "parts": summary.parts,
        "grids": grids,
        "sections": [len(section) for section in sections],
    }
    text = json.dumps(head, separators=(",", ":")).encode()
    return b"".join((_HEAD.pack(len(text)), text, *sections))


def decoded(data: bytes) -> Summary:
    """Return the summary of some bytes.

    Raises:
        SummaryError: they are none.
    """
    try:
        return _decoded(data)
    except (ValueError, TypeError, KeyError, IndexError, struct.error) as error:
        raise SummaryError("this is no summary") from error


def _decoded(data: bytes) -> Summary:
    at = _HEAD.size + _HEAD.unpack_from(data)[0]
    head = json.loads(data[_HEAD.size : at])
    sections: list[bytes] = []
    for length in head["sections"]:
        sections.append(data[at : at + length])
        at += length
    if at != len(data):
        raise SummaryError("the summary has another length than it says")
    digests, kinds, counts, minutes, grid = sections
    summary = Summary(
        head["rows"],
        TimeRange(*head["times"]),
        tuple(head["parts"]),
        struct.unpack(f"{_DIGEST_SIZE}s" * (len(digests) // _DIGEST_SIZE), digests),
        kinds,
        _numbers(counts, COUNT),
        _grid(head["grids"][0], minutes),
        _grid(head["grids"][1], grid),
    )
    if len(summary.kinds) != len(summary.counts) or (summary.kinds and sum(summary.counts) != summary.rows):
        raise SummaryError("the kinds are not those of all events")
    return summary


def _grid(described: list[int] | None, packed: bytes) -> Grid | None:
    if described is None:
        return None
    width, first, bins, lane = described
    if width not in WIDTHS or lane not in _LANES or bins < 1:
        raise SummaryError("the bins are none")
    return Grid(width, first, bins, lane, packed)


def _grids(summary: Summary) -> tuple[Grid | None, Grid | None]:
    return summary.minutes, summary.grid


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompress(packed)
    except zlib.error as error:
        raise SummaryError("a part of the summary is damaged") from error


def _bytes(numbers: array[int]) -> bytes:
    """Return numbers as bytes, the low ones first."""
    return _in_order(numbers).tobytes()


def _numbers(data: bytes, code: str) -> array[int]:
    numbers = array(code)
    numbers.frombytes(data)
    return _in_order(numbers)


def _in_order(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers = array(numbers.typecode, numbers)
        numbers.byteswap()
    return numbers
