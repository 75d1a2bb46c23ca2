"""Merging small segments: which ones, and in which order of steps.

Choosing is pure. A segment is left alone once it has half of the target size. Below that, segments are merged when the
largest of them does not outweigh the others too much: each time that an event is written again, it is then in a
segment that is larger by a fixed factor, so it is written again a bounded number of times, however many late segments
still come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, SECOND, Clock
from logtui.core.errors import SegmentError
from logtui.core.page import Problem
from logtui.core.times import day_start
from logtui.storage.compactor import Compactor, DayState, Mergeable, Merged, Unfinished
from logtui.storage.sidecars import LEAST_ROWS

DEFAULT_TARGET = 256 * 1024 * 1024
DEFAULT_GRACE = 60 * SECOND
MOST_ROWS = 2_000_000
"""Of one merged segment."""
MOST_INPUTS = 2_000
"""Of one merge: all of their names are known to every reader for a while."""

_SMALLEST = 16 * 1024
"""A segment weighs at least this much: opening it costs as much as reading so many bytes."""
_OPEN_LEAST, _OPEN_RATIO = 8, 1
"""A day that still grows: so many segments at least, the largest no heavier than the others together."""
_CLOSED_LEAST, _CLOSED_RATIO = 2, 4
_CLOSED_AFTER = HOUR
"""After midnight, until which events of the day are still expected."""


@dataclass(frozen=True, slots=True)
class Group:
    """Segments of one day that are to become one."""

    day: str
    inputs: tuple[Mergeable, ...]

    @property
    def size(self) -> int:
        """Bytes of all inputs."""
        return sum(each.size for each in self.inputs)

    @property
    def rows(self) -> int:
        """Events of all inputs."""
        return sum(each.rows for each in self.inputs)


@dataclass(frozen=True, slots=True)
class Plan:
    """What one look at the store found to do."""

    days: tuple[DayState, ...]
    groups: tuple[Group, ...]
    unindexed: tuple[tuple[str, str], ...] = ()
    """Day and name of the segments that lack sidecars, and stay as they are for now."""

    @property
    def rows(self) -> int:
        """Events that will be written again."""
        return sum(group.rows for group in self.groups)


@dataclass(slots=True)
class Outcome:
    """What a run did."""

    merged: list[Merged] = field(default_factory=list)
    indexed: int = 0
    """Segments that got the sidecars that they lacked."""
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Compaction:
    """How a store is to be compacted."""

    compactor: Compactor
    clock: Clock
    """Tells which days still grow."""
    target: int = DEFAULT_TARGET
    """Bytes of a merged segment."""
    grace: int = DEFAULT_GRACE
    """Microseconds that inputs stay for readers that began before; longer than any question takes."""
    days: frozenset[str] = frozenset()
    """Only these; empty for all."""

    def plan(self) -> Plan:
        """Look at the store and choose what to merge. Changes nothing.

        Raises:
            StoreError: the store cannot be listed.
        """
        days = [day for day in self.compactor.days() if not self.days or day in self.days]
        states = tuple(map(self.compactor.look, days))
        groups = tuple(group for state in states for group in self._groups(state))
        merged = {(group.day, each.name) for group in groups for each in group.inputs}
        unindexed = ((state.day, each.name) for state in states for each in self._unindexed(state))
        return Plan(states, groups, tuple(each for each in unindexed if each not in merged))

    def merge(self, plan: Plan, outcome: Outcome, *, token: CancelToken, tell_rows: Callable[[int], None]) -> None:
        """Do what was planned. Only while maintaining.

        Damaged inputs are noted in `outcome`, and what they were to be merged with is merged without them.

        Args:
            tell_rows: gets the number of events that were written since the last call.

        Raises:
            StoreError: the disk is full or something else is wrong; what was merged before stays merged.
            Cancelled: likewise.
        """
        for state in plan.days:
            outcome.problems += [problem for problem in state.problems if problem.is_loss]
        for group in plan.groups:
            self._merge(group, outcome, token, tell_rows)

    def index(self, plan: Plan, outcome: Outcome, *, token: CancelToken, tell: Callable[[int], None]) -> None:
        """Make what segments lack that questions are answered from faster. Only while maintaining.

        Args:
            tell: gets how many segments are done.

        Raises:
            Cancelled: the token was cancelled; what was made before stays.
        """
        for done, (day, name) in enumerate(plan.unindexed):
            tell(done)
            try:
                outcome.indexed += self.compactor.index(day, name, token=token)
            except SegmentError as error:
                outcome.problems.append(Problem(f"date={day}/{name}", str(error)))

    def finish(self, outcome: Outcome) -> int | None:
        """Remove the inputs of merges whose grace is over. Only while maintaining.

        Returns:
            microseconds until the next one is due; None when there is none.
        """
        waits = []
        for each in self.compactor.unfinished():
            wait = self._until_due(each)
            if wait > 0:
                waits.append(wait)
            elif problem := self.compactor.finish(each):
                outcome.problems.append(problem)
        return min(waits, default=None)

    def _until_due(self, merge: Unfinished) -> int:
        return self.grace - merge.age

    def _merge(self, group: Group, outcome: Outcome, token: CancelToken, tell_rows: Callable[[int], None]) -> None:
        inputs = group.inputs
        while len(inputs) > 1:
            try:
                done = self.compactor.merge(group.day, inputs, token=token, tell_rows=tell_rows)
            except SegmentError as error:
                culprit = error.path.rpartition("/")[2]
                outcome.problems.append(Problem(f"date={group.day}/{culprit}", str(error)))
                inputs = tuple(each for each in inputs if each.name != culprit)
                continue
            if done is not None:
                outcome.merged.append(done)
            return

    def _groups(self, state: DayState) -> Iterator[Group]:
        least, ratio = (_OPEN_LEAST, _OPEN_RATIO) if self._is_open(state) else (_CLOSED_LEAST, _CLOSED_RATIO)
        small = [each for each in state.segments if each.size < self.target // 2 and each.rows < MOST_ROWS // 2]
        for part in self._parts(worth_merging(small, least, ratio)):
            if inputs := worth_merging(part, 2, ratio):
                yield Group(state.day, tuple(inputs))

    def _unindexed(self, state: DayState) -> list[Mergeable]:
        """Return what lacks sidecars, without what will be merged soon."""
        least = LEAST_ROWS if self._is_open(state) else 0
        return [each for each in state.segments if each.name in state.unindexed and each.rows >= least]

    def _is_open(self, state: DayState) -> bool:
        return self.clock() < day_start(state.day) + DAY + _CLOSED_AFTER

    def _parts(self, segments: Sequence[Mergeable]) -> Iterator[list[Mergeable]]:
        """Cut what is to be merged into segments of the target size that follow each other in time."""
        part: list[Mergeable] = []
        for each in sorted(segments, key=lambda each: (-each.newest, each.name)):
            size, rows = sum(one.size for one in part), sum(one.rows for one in part)
            is_full = size + each.size > self.target or rows + each.rows > MOST_ROWS or len(part) >= MOST_INPUTS
            if part and is_full:
                yield part
                part = []
            part.append(each)
        if part:
            yield part


def worth_merging(segments: Sequence[Mergeable], least: int, ratio: int) -> list[Mergeable]:
    """Return the most segments of which the largest weighs at most `ratio` times as much as the others together."""
    rising = sorted(segments, key=lambda each: (each.size, each.name))
    others = [0]
    for each in rising:
        others.append(others[-1] + max(each.size, _SMALLEST))
    for count in range(len(rising), least - 1, -1):
        if max(rising[count - 1].size, _SMALLEST) <= ratio * others[count - 1]:
            return rising[:count]
    return []
