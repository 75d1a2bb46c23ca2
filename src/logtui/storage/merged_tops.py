"""The most frequent values of many segments, from those of each. Pure.

A value that a segment does not list comes there at most as often as its last one, so every count has two bounds.
"""

from __future__ import annotations

from logtui.core.page import Facet, FacetValue
from logtui.storage.summary import Top

_MOST_WEIGHED = 1_000
"""Values whose upper bounds are worked out one by one, to find the highest among those that are not listed."""


class MergedTops:
    """Adds up what segments say of one column."""

    def __init__(self) -> None:
        self.rows = 0
        """Events of all segments."""
        self._nulls = 0
        self._counts: dict[str, int] = {}
        self._open: list[tuple[dict[str, int], int]] = []
        """What the segments list that do not list all, and how often others may come there."""
        self._most_other = 0
        """The sum over all segments: how often a value that none lists may come."""

    def add(self, top: Top, rows: int) -> None:
        """Add a segment of so many events."""
        self.rows += rows
        self._nulls += top.nulls
        if top.most_other:
            self._most_other += top.most_other
            self._open.append((dict(top.values), top.most_other))
        # A year has a hundred thousand of these.
        counts, known = self._counts, self._counts.get
        for value, count in top.values:
            counts[value] = known(value, 0) + count

    def facet(self, column: str, limit: int) -> Facet:
        """Return the values that surely come most often, the missing one among them."""
        listed = self._ranked(limit)
        values = tuple(FacetValue(value, count, 0 if value is None else self._more(value)) for value, count in listed)
        other = self.rows - sum(count for _, count in listed)
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
        return sum(bound for values, bound in self._open if value not in values)

    def _most_unlisted(self, listed: set[str | None]) -> int:
        """Return how often a value may come that is not listed, at most."""
        others = {value: count for value, count in self._counts.items() if value not in listed}
        missing = 0 if None in listed else self._nulls
        most = max(others.values(), default=0)
        weighed = [value for value, count in others.items() if count + self._most_other > most]
        if len(weighed) > _MOST_WEIGHED:
            return max(missing, most + self._most_other)
        return max(missing, self._most_other, *(others[value] + self._more(value) for value in weighed), 0)
