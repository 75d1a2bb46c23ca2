"""What is known about the segments of a store: which are live, what each one holds, and what is wrong with them.

Footers are read once per version of a file, and only where a question looks. A question works on a `Snapshot`: each
directory as it was when the question first looked at it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from logtui.core.errors import SegmentError, StoreError
from logtui.core.page import ALL_TIME, Order, Problem, TimeRange
from logtui.storage.facts import Facts, Shape, foreign_facts, own_facts, remarks
from logtui.storage.footers import Footer, read_footer
from logtui.storage.listing import Contents, Directory, Listing, Segment
from logtui.storage.mapping import Match, match_columns, missing_source
from logtui.storage.problems import summarise
from logtui.storage.thrift import ThriftError

_MOST_KNOWN = 200_000
MOST_LOOKS = 6
"""How often a question looks again because a file that it had seen is gone."""
CHANGES_TOO_FAST = "the store's files change faster than they can be read; try again when that is over"
_NO_TIME = "has no column of times, so its events are not shown: name one with --map event_time=COLUMN"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live segment that may hold what is asked for."""

    segment: Segment
    facts: Facts


class Inventory:
    """Facts about one store's segments, kept from question to question. Safe to use from several threads."""

    def __init__(self, listing: Listing, mapping: Mapping[str, str]) -> None:
        self.listing = listing
        self._mapping = mapping
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Segment, Facts | Problem]] = {}
        self._untold: set[str] = set()
        self._matches: dict[bytes, Match] = {}
        self._shapes: dict[Shape, Shape] = {}
        self._contents: dict[str, Contents] = {}

    def snapshot(self) -> Snapshot:
        """Return the store as it is now."""
        return Snapshot(self)

    def directories(self) -> tuple[Directory, ...]:
        """List the store's directories now."""
        directories = self.listing.directories()
        present = {each.path for each in directories}
        with self._lock:
            for gone in self._contents.keys() - present:
                del self._contents[gone]
        return directories

    def contents(self, directory: Directory) -> Contents:
        """List one directory now."""
        contents = self.listing.contents(directory)
        with self._lock:
            self._contents[directory.path] = contents
        return contents

    def facts(self, segment: Segment) -> Facts | None:
        """Return what is known of a segment; None if it cannot be read.

        Raises:
            FileNotFoundError: it is gone.
        """
        with self._lock:
            known = self._known.get(segment.path)
        if known is None or known[0] != segment:
            known = segment, self._read(segment)
            self._remember(*known)
        return known[1] if isinstance(known[1], Facts) else None

    def exclude(self, segment: Segment, message: str) -> None:
        """Leave this version of a file out of all further questions, and report why."""
        self._remember(segment, Problem(segment.name, message))

    def untold(self) -> list[Candidate]:
        """Return the segments whose footers do not tell whether there are rows without a time."""
        with self._lock:
            known = [self._known[path] for path in self._untold]
        return [Candidate(segment, facts) for segment, facts in known if isinstance(facts, Facts)]

    def tell_untimed(self, candidate: Candidate, rows: int) -> None:
        """Keep the number of rows without a time, now that they were read."""
        self._remember(candidate.segment, replace(candidate.facts, untimed=rows))

    def problems(self) -> tuple[Problem, ...]:
        """Return what was found wrong in all that was looked at so far, alike ones together."""
        with self._lock:
            contents = list(self._contents.values())
            known = dict(self._known)
        found = list(self.listing.problems())
        for each in contents:
            found.extend(each.problems)
            for segment in each.segments:
                about = known.get(segment.path)
                if about is not None and about[0] == segment:
                    found.extend([about[1]] if isinstance(about[1], Problem) else remarks(about[1], segment.name))
        return summarise(found)

    def require_mapped(self) -> None:
        """Raise `StoreError` when the mapping names a column that no file has."""
        error = None
        names: set[str] = set()
        for directory in self.directories() if self._mapping else ():
            for segment in self.contents(directory).segments:
                try:
                    names.update(column.name for column in read_footer(segment.path).columns)
                except (SegmentError, FileNotFoundError):
                    continue
                error = missing_source(self._mapping, sorted(names))
                if error is None:
                    return
        if error is not None:
            raise error

    def _remember(self, segment: Segment, known: Facts | Problem) -> None:
        with self._lock:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
                self._untold.clear()
            self._known[segment.path] = (segment, known)
            if isinstance(known, Facts) and known.untimed is None:
                self._untold.add(segment.path)
            else:
                self._untold.discard(segment.path)

    def _read(self, segment: Segment) -> Facts | Problem:
        try:
            footer = read_footer(segment.path)
            match = self._match(footer)
            if match.source("event_time") is None:
                return Problem(segment.name, _NO_TIME)
            promised = segment.directory.bounds
            if self.listing.is_own and match.is_canonical:
                facts = own_facts(footer, Shape(match, footer.columns), promised)
            else:
                facts = foreign_facts(footer, match)
        except (SegmentError, ThriftError) as error:
            return Problem(segment.name, f"{error}, so its events are not shown")
        with self._lock:
            # One object per shape, however many files have it.
            return replace(facts, shape=self._shapes.setdefault(facts.shape, facts.shape))

    def _match(self, footer: Footer) -> Match:
        with self._lock:
            known = self._matches.get(footer.schema)
            if known is None:
                known = self._matches[footer.schema] = match_columns(footer.columns, self._mapping)
        return known


