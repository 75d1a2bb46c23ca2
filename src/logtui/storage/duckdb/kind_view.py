"""A view without the segments whose summaries say that nothing in them can match.

So a type that is rare costs the reading of the segments that hold it, and one that is nowhere costs no reading.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING

from logtui.core.cancel import CancelToken
from logtui.core.page import ALL_TIME, Order, TimeRange
from logtui.core.query.ast import Node
from logtui.storage.duckdb.reader import Reader
from logtui.storage.inventory import Candidate
from logtui.storage.listing import Directory
from logtui.storage.views import View

if TYPE_CHECKING:
    from logtui.storage.known_summaries import KnownSummaries

_NEAR = 2
"""Directories that are not asked about: most walks end in them, sooner than summaries are read."""
_AHEAD, _MOST_AHEAD = 8, 512
"""Directories whose summaries are read at once, at first and at most: which kinds match is asked for all of them."""


class KindView:
    """Implements `View`. Used by one thread."""

    def __init__(
        self, view: View, reader: Reader, condition: Node, summaries: Callable[[], KnownSummaries], token: CancelToken
    ) -> None:
        """Narrow a view down.

        Args:
            condition: what events have to meet.
            summaries: gives the summaries; only walks that go far need them.
        """
        self._view = view
        self._reader = reader
        self._condition = condition
        self._summaries = summaries
        self._token = token
        self._near: frozenset[str] | None = None
        self._judge: _Judge | None = None

    def directories(self, times: TimeRange = ALL_TIME, order: Order = Order.NEWEST_FIRST, /) -> Iterator[Directory]:
        listed = list(self._view.directories(times, order))
        if self._near is None:
            self._near = frozenset(each.path for each in listed[:_NEAR])
        ahead, step = 0, _AHEAD
        for at, directory in enumerate(listed):
            if at >= ahead and directory.path not in self._near:
                ahead, step = at + step, min(2 * step, _MOST_AHEAD)
                self._prepare(listed[at:ahead], times)
            yield directory

    def days(self, times: TimeRange, /) -> list[int]:
        return self._view.days(times)

    def within(self, directory: Directory, times: TimeRange, /) -> list[Candidate]:
        found = self._view.within(directory, times)
        if self._near is None or directory.path in self._near:
            return found
        judge = self._judge or self._prepare((), times)
        return [each for each in found if judge.may_match(each)]

    def candidates(self, times: TimeRange = ALL_TIME, /) -> list[Candidate]:
        return [each for directory in self._view.directories(times) for each in self.within(directory, times)]

    def renew(self) -> None:
        self._view.renew()

    def look_everywhere(self, token: CancelToken, /) -> None:
        self._view.look_everywhere(token)

    def _prepare(self, directories: Iterable[Directory], times: TimeRange) -> _Judge:
        if self._judge is None:
            self._judge = _Judge(self._reader, self._condition, self._summaries(), self._token)
        self._judge.learn(each for directory in directories for each in self._view.within(directory, times))
        return self._judge


class _Judge:
    """Tells which segments may hold events that match."""

    def __init__(self, reader: Reader, condition: Node, summaries: KnownSummaries, token: CancelToken) -> None:
        from logtui.storage.duckdb.chosen_kinds import ChosenKinds
        from logtui.storage.duckdb.compiler import condition_sql
        from logtui.storage.event_kinds import decidable, parts_of

        decided = decidable(condition)
        self._parts = parts_of(decided) or frozenset[str]()
        self._chosen = ChosenKinds(reader, summaries.kinds, condition_sql(decided))
        self._summaries = summaries
        self._token = token

    def learn(self, candidates: Iterable[Candidate]) -> None:
        """Read the summaries of some segments, and find out which of their kinds match."""
        for candidate in candidates if self._parts else ():
            self._token.check()
            self._summaries.of(candidate)
        if self._parts:
            self._chosen.flags(self._token)

    def may_match(self, candidate: Candidate) -> bool:
        """Tell whether a segment may hold an event that matches."""
        counted = self._summaries.of(candidate) if self._parts else None
        if counted is None or not self._parts.issubset(counted.summary.parts):
            return True
        flags = self._chosen.flags(self._token)
        return any(flags[number] for number in counted.kinds)
