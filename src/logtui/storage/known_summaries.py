"""The summaries of a store's segments, kept from question to question in bounded memory."""

from __future__ import annotations

import math
import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from logtui.core.page import Problem
from logtui.storage.event_kinds import KnownKinds
from logtui.storage.inventory import Candidate
from logtui.storage.listing import Segment
from logtui.storage.sidecars import (
    LEAST_ROWS,
    LEAST_SETTLED,
    Kind,
    content_of,
    read_whole,
    unsealed_part,
)
from logtui.storage.summary import Summary, SummaryError, decoded
from logtui.storage.tops import TOP_COLUMNS, Top, decoded_top

_MOST_BYTES = 32 * 1024 * 1024
_PATIENCE = 10.0
"""Seconds until a summary that is not there is looked for again: compaction may have made it meanwhile."""
_MOST_MISSING = 200_000
_NOTICEABLE = 1_000_000
"""Events without summaries that make a question noticeably slower."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A segment with its summary."""

    candidate: Candidate
    summary: Summary
    kinds: array[int]
    """The number of each of its kinds."""


class KnownSummaries:
    """Reads summaries, each once. Safe to use from several threads."""

    def __init__(self, root: str, *, are_used: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self.kinds = KnownKinds()
        self._root = root
        self._are_used = are_used
        self._clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[Segment, Summary, array[int]]] = OrderedDict()
        self._size = 0
        self._noted = (0, 0)
        self._summed: tuple[list[Segment], list[int]] = [], []
        self._missing: dict[str, tuple[Segment, float]] = {}
        """Segments without a summary, and until when it is not looked for again."""

    def of(self, candidate: Candidate) -> Counted | None:
        """Return a segment with its summary; None where there is none that can be relied on."""
        if not self._are_used or not _may_have_one(candidate):
            return None
        segment = candidate.segment
        with self._lock:
            known = self._known.get(segment.path)
            if known is not None and known[0] == segment:
                self._known.move_to_end(segment.path)
                return Counted(candidate, known[1], known[2])
            missing = self._missing.get(segment.path)
            if missing is not None and missing[0] == segment and self._clock() < missing[1]:
                return None
        counted = self._read(candidate)
        with self._lock:
            if counted is None:
                if len(self._missing) >= _MOST_MISSING:
                    self._missing.clear()
                small = candidate.facts.rows < LEAST_SETTLED
                self._missing[segment.path] = segment, math.inf if small else self._clock() + _PATIENCE
            else:
                self._missing.pop(segment.path, None)
                self._keep(counted)
        return counted

    def sums(self, whole: Sequence[Counted]) -> list[int]:
        """Return how many events of each kind some segments hold, by the kinds' numbers.

        The last sums are kept: one look at a store asks for the values of several columns, and for a total.
        """
        segments, sums = self._summed
        asked = [each.candidate.segment for each in whole]
        if asked != segments:
            sums = [0] * len(self.kinds)
            for each in whole:
                for number, count in zip(each.kinds, each.summary.counts, strict=True):
                    sums[number] += count
            self._summed = asked, sums
        return sums

    def top(self, candidate: Candidate, column: str) -> Top | None:
        """Return the most frequent values of one of `TOP_COLUMNS`; None where they cannot be relied on. Not kept."""
        if self.of(candidate) is None:
            return None
        segment = candidate.segment
        content = content_of(self._root, segment.name, Kind.SUMMARY)
        body = unsealed_part(content, Kind.SUMMARY, segment.size, TOP_COLUMNS.index(column) + 1)
        try:
            return None if body is None else decoded_top(bytes(body))
        except SummaryError:
            return None

    def note_missing(self, candidates: Collection[Candidate]) -> None:
        """Keep in mind which segments the last question had to read because they have no summary."""
        large = [each.facts.rows for each in candidates if self._are_used and each.facts.rows >= LEAST_ROWS]
        self._noted = len(large), sum(large)

    def problems(self) -> tuple[Problem, ...]:
        """Return that counting takes long, if it does."""
        segments, rows = self._noted
        if rows < _NOTICEABLE:
            return ()
        what = f"{segments:,} segments" if segments > 1 else "a segment"
        said = f"{what} of {rows:,} events have to be read to be counted, for want of summaries: run logtui compact"
        return (Problem("", said, is_loss=False),)

    def distrust(self) -> None:
        """Use none of them from now on: one was whole and still made no sense."""
        self._are_used = False

    def _read(self, candidate: Candidate) -> Counted | None:
        segment, facts = candidate.segment, candidate.facts
        data = read_whole(self._root, segment.name, segment.size, Kind.SUMMARY)
        if data is None:
            return None
        try:
            summary = decoded(bytes(data))
            kinds = self.kinds.numbers(summary)
        except SummaryError:
            return None
        # The footer tells the same from the events themselves; a summary that differs is not this segment's.
        if kinds is None or summary.rows != facts.rows or summary.times != facts.times:
            return None
        # The kinds themselves are kept once for all segments.
        return Counted(candidate, replace(summary, kinds=(), packed_kinds=b""), kinds)

    def _keep(self, counted: Counted) -> None:
        path = counted.candidate.segment.path
        if path in self._known:
            self._size -= self._known.pop(path)[1].size
        self._known[path] = counted.candidate.segment, counted.summary, counted.kinds
        self._size += counted.summary.size
        while self._size > _MOST_BYTES:
            _, (_, summary, _) = self._known.popitem(last=False)
            self._size -= summary.size


def _may_have_one(candidate: Candidate) -> bool:
    facts = candidate.facts
    return facts.rows > 0 and facts.shape.is_plain and facts.untimed == 0 and facts.untyped == 0
