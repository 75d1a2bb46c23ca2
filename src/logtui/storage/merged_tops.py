"""The most frequent values of many segments, from those of each. Pure.

A value that a segment does not list comes there at most as often as its last one, so every count has two bounds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from logtui.core.page import Facet, FacetValue
from logtui.storage.summary import Top


class MergedTops:
    """Adds up what segments say of one column."""

    def __init__(self) -> None:
        self.rows = 0
        """Events of all segments."""
        self._nulls = 0
        self._counts: Counter[str] = Counter()
        self._bounds: Counter[str] = Counter()
        """Value -> the sum of `most_other` over the segments that list it."""
        self._most_other = 0
        """The sum over all segments: how often a value that none lists may come."""

    def add(self, top: Top, rows: int) -> None:
        """Add a segment of so many events."""
        self.rows += rows
        self._nulls += top.nulls
        self._most_other += top.most_other
        counts, bounds, bound = self._counts, self._bounds, top.most_other
        for value, count in top.values:
            counts[value] += count
            if bound:
                bounds[value] += bound

    def facet(self, column: str, limit: int) -> Facet:
        """Return the values that surely come most often, the missing one among them."""
        found: list[FacetValue] = [
            FacetValue(value, count, self._most_other - self._bounds[value]) for value, count in self._counts.items()
        ]
        if self._nulls:
            found.append(FacetValue(None, self._nulls))
        found.sort(key=lambda each: (-each.count, each.value is None, each.value or ""))
        listed, others = found[:limit], found[limit:]
        other = self.rows - sum(each.count for each in listed)
        most = max((each.count + each.more for each in others), default=0)
        if self._is_proven(listed, limit, most):
            return Facet(column, tuple(listed), other, is_exact=True)
        return Facet(column, tuple(listed), other, is_exact=False, most_unlisted=max(most, self._most_other))

    def _is_proven(self, listed: Sequence[FacetValue], limit: int, most: int) -> bool:
        """Tell whether these are the most frequent values and their counts, whatever the segments did not say."""
        if not self._most_other:
            return True
        if len(listed) < limit or any(each.more for each in listed):
            return False
        return max(most, self._most_other) < listed[-1].count
