"""The directories of a store in the order of their days, so that a time finds its directory without a look at all."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from logtui.core.clock import DAY
from logtui.core.page import ALL_TIME, Order, TimeRange
from logtui.storage.listing import Directory


class Directories:
    """An index over one listing. Immutable."""

    def __init__(self, listed: tuple[Directory, ...]) -> None:
        self.listed = listed
        self.undated = [each for each in listed if each.day is None]
        self._dated = sorted((each for each in listed if each.day is not None), key=_day_number)
        self._numbers = [_day_number(each) for each in self._dated]
        # Directories of our own promise what they hold; with others, any may hold anything.
        self._is_bounded = all(each.bounds is not ALL_TIME for each in self._dated)

    def within(self, times: TimeRange, order: Order) -> Iterator[Directory]:
        """Yield the directories that may hold events of `times`: those of no day first, then by day in `order`."""
        yield from self.undated
        places = self._places(times) if self._is_bounded else range(len(self._dated))
        for place in places if order is Order.OLDEST_FIRST else reversed(places):
            yield self._dated[place]

    def days(self, times: TimeRange) -> list[int]:
        """Return the numbers of the days since 1970, within `times`, that names give; rising."""
        places = self._places(times)
        return self._numbers[places.start : places.stop]

    def _places(self, times: TimeRange) -> range:
        start = 0 if times.start is None else bisect_left(self._numbers, times.start // DAY)
        end = len(self._dated) if times.end is None else bisect_right(self._numbers, (times.end - 1) // DAY)
        return range(start, max(start, end))


def _day_number(directory: Directory) -> int:
    return (directory.day or 0) // DAY
