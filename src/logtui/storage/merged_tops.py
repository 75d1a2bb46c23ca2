"""The most frequent values of many segments, from those of each. Pure.

A value that a segment does not list comes there at most as often as its last one, so every count has two bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from logtui.core.page import Facet, FacetValue
from logtui.storage.tops import MOST_VALUES, Top

_ENOUGH = (32, MOST_VALUES)
"""Values of each segment that are added up: few are mostly enough to be certain, and take a fraction of the time."""


class MergedTops:
    """Adds up what segments say of one column."""

    def __init__(self) -> None:
        self.rows = 0
        """Events of all segments."""
        self._tops: list[Top] = []

    def add(self, top: Top, rows: int) -> None:
        """Add a segment of so many events."""
        self.rows += rows
        self._tops.append(top)

    def facet(self, column: str, limit: int) -> Facet:
        """Return the values that surely come most often, the missing one among them."""
        for enough in _ENOUGH:
            facet = _Sums([top.cut(max(enough, limit)) for top in self._tops], self.rows).facet(column, limit)
            if facet.is_exact:
                break
        return facet


class _Sums:
    """The sums of what some segments list."""

    def __init__(self, tops: Iterable[Top], rows: int) -> None:
        self._rows = rows
        self._nulls = 0
        self._counts: defaultdict[str, int] = defaultdict(int)
        self._known: defaultdict[str, int] = defaultdict(int)
        """Of `_most_other`, the part that is not a value's, because it is listed there."""
        self._most_other = 0
        """The sum over all segments: how often a value that none lists may come."""
        for top in tops:
            self._nulls += top.nulls
            self._most_other += top.most_other
            self._add(top)

    def _add(self, top: Top) -> None:
        # A year has a hundred thousand of these.
        counts, known, most_other = self._counts, self._known, top.most_other
        for value, count in zip(top.values, top.counts, strict=True):
            counts[value] += count
            known[value] += most_other

    def facet(self, column: str, limit: int) -> Facet:
        """See `MergedTops.facet`."""
        listed = self._ranked(limit)
        values = tuple(FacetValue(value, count, 0 if value is None else self._more(value)) for value, count in listed)
        other = self._rows - sum(count for _, count in listed)
        most = self._most_unlisted({value for value, _ in listed})
        are_whole = len(listed) == limit and not any(each.more for each in values)
        if not self._most_other or (are_whole and most < listed[-1][1]):
            return Facet(column, values, other, is_exact=True)
        return Facet(column, values, other, is_exact=False, most_unlisted=most)

    def _ranked(self, limit: int) -> list[tuple[str | None, int]]:
        found: list[tuple[str | None, int]] = [(None, self._nulls)] if self._nulls else []
        least = sorted(self._counts.values(), reverse=True)[limit - 1 : limit]
        found.extend(item for item in self._counts.items() if not least or item[1] >= least[0])
        found.sort(key=lambda item: (-item[1], item[0] is None, item[0] or ""))
        return found[:limit]

    def _more(self, value: str) -> int:
        """Return how many more events than are counted may have a value."""
        return self._most_other - self._known[value]

    def _most_unlisted(self, listed: set[str | None]) -> int:
        """Return how often a value may come that is not listed, at most."""
        missing = 0 if None in listed else self._nulls
        known = self._known
        others = (count - known[value] for value, count in self._counts.items() if value not in listed)
        return max(missing, self._most_other + max(others, default=0), self._most_other)
