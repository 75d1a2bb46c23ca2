"""Which segments are merged: small ones, into large ones, and each event a bounded number of times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, SECOND, frozen_clock
from logtui.core.errors import SegmentError
from logtui.core.page import Problem
from logtui.core.times import day_start
from logtui.services.compact import MOST_INPUTS, MOST_ROWS, Compaction, Outcome, worth_merging
from logtui.storage.compactor import DayState, Mergeable, Merged, Unfinished

TODAY = "2026-10-05"
MIDNIGHT = day_start(TODAY)
LATER = MIDNIGHT + 30 * DAY
MB = 1_000_000
TARGET = 256 * MB


def segment(number: int, size: int = MB, rows: int = 1000) -> Mergeable:
    return Mergeable(f"i-{number:06}.parquet", size, rows, MIDNIGHT + number)


class Shelf:
    """A `Compactor` of sizes alone."""

    def __init__(self, *segments: Mergeable, damaged: Sequence[str] = ()) -> None:
        self.segments = list(segments)
        self.damaged = damaged
        self.waiting: list[Unfinished] = []
        self.written = 0

    @contextmanager
    def maintaining(self) -> Iterator[None]:
        yield

    def recover(self) -> None:
        pass

    def days(self) -> Sequence[str]:
        return [TODAY]

    def look(self, day: str) -> DayState:
        return DayState(day, tuple(self.segments))

    def merge(
        self, day: str, inputs: Sequence[Mergeable], *, token: CancelToken, tell_rows: Callable[[int], None]
    ) -> Merged | None:
        for each in inputs:
            if each.name in self.damaged:
                raise SegmentError("is damaged", f"/store/{each.name}")
        size, rows = sum(each.size for each in inputs), sum(each.rows for each in inputs)
        self.written += size
        merged = Mergeable(f"c-{self.written:012}.parquet", size, rows, max(each.newest for each in inputs))
        self.segments = [each for each in self.segments if each not in inputs] + [merged]
        self.waiting.append(Unfinished(day, merged.name, 0))
        return Merged(day, merged.name, rows, len(inputs), size, size)

    def index(self, day: str, name: str, *, token: CancelToken) -> bool:
        return False

    def unfinished(self) -> tuple[Unfinished, ...]:
        return tuple(self.waiting)

    def finish(self, merge: Unfinished) -> Problem | None:
        self.waiting.remove(merge)
        return None


def groups(*segments: Mergeable, now: int = LATER) -> list[list[str]]:
    plan = Compaction(Shelf(*segments), frozen_clock(now), TARGET).plan()
    return [[each.name for each in group.inputs] for group in plan.groups]


class TestChoice:
    def test_a_day_that_is_over_becomes_one_segment(self) -> None:
        assert [len(each) for each in groups(*map(segment, range(30)))] == [30]

    def test_one_segment_is_left_alone(self) -> None:
        assert groups(segment(1)) == []

    def test_large_segments_are_left_alone(self) -> None:
        assert groups(segment(1, TARGET // 2), segment(2, MB, MOST_ROWS // 2), segment(3)) == []

    def test_a_late_event_does_not_rewrite_a_large_segment(self) -> None:
        large = segment(0, 100 * MB)

        assert groups(large, segment(1)) == []
        assert groups(large, segment(1), segment(2)) == [["i-000001.parquet", "i-000002.parquet"]]
        assert [len(each) for each in groups(large, *(segment(n) for n in range(1, 30)))] == [30]

    def test_a_day_that_needs_more_gets_several_that_follow_each_other_in_time(self) -> None:
        found = groups(*(segment(number, 50 * MB) for number in range(12)))

        assert [len(each) for each in found] == [5, 5, 2]
        newest_first = [f"i-{number:06}.parquet" for number in range(11, -1, -1)]
        assert [set(each) for each in found] == [set(newest_first[:5]), set(newest_first[5:10]), set(newest_first[10:])]

    def test_rows_and_inputs_are_bounded_too(self) -> None:
        assert [len(each) for each in groups(*(segment(n, MB, MOST_ROWS // 4) for n in range(8)))] == [4, 4]
        assert [len(each) for each in groups(*(segment(n, 100) for n in range(MOST_INPUTS + 2)))] == [MOST_INPUTS, 2]

    @pytest.mark.parametrize(("now", "merged"), [(MIDNIGHT + DAY, 0), (MIDNIGHT + DAY + HOUR, 7)])
    def test_a_day_that_still_grows_waits_for_more(self, now: int, merged: int) -> None:
        assert sum(map(len, groups(*map(segment, range(7)), now=now))) == merged
        assert [len(each) for each in groups(*map(segment, range(8)), now=now)] == [8]

    @given(st.lists(st.integers(1, 50 * MB), max_size=30), st.integers(2, 8), st.integers(1, 4))
    def test_what_is_merged_is_the_smallest_and_never_dominated_by_one(
        self, sizes: list[int], least: int, ratio: int
    ) -> None:
        segments = [segment(number, size) for number, size in enumerate(sizes)]
        chosen = worth_merging(segments, least, ratio)

        weights = sorted(max(each.size, 16 * 1024) for each in chosen)
        assert not chosen or len(chosen) >= least
        assert not chosen or weights[-1] <= ratio * sum(weights[:-1])
        assert (
            sorted(chosen, key=lambda each: each.size)
            == sorted(segments, key=lambda each: (each.size, each.name))[: len(chosen)]
        )

    @pytest.mark.parametrize("now", [MIDNIGHT, LATER])
    def test_each_byte_is_written_again_a_bounded_number_of_times(self, now: int) -> None:
        """Ten thousand segments come one by one, and the store is compacted after each."""
        shelf = Shelf()
        compaction = Compaction(shelf, frozen_clock(now), TARGET)
        for number in range(10_000):
            shelf.segments.append(segment(number, 20_000, 50))
            compaction.merge(compaction.plan(), Outcome(), token=CancelToken(), tell_rows=lambda _: None)

        assert shelf.written < 14 * 10_000 * 20_000  # log2 of 256 MB in 20 kB
        assert len(shelf.segments) < 30


class TestRun:
    def test_a_damaged_input_is_noted_and_the_rest_merged(self) -> None:
        shelf, outcome = Shelf(*map(segment, range(5)), damaged=["i-000003.parquet", "i-000001.parquet"]), Outcome()
        compaction = Compaction(shelf, frozen_clock(LATER), TARGET)
        compaction.merge(compaction.plan(), outcome, token=CancelToken(), tell_rows=lambda _: None)

        assert [each.inputs for each in outcome.merged] == [3]
        assert {each.path for each in outcome.problems} == {
            f"date={TODAY}/i-000001.parquet", f"date={TODAY}/i-000003.parquet",
        }  # fmt: skip

    def test_inputs_go_when_their_grace_is_over(self) -> None:
        shelf = Shelf()
        shelf.waiting = [Unfinished(TODAY, "c-1", 20 * SECOND), Unfinished(TODAY, "c-2", 0)]

        def wait_with(grace: int) -> int | None:
            return Compaction(shelf, frozen_clock(LATER), TARGET, grace).finish(Outcome())

        assert wait_with(60 * SECOND) == 40 * SECOND
        assert wait_with(21 * SECOND) == SECOND
        assert wait_with(20 * SECOND) == 20 * SECOND
        assert [each.name for each in shelf.waiting] == ["c-2"]
        assert wait_with(0) is None
        assert shelf.waiting == []

    def test_only_the_days_that_were_named_are_looked_at(self) -> None:
        shelf = Shelf(*map(segment, range(5)))

        assert Compaction(shelf, frozen_clock(LATER), TARGET, days=frozenset({"2026-10-06"})).plan().days == ()
        assert len(Compaction(shelf, frozen_clock(LATER), TARGET, days=frozenset({TODAY})).plan().groups) == 1
