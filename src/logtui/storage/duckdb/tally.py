"""Counts the events of a window of time: from summaries where they can tell, from the events themselves elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Generic, TypeVar

from logtui.core.cancel import CancelToken
from logtui.core.clock import HOUR
from logtui.core.errors import StoreError
from logtui.core.page import Order, TimeRange
from logtui.core.query.ast import Everything
from logtui.storage.duckdb import questions
from logtui.storage.duckdb.chosen_kinds import ChosenKinds
from logtui.storage.duckdb.compiler import condition_sql
from logtui.storage.duckdb.connection import Pace, Row
from logtui.storage.duckdb.reader import Inquiry, Reader, Vanished
from logtui.storage.duckdb.scope import Scope
from logtui.storage.duckdb.source import Source
from logtui.storage.duckdb.sql import Sql, all_of
from logtui.storage.duckdb.stride import Stride
from logtui.storage.event_kinds import parts_of, timeless
from logtui.storage.facts import Slice
from logtui.storage.inventory import Candidate
from logtui.storage.known_summaries import KnownSummaries
from logtui.storage.merged_tops import MergedTops
from logtui.storage.summary import SummaryError
from logtui.storage.summary_answers import Covered, Division, Wanted, covered_by
from logtui.storage.tops import MOST_VALUES, Top
from logtui.storage.views import CHANGES_TOO_FAST, MOST_LOOKS, View
from logtui.storage.windows import Reach

_MOST_VALUES = 50_000
"""Of segments that have to be read, that are added to those of summaries here; DuckDB ranks more than that alone."""
_MOST_READ = 600_000
"""Events that are read for the sake of an estimate: about two days' parts of a hundred million in a year."""

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class _Question(Generic[Key]):
    """What is counted, and by what."""

    wanted: Wanted | None
    """What summaries have to know for it; None if they cannot."""
    statement: Callable[[Source, Sql], Sql]
    read: Callable[[Row], tuple[Key, int]]
    answer: Callable[[Sequence[Covered], Sequence[int] | None], Counter[Key]]
    """Takes segments that are covered, and which kinds match (None: all)."""


