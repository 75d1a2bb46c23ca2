"""Asks a question about files, whatever happens to the files meanwhile.

A file that vanishes (retention, compaction) means: look again and ask again, whole. A file that cannot be read means:
leave it out, report it, ask again. DuckDB has no such tolerance: one bad file fails a query.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError, UnsupportedQueryError
from logtui.core.page import TimeRange
from logtui.storage.duckdb import questions
from logtui.storage.duckdb.connection import MEMORY_LIMIT, Database, Row
from logtui.storage.duckdb.errors import Fault, QueryFault, plain
from logtui.storage.duckdb.source import entry, source_of
from logtui.storage.duckdb.sql import Sql
from logtui.storage.inventory import Candidate, Inventory, View

_MOST_RENEWALS = 5

Ask = Callable[[Sql], Sql]


class Vanished(Exception):  # noqa: N818 - a reason to look again
    """A file was there when it was listed, and is gone."""


class Reader:
    """Runs questions over segments. Safe to use from several threads."""

    def __init__(self, database: Database, inventory: Inventory) -> None:
        self._database = database
        self._inventory = inventory

    def rows(self, view: View, times: TimeRange, ask: Ask, where: Sql, token: CancelToken) -> list[Row]:
        """Return the answer from all segments that may hold events of `times`; no rows where there is no segment.

        Args:
            where: the condition in the question, which may turn out to be what DuckDB refuses.

        Raises:
            Cancelled: the token was cancelled.
            UnsupportedQueryError: DuckDB cannot evaluate the condition.
            StoreError: files keep vanishing, or there is not enough memory.
        """
        for _ in range(_MOST_RENEWALS + 1):
            try:
                return self.rows_of(view.candidates(times), times, ask, where, token)
            except Vanished:
                view.renew()
        raise StoreError("the store's files change faster than they can be read; try again when that is over")

    def rows_of(
        self, candidates: Sequence[Candidate], times: TimeRange, ask: Ask, where: Sql, token: CancelToken
    ) -> list[Row]:
        """Return the answer from these segments, without those that turn out to be unreadable.

        Raises:
            Vanished: one of them is gone.
        """
        remaining = list(candidates)
        while remaining:
            question = ask(source_of(remaining, times))
            try:
                return self._ask(question, token)
            except QueryFault as fault:
                bad = self._culprits(fault, remaining, times, ask, where, token)
                for candidate, message in bad:
                    self._inventory.exclude(candidate.segment, f"cannot be read: {message}")
                excluded = {candidate.segment.path for candidate, _ in bad}
                remaining = [each for each in remaining if each.segment.path not in excluded]
        return []

    def check_condition(self, where: Sql, token: CancelToken) -> None:
        """Raise `UnsupportedQueryError` when DuckDB cannot evaluate a condition whatever the events are."""
        try:
            self._ask(questions.evaluating(where), token)
        except QueryFault as fault:
            raise UnsupportedQueryError(f"this query cannot be evaluated: {plain(fault.message)}") from fault

    def _ask(self, question: Sql, token: CancelToken) -> list[Row]:
        return self._database.rows(question.text, question.params, token)

    def _culprits(
        self,
        fault: QueryFault,
        candidates: list[Candidate],
        times: TimeRange,
        ask: Ask,
        where: Sql,
        token: CancelToken,
    ) -> list[tuple[Candidate, str]]:
        """Return the segments that a query failed for, each with the reason; never none."""
        _raise_if_general(fault)
        if any(not Path(each.segment.path).exists() for each in candidates):
            raise Vanished
        named = [each for each in candidates if _names(fault.message, each)]
        if named:
            return [(max(named, key=lambda each: len(each.segment.path)), _short(fault.message, named))]
        self.check_condition(where, token)
        bad = list(self._failing(candidates, times, ask, token))
        if not bad:
            raise StoreError(f"the store cannot be read: {plain(fault.message)}") from fault
        return bad

    def _failing(
        self, candidates: list[Candidate], times: TimeRange, ask: Ask, token: CancelToken
    ) -> list[tuple[Candidate, str]]:
        """Find the segments that fail by halving."""
        question = ask(source_of(candidates, times))
        try:
            self._ask(question, token)
        except QueryFault as fault:
            _raise_if_general(fault)
            if len(candidates) == 1:
                return [(candidates[0], plain(fault.message))]
            half = len(candidates) // 2
            halves = candidates[:half], candidates[half:]
            return [found for part in halves for found in self._failing(part, times, ask, token)]
        return []


def _raise_if_general(fault: QueryFault) -> None:
    """Raise what is no single file's fault."""
    match fault.fault:
        case Fault.INTERRUPTED:
            raise KeyboardInterrupt
        case Fault.OUT_OF_MEMORY:
            raise StoreError(
                f"the question needs more memory than {MEMORY_LIMIT}: narrow it by time, or ask for fewer events"
            ) from fault
        case Fault.TOO_MANY_FILES:
            raise StoreError("too many open files: raise the limit (ulimit -n), or narrow the time range") from fault
        case _:
            return


def _names(message: str, candidate: Candidate) -> bool:
    path = candidate.segment.path
    return path in message or entry(path) in message


def _short(message: str, named: list[Candidate]) -> str:
    """Return the message without the path, which the problem names anyway."""
    text = plain(message)
    for candidate in named:
        for path in (candidate.segment.path, entry(candidate.segment.path)):
            text = text.replace(f'file "{path}"', "it").replace(f"file '{path}'", "it").replace(path, "it")
    return text
