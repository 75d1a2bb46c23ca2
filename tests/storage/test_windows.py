"""How far a window reaches: an estimate that never misses the end."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.clock import DAY, HOUR
from logtui.core.page import ALL_TIME, Order, TimeRange
from logtui.storage.facts import Slice
from logtui.storage.windows import days_in, next_target, reach

EVEN = [Slice(2400, TimeRange(day * DAY, (day + 1) * DAY)) for day in range(10)]


class TestReach:
    def test_holds_about_as_many_events_as_asked(self) -> None:
        newest = reach(EVEN, ALL_TIME, 600, Order.NEWEST_FIRST)
        oldest = reach(EVEN, ALL_TIME, 600, Order.OLDEST_FIRST)

        assert newest.time == pytest.approx(10 * DAY - 6 * HOUR, abs=2)
        assert oldest.time == pytest.approx(6 * HOUR, abs=2)

    def test_goes_on_from_what_is_left(self) -> None:
        found = reach(EVEN, TimeRange(2 * DAY, 5 * DAY), 2400, Order.NEWEST_FIRST)

        assert found.time == pytest.approx(4 * DAY, abs=2)

    def test_adds_up_segments_of_one_time(self) -> None:
        found = reach([*EVEN, *EVEN], ALL_TIME, 1200, Order.NEWEST_FIRST)

        assert found.time == pytest.approx(10 * DAY - 6 * HOUR, abs=2)

    def test_leaps_over_times_without_events(self) -> None:
        found = reach([EVEN[9], EVEN[0]], ALL_TIME, 2500, Order.NEWEST_FIRST)

        assert found.time == pytest.approx(23 * HOUR, abs=HOUR)

    def test_takes_all_that_is_left_when_that_is_less(self) -> None:
        assert reach(EVEN, ALL_TIME, 50_000, Order.NEWEST_FIRST).time is None
        assert reach([], ALL_TIME, 1, Order.NEWEST_FIRST).time is None

    def test_says_nothing_by_segments_of_unknown_times(self) -> None:
        assert reach([Slice(10**9, ALL_TIME)], ALL_TIME, 10, Order.NEWEST_FIRST).time is None

    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(st.tuples(st.integers(1, 10**6), st.integers(-50, 50), st.integers(0, 30)), max_size=8),
        st.floats(1, 1e7),
        st.sampled_from(list(Order)),
        st.tuples(st.none() | st.integers(-60, 60), st.none() | st.integers(-60, 60)),
    )
    def test_always_moves_on(
        self, parts: list[tuple[int, int, int]], target: float, order: Order, ends: tuple[int | None, int | None]
    ) -> None:
        """A walk by windows comes to its end: each one takes a part of what is left, or all of it."""
        left = TimeRange(*ends)
        slices = [Slice(rows, TimeRange(start, start + length)) for rows, start, length in parts]
        for _ in range(200):
            if left.is_empty:
                break
            found = reach(slices, left, target, order)
            if found.time is None:
                return
            window = (
                TimeRange(found.time, left.end) if order is Order.NEWEST_FIRST else TimeRange(left.start, found.time)
            )
            assert not window.is_empty
            left = TimeRange(left.start, found.time) if order is Order.NEWEST_FIRST else TimeRange(found.time, left.end)
        else:
            raise AssertionError("the walk does not end")


class TestNextTarget:
    def test_grows_while_nothing_is_found(self) -> None:
        assert next_target(1000, 0.001) == 8000

    def test_fits_what_was_found(self) -> None:
        assert next_target(1000, 0.001, found=100, wanted=50) == 1000
        assert next_target(1000, 0.001, found=1, wanted=50) == 8000

    def test_keeps_steps_short_enough_to_show_progress(self) -> None:
        assert next_target(1000, 0.2) == 2000
        assert next_target(1000, 4.0) == 500


def test_days_are_utc_days_since_1970() -> None:
    assert list(days_in(TimeRange(0, DAY))) == [0]
    assert list(days_in(TimeRange(-1, DAY + 1))) == [-1, 0, 1]
    assert list(days_in(TimeRange(5, 5))) == []
    assert list(days_in(ALL_TIME)) == []
