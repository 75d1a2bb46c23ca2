"""A view of the rows that may hold what a question looks for, as far as the word filters tell.

What goes through time asks it for segments as it asks any other view, and finds fewer events there: so its windows
grow with what has to be read, and a rare word is looked for in all days at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from logtui.core.cancel import CancelToken
from logtui.core.page import ALL_TIME, Order, TimeRange
from logtui.storage.facts import Facts, Slice
from logtui.storage.inventory import Candidate, RowRanges
from logtui.storage.listing import Directory, Segment
from logtui.storage.views import View
from logtui.storage.words.demands import Demand
from logtui.storage.words.file_layout import Group
from logtui.storage.words.filters import Unreliable, kinds_asked, word_filter


class WordView:
    """A view of what of another one may meet a demand. Used by one thread."""

    def __init__(self, view: View, root: str, demand: Demand) -> None:
        self._view = view
        self._root = root
        self._demand = demand
        self._kinds = kinds_asked(demand)
        self._known: dict[str, tuple[Segment, Candidate | None]] = {}

    def directories(self, times: TimeRange = ALL_TIME, order: Order = Order.NEWEST_FIRST, /) -> Iterator[Directory]:
        return self._view.directories(times, order)

    def days(self, times: TimeRange, /) -> list[int]:
        return self._view.days(times)

    def within(self, directory: Directory, times: TimeRange, /) -> list[Candidate]:
        return self._sifted(self._view.within(directory, times))

    def candidates(self, times: TimeRange = ALL_TIME, /) -> list[Candidate]:
        return self._sifted(self._view.candidates(times))

    def renew(self) -> None:
        self._view.renew()

    def look_everywhere(self, token: CancelToken, /) -> None:
        self._view.look_everywhere(token)

    def _sifted(self, candidates: list[Candidate]) -> list[Candidate]:
        return [left for each in candidates if (left := self._left_of(each)) is not None]

    def _left_of(self, candidate: Candidate) -> Candidate | None:
        known = self._known.get(candidate.segment.path)
        if known is None or known[0] != candidate.segment:
            known = self._known[candidate.segment.path] = candidate.segment, self._look(candidate)
        return known[1]

    def _look(self, candidate: Candidate) -> Candidate | None:
        segment, facts = candidate.segment, candidate.facts
        if not facts.shape.is_plain:
            # Whoever wrote it, it was not the writer that makes filters.
            return candidate
        with word_filter(self._root, segment.name, facts.rows, segment.size, self._kinds) as words:
            if words is None:
                return candidate
            try:
                holding = words.holding(self._demand)
            except (Unreliable, OSError):
                return candidate
        if holding == words.everywhere:
            return candidate
        rows = _ranges(words.groups, holding)
        return replace(candidate, facts=_narrowed(facts, rows), rows=rows) if rows else None


def _ranges(groups: Sequence[Group], holding: int) -> RowRanges:
    """Return the rows of the groups that have a bit, neighbours together."""
    ranges: list[tuple[int, int]] = []
    first = 0
    for at, group in enumerate(groups):
        if holding >> at & 1:
            begin = ranges.pop()[0] if ranges and ranges[-1][1] == first - 1 else first
            ranges.append((begin, first + group.rows - 1))
        first += group.rows
    return tuple(ranges)


def _narrowed(facts: Facts, ranges: RowRanges) -> Facts:
    """Return the facts with as much of each slice as is left."""
    slices, first = [], 0
    for each in facts.slices:
        end = first + each.rows
        rows = sum(max(0, min(end, last + 1) - max(first, begin)) for begin, last in ranges)
        slices += [Slice(rows, each.times)] if rows else []
        first = end
    return replace(facts, slices=tuple(slices))
