"""The segments that one question is about, as they were when it looked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError
from logtui.core.page import ALL_TIME, Order, TimeRange
from logtui.storage.engine import Position
from logtui.storage.facts import Facts
from logtui.storage.inventory import Candidate, Inventory
from logtui.storage.listing import Contents, Directory, Segment
from logtui.storage.windows import days_in

if TYPE_CHECKING:
    from logtui.storage.sieve import Sieve

MOST_LOOKS = 6
"""How often a question looks again because a file that it had seen is gone."""
CHANGES_TOO_FAST = "the store's files change faster than they can be read; try again when that is over"
_LONGEST = 100_000
"""Days that one file may claim; more is a wrong clock's work, and would only slow the counting down."""


class View(Protocol):
    """The segments that one question is about."""

    def directories(self, times: TimeRange = ALL_TIME, order: Order = Order.NEWEST_FIRST, /) -> Iterator[Directory]:
        """Yield the directories that may hold events of `times`: those of no day first, then by day in `order`."""
        ...

    def days(self, times: TimeRange, /) -> list[int]:
        """Return the numbers of the days since 1970, within `times`, that hold events; rising."""
        ...

    def within(self, directory: Directory, times: TimeRange, /) -> list[Candidate]:
        """Return the segments of one directory that may hold events of `times`."""
        ...

    def candidates(self, times: TimeRange = ALL_TIME, /) -> list[Candidate]:
        """Return all segments that may hold events of `times`."""
        ...

    def renew(self) -> None:
        """Look again: a file that was there is gone."""
        ...

    def look_everywhere(self, token: CancelToken, /) -> None:
        """Look at the footers that the question had no reason to look at: events may lie outside of their days."""
        ...


class Snapshot:
    """A view of the whole store, or of what a follower has given out. Used by one thread."""

    def __init__(self, inventory: Inventory, position: Position | None = None, sieve: Sieve | None = None) -> None:
        """Look at the store now.

        Args:
            position: what the follower has given out; None for the whole store.
            sieve: leaves out segments that cannot hold what is asked for, before their footers are read.
        """
        self._inventory = inventory
        self._position = position
        self._sieve = sieve
        self._index = inventory.directories()
        self._contents: dict[str, Contents] = {}
        self._sieved: dict[str, tuple[Segment, ...]] = {}

    def renew(self) -> None:
        self._contents.clear()
        self._sieved.clear()
        self._index = self._inventory.directories()

    def look_everywhere(self, token: CancelToken, /) -> None:
        if self._inventory.listing.is_own:
            for directory in self._index.listed:
                self._inventory.look_at(directory, self.contents(directory), token)

    def directories(self, times: TimeRange = ALL_TIME, order: Order = Order.NEWEST_FIRST, /) -> Iterator[Directory]:
        return self._index.within(times, order)

    def days(self, times: TimeRange, /) -> list[int]:
        named = self._index.days(times)
        others = [each for directory in self._index.undated for each in self.within(directory, times)]
        return sorted({*named, *_days_of(others, times)}) if others else named

    def contents(self, directory: Directory) -> Contents:
        """Return what a directory holds."""
        contents = self._contents.get(directory.path)
        if contents is None:
            contents = self._contents[directory.path] = self._known(self._inventory.contents(directory))
        return contents

    def _known(self, contents: Contents) -> Contents:
        """Return what of a directory the follower has given out."""
        position = self._position
        if position is None:
            return contents
        segments: list[Segment] = []
        for segment in contents.segments:
            inputs = contents.inputs.get(segment.name)
            if segment.name in position or (inputs is not None and inputs <= position):
                segments.append(segment)
            elif inputs is not None:
                # It holds more than was given out, but its inputs stay for a while.
                segments += [each for each in contents.replaced if each.name in inputs & position]
        return replace(contents, segments=tuple(segments))

    def within(self, directory: Directory, times: TimeRange, /) -> list[Candidate]:
        for _ in range(MOST_LOOKS):
            try:
                known = [(segment, self._inventory.facts(segment)) for segment in self._segments(directory)]
            except FileNotFoundError:
                # Compaction may have put its events into another segment.
                del self._contents[directory.path]
                self._sieved.pop(directory.path, None)
                continue
            return [Candidate(segment, facts) for segment, facts in known if facts and _may_hold(facts, times)]
        raise StoreError(CHANGES_TOO_FAST)

    def candidates(self, times: TimeRange = ALL_TIME, /) -> list[Candidate]:
        return [each for directory in self.directories(times) for each in self.within(directory, times)]

    def _segments(self, directory: Directory) -> tuple[Segment, ...]:
        """Return the segments of a directory that may hold what is asked for."""
        sieve, listing = self._sieve, self._inventory.listing
        if sieve is None or not self._inventory.has_sidecars:
            return self.contents(directory).segments
        found = self._sieved.get(directory.path)
        if found is None:
            segments = self.contents(directory).segments
            found = tuple(each for each in segments if sieve.passes(listing.root, each.name, each.size))
            self._sieved[directory.path] = found
        return found


class Batch:
    """A view of a few given segments. Used by one thread."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = list(candidates)

    def renew(self) -> None:
        self._candidates = [each for each in self._candidates if Path(each.segment.path).exists()]

    def look_everywhere(self, _: CancelToken, /) -> None:
        """Do nothing: the segments are given."""

    def directories(self, *_: object) -> Iterator[Directory]:
        yield _NOWHERE

    def days(self, times: TimeRange, /) -> list[int]:
        return sorted(set(_days_of(self._candidates, times)))

    def within(self, _: Directory, times: TimeRange, /) -> list[Candidate]:
        return self.candidates(times)

    def candidates(self, times: TimeRange = ALL_TIME, /) -> list[Candidate]:
        return [each for each in self._candidates if _may_hold(each.facts, times)]


_NOWHERE = Directory("", "")


def _may_hold(facts: Facts, times: TimeRange) -> bool:
    return facts.rows > 0 and not (_is_before(facts.times, times) or _is_before(times, facts.times))


def _is_before(one: TimeRange, other: TimeRange) -> bool:
    return one.end is not None and other.start is not None and one.end <= other.start


def _days_of(candidates: Sequence[Candidate], times: TimeRange) -> Iterator[int]:
    for candidate in candidates:
        yield from days_in(candidate.facts.times.intersect(times))[:_LONGEST]
