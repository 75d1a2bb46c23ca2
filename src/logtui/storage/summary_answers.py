"""Answers from summaries: of which segments, of which times, and what they are. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import compress

from logtui.core.page import ALL_TIME, TimeRange
from logtui.storage.inventory import Candidate
from logtui.storage.known_summaries import Counted
from logtui.storage.summary import Grid


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be counted."""

    parts: frozenset[str]
    """Of kinds, that the answer depends on."""
    is_by_kind: bool
    """Whether kinds matter at all, because there is a condition or a column."""
    bucket: int | None = None
    """Width of the buckets of time to count in, in microseconds."""


@dataclass(frozen=True, slots=True)
class Covered:
    """A segment whose summary answers, and for which times."""

    counted: Counted
    grid: Grid | None
    """Where to look; None if the numbers of the whole segment are enough."""
    times: TimeRange = ALL_TIME
    """Of the bins that count."""
    edges: tuple[TimeRange, ...] = ()
    """Times that are asked for and lie inside of a bin: the events themselves have to be counted."""

    def count(self, flags: Sequence[int] | None) -> int:
        """Return how many events match.

        Args:
            flags: for each number of a kind, 1 if its events match, else 0; None if all events match.
        """
        summary, grid = self.counted.summary, self.grid
        if grid is not None:
            return grid.count(self._rows(flags), self.times)
        return (
            summary.rows if flags is None else sum(compress(summary.counts, map(flags.__getitem__, self.counted.kinds)))
        )

    def buckets(self, flags: Sequence[int] | None, bucket: int) -> Iterator[tuple[int, int]]:
        """Yield (number, count) of the buckets of time with events that match."""
        grid = self.grid
        if grid is not None:
            yield from grid.buckets(grid.total(self._rows(flags)), self.times, bucket)
        else:
            yield _start(self.counted.summary.times) // bucket, self.count(flags)

    def kinds(self) -> Iterable[tuple[int, int]]:
        """Return (number, count) of each kind."""
        counts = self.counted.summary.counts if self.grid is None else self.grid.sums(self.times)
        return zip(self.counted.kinds, counts, strict=True)

    def _rows(self, flags: Sequence[int] | None) -> Iterable[int]:
        if flags is None:
            return (0,)
        kinds = self.counted.kinds
        return compress(range(len(kinds)), map(flags.__getitem__, kinds))


@dataclass(slots=True)
class Division:
    """Which segments of a window are answered by summaries, and what has to be read."""

    covered: list[Covered] = field(default_factory=list)
    rest: list[Candidate] = field(default_factory=list)
    """To be read for the whole window."""
    edges: dict[tuple[int | None, int | None], list[Candidate]] = field(default_factory=dict)
    """Times -> segments to be read for them."""

    def add(self, candidate: Candidate, covered: Covered | None) -> None:
        """Put a segment where it belongs."""
        if covered is None:
            self.rest.append(candidate)
            return
        self.covered.append(covered)
        for edge in covered.edges:
            self.edges.setdefault((edge.start, edge.end), []).append(candidate)


def covered_by(wanted: Wanted, counted: Counted, times: TimeRange) -> Covered | None:
    """Return how a segment's summary answers for a range of time; None if it cannot."""
    summary = counted.summary
    if wanted.is_by_kind and not (summary.parts and wanted.parts.issubset(summary.parts)):
        return None
    part = times.intersect(summary.times)
    bucket = wanted.bucket
    first, end = _start(summary.times), _end(summary.times)
    is_whole = part == summary.times
    if is_whole and (bucket is None or first // bucket == (end - 1) // bucket):
        return Covered(counted, None)
    grid = summary.grid if wanted.is_by_kind else summary.minutes
    if grid is None or (bucket is not None and bucket % grid.width):
        return None
    if is_whole:
        return Covered(counted, grid)
    bins, edges = _cut(part, summary.times, grid.width)
    return None if bins.is_empty else Covered(counted, grid, bins, edges)


def _cut(part: TimeRange, whole: TimeRange, width: int) -> tuple[TimeRange, tuple[TimeRange, ...]]:
    """Return the times of the bins that lie in `part` entirely, and what is left of it on both sides."""
    edges: list[TimeRange] = []
    start = end = None
    if part.start is not None and part.start != whole.start:
        start = -(-part.start // width) * width
        edges.append(TimeRange(part.start, start))
    if part.end is not None and part.end != whole.end:
        end = part.end // width * width
        edges.append(TimeRange(end, part.end))
    return TimeRange(start, end), tuple(edge for edge in edges if not edge.is_empty)


def _start(times: TimeRange) -> int:
    return times.start or 0


def _end(times: TimeRange) -> int:
    return times.end or 0