class View(Protocol):
    """The segments that one question is about."""

    def directories(self, within: TimeRange = ALL_TIME, order: Order = Order.NEWEST_FIRST, /) -> Iterator[Directory]:
        """Yield the directories that may hold events of `within`: those of no day first, then by day in `order`."""
        ...

    def within(self, directory: Directory, times: TimeRange, /) -> list[Candidate]:
        """Return the segments of one directory that may hold events of `times`."""
        ...

    def candidates(self, times: TimeRange = ALL_TIME) -> list[Candidate]:
        """Return all segments that may hold events of `times`."""
        ...

    def renew(self) -> None:
        """Look again: a file that was there is gone."""
        ...


class Batch:
    """A view of a few given segments. Used by one thread."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self._candidates = list(candidates)

    def directories(self, *_: object) -> Iterator[Directory]:
        yield _NOWHERE

    def within(self, _: Directory, times: TimeRange, /) -> list[Candidate]:
        return self.candidates(times)

    def candidates(self, times: TimeRange = ALL_TIME) -> list[Candidate]:
        return [each for each in self._candidates if overlaps(each.facts.times, times)]

    def renew(self) -> None:
        self._candidates = [each for each in self._candidates if Path(each.segment.path).exists()]


_NOWHERE = Directory("", "")


class Snapshot:
    """A view of the store as one question sees it. Used by one thread."""

    def __init__(self, inventory: Inventory) -> None:
        self._inventory = inventory
        self._directories: tuple[Directory, ...] = ()
        self._contents: dict[str, Contents] = {}
        self.renew()

    def renew(self) -> None:
        """Look again: a file that was listed is gone."""
        self._contents.clear()
        self._directories = self._inventory.directories()

    def directories(self, within: TimeRange = ALL_TIME, order: Order = Order.NEWEST_FIRST, /) -> Iterator[Directory]:
        """Yield the directories that may hold events of `within`: those of no day first, then by day in `order`."""
        dated = [each for each in self._directories if each.day is not None and overlaps(each.bounds, within)]
        yield from (each for each in self._directories if each.day is None)
        yield from dated if order is Order.NEWEST_FIRST else reversed(dated)

    def contents(self, directory: Directory) -> Contents:
        """Return what a directory holds."""
        contents = self._contents.get(directory.path)
        if contents is None:
            contents = self._contents[directory.path] = self._inventory.contents(directory)
        return contents

    def within(self, directory: Directory, times: TimeRange, /) -> list[Candidate]:
        """Return the segments of one directory that may hold events of `times`."""
        for _ in range(MOST_LOOKS):
            try:
                known = [(segment, self._inventory.facts(segment)) for segment in self.contents(directory).segments]
            except FileNotFoundError:
                # Compaction may have put its events into another segment.
                del self._contents[directory.path]
                continue
            return [Candidate(each, facts) for each, facts in known if facts and overlaps(facts.times, times)]
        raise StoreError(CHANGES_TOO_FAST)

    def candidates(self, times: TimeRange = ALL_TIME) -> list[Candidate]:
        """Return all segments that may hold events of `times`."""
        return [each for directory in self.directories(times) for each in self.within(directory, times)]


def overlaps(one: TimeRange, other: TimeRange) -> bool:
    """Tell whether two ranges have a time in common."""
    return not one.intersect(other).is_empty