class Tally:
    """Counts what matches one selection. Used by one thread."""

    def __init__(self, reader: Reader, view: View, scope: Scope, summaries: KnownSummaries, token: CancelToken) -> None:
        self.scope = scope
        self._reader = reader
        self._view = view
        self._summaries = summaries
        self._token = token
        condition = timeless(scope.condition)
        self._parts = parts_of(condition)
        self._is_everything = isinstance(condition, Everything)
        self._chosen: ChosenKinds | None = None
        if self._parts is not None and not self._is_everything:
            self._chosen = ChosenKinds(reader, summaries.kinds, condition_sql(condition))
        self._lacking: dict[str, Candidate] = {}

    def count(self, window: TimeRange) -> int:
        """Return how many events of a window match."""
        return self._tally(self._counting(), window)[None]

    def buckets(self, window: TimeRange, bucket: int) -> Counter[int]:
        """Return how many events lie in each bucket of time, by its number."""
        return self._tally(self._bucketing(bucket), window)

    def values(self, column: str) -> Counter[str | None] | None:
        """Return how many events have each value of a column; None where summaries do not help."""
        if self._parts is None:
            return None
        division = self._divide(self._wanted(column), self.scope.times)
        if not division.covered:
            return None
        found = self._tally(self._ranking(column), self.scope.times)
        return None if len(found) > _MOST_VALUES else found

    def tops(self, column: str) -> MergedTops | None:
        """Return the most frequent values of a column, from the segments' own; None where that takes long or not less.

        Args:
            column: one of `TOP_COLUMNS`.
        """
        if not self._is_everything:
            return None
        for _ in range(MOST_LOOKS):
            try:
                return self._tops(column)
            except Vanished:
                self._view.renew()
        raise StoreError(CHANGES_TOO_FAST)

    def _tops(self, column: str) -> MergedTops | None:
        times = self.scope.times
        merged, rest = MergedTops(), list[Candidate]()
        for candidate in self._view.candidates(times):
            self._token.check()
            facts = candidate.facts
            is_whole = facts.times.intersect(times) == facts.times
            top = self._summaries.top(candidate, column) if is_whole else None
            if top is None:
                rest.append(candidate)
            else:
                merged.add(top, facts.rows)
        if not merged.rows or sum(candidate.facts.rows for candidate in rest) > _MOST_READ:
            return None
        where = questions.during(times)
        inquiry = Inquiry(times, lambda source: questions.frequent(source, where, column, MOST_VALUES + 2), where)
        rows = self._reader.ask_of(rest, inquiry, self._token).rows
        if rows:
            merged.add(_top_of(rows), rows[0][2])
        return merged

    def end(self) -> None:
        """Find out what is missing from an answer that is said to be whole, and what made it slow."""
        self._reader.end(self._view, self.scope.times, self._token)
        self._summaries.note_missing(self._lacking.values())

    def stride(self, bucket: int | None) -> Stride:
        """Return the way through the windows in which events are counted."""
        wanted, times = self._wanted(bucket=bucket), self.scope.times
        return _Stride(self._view, self.scope, lambda candidate: self._covered(wanted, candidate, times) is not None)

    # -- what is asked

    def _wanted(self, column: str | None = None, bucket: int | None = None) -> Wanted | None:
        if self._parts is None:
            return None
        parts = self._parts if column is None else self._parts | {column}
        return Wanted(parts, not self._is_everything or column is not None, bucket)

    def _counting(self) -> _Question[None]:
        def answer(covered: Sequence[Covered], flags: Sequence[int] | None) -> Counter[None]:
            if flags is None:
                return Counter({None: sum(each.count(None) for each in covered)})
            parts = [each for each in covered if each.grid is not None]
            total = sum(compress(self._sums(covered), flags)) + sum(each.count(flags) for each in parts)
            return Counter({None: total})

        return _Question(self._wanted(), questions.counting, lambda row: (None, row[0]), answer)

    def _bucketing(self, bucket: int) -> _Question[int]:
        def answer(covered: Sequence[Covered], flags: Sequence[int] | None) -> Counter[int]:
            found: Counter[int] = Counter()
            for each in covered:
                for number, count in each.buckets(flags, bucket):
                    found[number] += count
            return found

        def statement(source: Source, where: Sql) -> Sql:
            return questions.bucketing(source, where, bucket)

        return _Question(self._wanted(bucket=bucket), statement, lambda row: (row[0], row[1]), answer)

    def _ranking(self, column: str) -> _Question[str | None]:
        def answer(covered: Sequence[Covered], flags: Sequence[int] | None) -> Counter[str | None]:
            kinds = self._summaries.kinds
            sums = [*self._sums(covered)]
            sums += [0] * (len(kinds) - len(sums))
            for each in covered:
                if each.grid is not None:
                    for number, count in each.kinds():
                        sums[number] += count
            found: Counter[str | None] = Counter()
            for number, value in enumerate(kinds.values(column, 0, len(sums))):
                if sums[number] and (flags is None or flags[number]):
                    found[str(value) if value is not None else None] += sums[number]
            return found

        def statement(source: Source, where: Sql) -> Sql:
            return questions.ranking(source, where, column, _MOST_VALUES + 1)

        return _Question(self._wanted(column), statement, lambda row: (row[0], row[1]), answer)

    def _sums(self, covered: Sequence[Covered]) -> list[int]:
        """Return how many events of each kind there are in the segments that are covered as a whole."""
        return self._summaries.sums([each.counted for each in covered if each.grid is None])

    # -- how it is answered

    def _tally(self, question: _Question[Key], window: TimeRange) -> Counter[Key]:
        self._token.check()
        for _ in range(MOST_LOOKS):
            try:
                return self._counted(question, window)
            except Vanished:
                # Compaction moves events from one segment into another: all of them are counted again.
                self._view.renew()
            except SummaryError:
                self._summaries.distrust()
        raise StoreError(CHANGES_TOO_FAST)

    def _counted(self, question: _Question[Key], window: TimeRange) -> Counter[Key]:
        division = self._divide(question.wanted, window)
        found = self._read(question, division.rest, window, may_leave_out=True)
        for (start, end), candidates in division.edges.items():
            found.update(self._read(question, candidates, TimeRange(start, end), may_leave_out=False))
        if division.covered:
            flags = None if self._chosen is None else self._chosen.flags(self._token)
            found.update(question.answer(division.covered, flags))
        return found

    def _divide(self, wanted: Wanted | None, window: TimeRange) -> Division:
        division = Division()
        for candidate in self._view.candidates(window):
            division.add(candidate, self._covered(wanted, candidate, window))
        return division

    def _covered(self, wanted: Wanted | None, candidate: Candidate, window: TimeRange) -> Covered | None:
        if wanted is None:
            return None
        self._token.check()
        counted = self._summaries.of(candidate)
        if counted is None:
            self._lacking[candidate.segment.path] = candidate
            return None
        return covered_by(wanted, counted, window)

    def _read(
        self, question: _Question[Key], candidates: Sequence[Candidate], times: TimeRange, *, may_leave_out: bool
    ) -> Counter[Key]:
        """Count by reading events.

        Raises:
            Vanished: a segment is gone, or one is unreadable and may not be left out, because its summary counts too.
        """
        where = all_of([questions.during(times), self.scope.where])
        pace = Pace.HURRIED if self.scope.is_needle else Pace.LONG
        inquiry = Inquiry(times, lambda source: question.statement(source, where), self.scope.where, pace=pace)
        answer = self._reader.ask_of(candidates, inquiry, self._token)
        if not may_leave_out and len(answer.source.names) < len(candidates):
            raise Vanished
        found: Counter[Key] = Counter()
        for key, count in map(question.read, answer.rows):
            found[key] += count
        return found


def _top_of(rows: Sequence[Row]) -> Top:
    """Return what the rows of `questions.frequent` say."""
    values = [(value, count) for value, count, _, _ in rows if value is not None]
    most_other = values[MOST_VALUES][1] if len(values) > MOST_VALUES else 0
    return Top.of(rows[0][3] or 0, values[:MOST_VALUES], most_other)


class _Stride(Stride):
    """Passes over what summaries tell: only the segments that are read make a window large."""

    def __init__(self, view: View, scope: Scope, is_covered: Callable[[Candidate], bool]) -> None:
        super().__init__(view, scope.times, Order.NEWEST_FIRST, by_files=scope.is_needle)
        self._is_covered = is_covered
        self._passes_over = False

    def plan(self, target: float) -> Reach:
        planned = super().plan(target)
        if planned.time is None or not self._passes_over:
            return planned
        # At whole hours no bin of a summary is cut in two.
        time = planned.time // HOUR * HOUR
        return Reach(None if self.left.start is not None and time <= self.left.start else time, planned.rows)

    def _slices(self, candidate: Candidate) -> tuple[Slice, ...]:
        if self._is_covered(candidate):
            self._passes_over = True
            return ()
        return super()._slices(candidate)
