"""Asks a question about files, whatever happens to the files meanwhile.

A file that vanishes (retention, compaction) means: look again and ask again, whole. A file that cannot be read means:
leave it out, report it, ask again. DuckDB has no such tolerance: one bad file fails a query.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError, UnsupportedQueryError
from logtui.core.page import ALL_TIME, Order, TimeRange
from logtui.storage.duckdb import questions
from logtui.storage.duckdb.connection import MOST_MEMORY_MB, Database, Pace, Row
from logtui.storage.duckdb.errors import Fault, QueryFault, plain
from logtui.storage.duckdb.paths import entry
from logtui.storage.duckdb.source import Source, source_of
from logtui.storage.duckdb.sql import TRUE, Sql
from logtui.storage.inventory import Candidate, Inventory
from logtui.storage.views import CHANGES_TOO_FAST, MOST_LOOKS, View

_SEVERAL = 2
"""Segments to look for a needle in that are worth a hurry: each takes two milliseconds or more."""


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked of some segments."""

    times: TimeRange
    """Which segments are asked: those that may hold events of these times. It does not filter events."""
    ask: Callable[[Source], Sql]
    """Gives the statement for a relation of their events."""
    where: Sql = TRUE
    """The condition in the statement, which may turn out to be what DuckDB refuses."""
    order: Order = Order.NEWEST_FIRST
    """Of the segments."""
    may_grow: bool = True
    """Whether to take more memory when there is not enough; else `OutOfMemoryError` comes at once."""
    pace: Pace = Pace.LONG


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave."""

    rows: list[Row]
    source: Source
    """What it was put to: the segments that were read."""


class Vanished(Exception):  # noqa: N818 - a reason to look again
    """A file was there when it was listed, and is gone."""


class OutOfMemoryError(StoreError):
    """What was asked for does not fit into the memory that the engine may use."""


class Reader:
    """Runs questions over segments. Safe to use from several threads."""

    def __init__(self, database: Database, inventory: Inventory) -> None:
        self._database = database
        self._inventory = inventory

    @property
    def is_own(self) -> bool:
        """Whether logtui wrote the store, so that ids are promised to be unique."""
        return self._inventory.listing.is_own

    def ask(self, view: View, inquiry: Inquiry, token: CancelToken) -> Answer:
        """Return the answer of a view's segments; no rows where there is no segment.

        Raises:
            Cancelled: the token was cancelled.
            UnsupportedQueryError: DuckDB cannot evaluate the condition.
            StoreError: files keep vanishing, or there is not enough memory.
        """
        for _ in range(MOST_LOOKS):
            try:
                return self.ask_of(view.candidates(inquiry.times), inquiry, token)
            except Vanished:
                view.renew()
        raise StoreError(CHANGES_TOO_FAST)

    def ask_of(self, candidates: Sequence[Candidate], inquiry: Inquiry, token: CancelToken) -> Answer:
        """Return the answer from these segments, without those that turn out to be unreadable.

        Raises:
            Vanished: one of them is gone.
        """
        remaining = list(candidates)
        while remaining:
            try:
                return self._ask(remaining, inquiry, token)
            except QueryFault as fault:
                bad = self._culprits(fault, remaining, inquiry, token)
                for candidate, message in bad:
                    self._inventory.exclude(candidate.segment, f"cannot be read: {message}")
                excluded = {candidate.segment.path for candidate, _ in bad}
                remaining = [each for each in remaining if each.segment.path not in excluded]
        return Answer([], Source(TRUE, ()))

    def end(self, view: View, times: TimeRange, token: CancelToken) -> None:
        """Find out what is missing from an answer that is said to be whole."""
        if times != ALL_TIME:
            view.look_everywhere(token)
        self.count_untimed(token)

    def count_untimed(self, token: CancelToken) -> None:
        """Find out which segments that were looked at have events without a time, where the footers do not tell."""
        untold = self._inventory.untold()
        if not untold:
            return
        try:
            if self._count_untimed(untold, token) == 0:
                for candidate in untold:
                    self._inventory.tell_untimed(candidate, 0)
                return
            for candidate in untold:
                self._inventory.tell_untimed(candidate, self._count_untimed([candidate], token))
        except Vanished:
            # Whoever asks next will see what is there then.
            return

    def _count_untimed(self, candidates: Sequence[Candidate], token: CancelToken) -> int:
        rows = self.ask_of(candidates, Inquiry(ALL_TIME, questions.untimed), token).rows
        return int(rows[0][0]) if rows else 0

    def check_condition(self, where: Sql, token: CancelToken) -> None:
        """Raise `UnsupportedQueryError` when DuckDB cannot evaluate a condition whatever the events are."""
        self.evaluate(questions.evaluating(where), token)

    def evaluate(self, question: Sql, token: CancelToken) -> list[Row]:
        """Return the answer to a question that is about no file.

        Raises:
            UnsupportedQueryError: DuckDB cannot evaluate it.
        """
        try:
            return self._database.rows(question.text, question.params, token)
        except QueryFault as fault:
            raise UnsupportedQueryError(f"this query cannot be evaluated: {plain(fault.message)}") from fault

    def _entry(self, candidate: Candidate) -> str:
        return entry(candidate.segment.path, self._database.alias)

    def _is_named(self, candidate: Candidate, message: str) -> bool:
        return candidate.segment.path in message or self._entry(candidate) in message

    def _ask(self, candidates: Sequence[Candidate], inquiry: Inquiry, token: CancelToken) -> Answer:
        source = source_of(candidates, inquiry.times, self._database.alias, inquiry.order)
        question = inquiry.ask(source)
        pace = inquiry.pace
        if pace is Pace.HURRIED and len(candidates) < _SEVERAL:
            pace = Pace.LONG
        rows = self._database.rows(question.text, question.params, token, may_grow=inquiry.may_grow, pace=pace)
        return Answer(rows, source)

    def _culprits(
        self, fault: QueryFault, candidates: list[Candidate], inquiry: Inquiry, token: CancelToken
    ) -> list[tuple[Candidate, str]]:
        """Return the segments that a query failed for, each with the reason; never none."""
        _raise_if_general(fault)
        _raise_if_gone(candidates)
        named = [each for each in candidates if self._is_named(each, fault.message)]
        if named:
            culprit = max(named, key=lambda each: len(each.segment.path))
            return [(culprit, _without(self._entry(culprit), plain(fault.message)))]
        self.check_condition(inquiry.where, token)
        bad = self._failing(candidates, inquiry, token)
        _raise_if_gone([candidate for candidate, _ in bad])
        if not bad:
            raise StoreError(f"the store cannot be read: {plain(fault.message)}") from fault
        return bad

    def _failing(
        self, candidates: list[Candidate], inquiry: Inquiry, token: CancelToken
    ) -> list[tuple[Candidate, str]]:
        """Find the segments that fail by halving."""
        try:
            self._ask(candidates, inquiry, token)
        except QueryFault as fault:
            _raise_if_general(fault)
            if len(candidates) == 1:
                return [(candidates[0], plain(fault.message))]
            half = len(candidates) // 2
            halves = candidates[:half], candidates[half:]
            return [found for part in halves for found in self._failing(part, inquiry, token)]
        return []


def _raise_if_gone(candidates: Iterable[Candidate]) -> None:
    for candidate in candidates:
        try:
            Path(candidate.segment.path).lstat()
        except (FileNotFoundError, NotADirectoryError):
            raise Vanished from None
        except OSError:
            continue


def _raise_if_general(fault: QueryFault) -> None:
    """Raise what is no single file's fault."""
    match fault.fault:
        case Fault.GONE:
            raise Vanished
        case Fault.INTERRUPTED:
            raise KeyboardInterrupt
        case Fault.OUT_OF_MEMORY:
            raise OutOfMemoryError(
                f"the question needs more memory than {MOST_MEMORY_MB} MB: narrow it by time, or ask for fewer events"
            ) from fault
        case Fault.TOO_MANY_FILES:
            raise StoreError("too many open files: raise the limit (ulimit -n), or narrow the time range") from fault
        case _:
            return


def _without(path: str, message: str) -> str:
    """Return a message without the path, which the problem names anyway."""
    return message.replace(f'file "{path}"', "it").replace(f"file '{path}'", "it").replace(path, "it")
