"""What is known about the segments of a store: which are live, what each one holds, and what is wrong with them.

Footers are read once per version of a file, and only where a question looks.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

from logtui.core.cancel import CancelToken
from logtui.core.errors import SegmentError
from logtui.core.page import Problem
from logtui.storage.directories import Directories
from logtui.storage.facts import Facts, Shape, facts_of, remarks
from logtui.storage.file_schema import Unit
from logtui.storage.footers import Footer, key_values, read_footer
from logtui.storage.lineage import METADATA_KEY, Lineage, read_lineage
from logtui.storage.listing import Contents, Directory, Listing, Segment
from logtui.storage.mapping import Match, match_columns, missing_source
from logtui.storage.problems import summarise
from logtui.storage.thrift import ThriftError

_MOST_KNOWN = 200_000
_NO_TIME = "has no column of times, so its events are not shown: name one with --map event_time=COLUMN"


RowRanges = tuple[tuple[int, int], ...]
"""Numbers of rows, from the first to the last one of each range, rising."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A live segment that may hold what is asked for."""

    segment: Segment
    facts: Facts
    rows: RowRanges | None = None
    """Where in the segment matching events may be; None for everywhere."""


class Inventory:
    """Facts about one store's segments, kept from question to question. Safe to use from several threads."""

    def __init__(self, listing: Listing, mapping: Mapping[str, str]) -> None:
        self.listing = listing
        self._mapping = mapping
        self._lock = threading.Lock()
        self._known: dict[str, tuple[Segment, Facts | Problem]] = {}
        self._untold: set[str] = set()
        self._noticed: dict[Problem, None] = {}
        self._matches: dict[bytes, Match] = {}
        self._shapes: dict[Shape, Shape] = {}
        self._shape_keys: dict[tuple[bytes, Unit | None, bool, bool], Shape] = {}
        self._directories = Directories(())
        self._contents: dict[str, Contents] = {}
        self._looked_at: dict[str, Contents] = {}
        self._changes = 0
        """How often something changed that `problems` looks at."""
        self._told: tuple[int, tuple[Problem, ...], tuple[Problem, ...]] | None = None
        self._remarks: dict[str, tuple[Facts | Problem, list[Problem]]] = {}

    @property
    def has_sidecars(self) -> bool:
        """Whether what sidecars tell of a segment's columns is what a question means by them."""
        return self.listing.is_own and not self._mapping

    def directories(self) -> Directories:
        """List the store's directories now.

        Raises:
            StoreError: the store cannot be listed.
        """
        listed = self.listing.directories()
        with self._lock:
            if self._directories.listed is not listed:
                self._directories = Directories(listed)
                self._changes += 1
                for gone in self._contents.keys() - {each.path for each in listed}:
                    del self._contents[gone]
            return self._directories

    def contents(self, directory: Directory) -> Contents:
        """List one directory now."""
        contents = self.listing.contents(directory)
        with self._lock:
            if self._contents.get(directory.path) is not contents:
                self._contents[directory.path] = contents
                self._changes += 1
        return contents

    def facts(self, segment: Segment) -> Facts | None:
        """Return what is known of a segment; None if it cannot be read.

        Raises:
            FileNotFoundError: it is gone.
        """
        with self._lock:
            known = self._known.get(segment.path)
        if known is None or (known[0] is not segment and known[0] != segment):
            known = segment, self._read(segment)
            self._remember(*known)
        return known[1] if isinstance(known[1], Facts) else None

    def look_at(self, directory: Directory, contents: Contents, token: CancelToken) -> None:
        """Learn the facts of all segments of a directory, unless that was done for these contents."""
        if self._looked_at.get(directory.path) is contents:
            return
        for segment in contents.segments:
            token.check()
            with suppress(FileNotFoundError):
                self.facts(segment)
        self._looked_at[directory.path] = contents

    def exclude(self, segment: Segment, message: str) -> None:
        """Leave this version of a file out of all further questions, and report why."""
        self._remember(segment, Problem(segment.name, message))

    def remark(self, problem: Problem) -> None:
        """Report something that was found by using the store, from now on."""
        with self._lock:
            self._noticed[problem] = None
            self._changes += 1

    def lineage(self, segment: Segment) -> Lineage:
        """Return what a compacted segment says that it was made from; empty if it cannot be read."""
        try:
            return read_lineage(key_values(read_footer(segment.path)).get(METADATA_KEY, b""))
        except (SegmentError, ThriftError, FileNotFoundError):
            return {}

    def untold(self) -> list[Candidate]:
        """Return the segments whose footers do not tell whether there are rows without a time."""
        with self._lock:
            known = [self._known[path] for path in self._untold]
        return [Candidate(segment, facts) for segment, facts in known if isinstance(facts, Facts)]

    def tell_untimed(self, candidate: Candidate, rows: int) -> None:
        """Keep the number of rows without a time, now that they were read."""
        self._remember(candidate.segment, replace(candidate.facts, untimed=rows))

    def problems(self) -> tuple[Problem, ...]:
        """Return what was found wrong in all that was looked at so far, alike ones together.

        Whoever shows them asks with every key, so they are put together only when something has changed.
        """
        listed = tuple(self.listing.problems())
        with self._lock:
            changes, told = self._changes, self._told
            if told is not None and told[:2] == (changes, listed):
                return told[2]
            contents = list(self._contents.values())
            known = dict(self._known)
            noticed = list(self._noticed)
        found = [*listed, *noticed]
        for each in contents:
            found.extend(each.problems)
            for segment in each.segments:
                about = known.get(segment.path)
                if about is not None and about[0] == segment:
                    found.extend(self._remarks_on(segment, about[1]))
        summary = summarise(found)
        with self._lock:
            self._told = changes, listed, summary
        return summary

    def _remarks_on(self, segment: Segment, known: Facts | Problem) -> list[Problem]:
        if isinstance(known, Problem):
            return [known]
        made = self._remarks.get(segment.path)
        if made is None or made[0] is not known:
            made = self._remarks[segment.path] = known, remarks(known, segment.name, is_own=self.listing.is_own)
        return made[1]

    def require_mapped(self) -> None:
        """Raise `StoreError` when the mapping names a column that no file has."""
        error = None
        names: set[str] = set()
        for directory in self.directories().listed if self._mapping else ():
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
            self._changes += 1
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
                self._remarks.clear()
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
            facts = facts_of(footer, match, segment.directory.bounds)
        except (SegmentError, ThriftError) as error:
            return Problem(segment.name, f"{error}, so its events are not shown")
        return replace(facts, shape=self._shared(facts.shape, footer.schema))

    def _shared(self, shape: Shape, schema: bytes) -> Shape:
        """Return the one object for a shape, however many files have it."""
        # Hashing a shape takes as long as reading a footer, so files of one stored schema find it by that.
        key = schema, shape.unit, shape.may_leave_calendar, shape.is_plain
        with self._lock:
            known = self._shape_keys.get(key)
            if known is None:
                known = self._shape_keys[key] = self._shapes.setdefault(shape, shape)
            return known

    def _match(self, footer: Footer) -> Match:
        with self._lock:
            known = self._matches.get(footer.schema)
            if known is None:
                known = self._matches[footer.schema] = match_columns(footer.columns, self._mapping)
        return known
