"""Buckets: round widths that fit, and counts that are neither lost nor moved when they are put together."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.buckets import STEPS, choose_bucket, covering, spread
from logtui.core.clock import DAY, HOUR, MINUTE, SECOND
from logtui.core.page import Histogram
from logtui.core.times import day_start

NOON = day_start("2026-10-04") + 12 * HOUR
TIMES = st.integers(0, 4 * 10**15)
SPANS = st.sampled_from([0, 1, SECOND, 90 * SECOND, HOUR, DAY, 30 * DAY, 400 * DAY, 90_000 * DAY])
COLUMNS = st.integers(1, 300)


class TestChooseBucket:
    @pytest.mark.parametrize(
        ("span", "columns", "bucket"),
        [
            (0, 100, STEPS[0]),
            (MINUTE, 120, SECOND),
            (15 * MINUTE, 120, 10 * SECOND),
            (HOUR, 120, 30 * SECOND),
            (DAY, 120, 15 * MINUTE),
            (7 * DAY, 120, 2 * HOUR),
            (30 * DAY, 120, 6 * HOUR),
            (30 * DAY, 40, DAY),
            (365 * DAY, 76, 7 * DAY),
            (3650 * DAY, 76, 91 * DAY),
        ],
    )
    def test_width_is_the_smallest_round_one_that_fits(self, span: int, columns: int, bucket: int) -> None:
        assert choose_bucket(NOON, NOON + span, columns) == bucket

    @settings(deadline=None)
    @given(start=TIMES, span=SPANS, columns=COLUMNS)
    def test_buckets_always_fit(self, start: int, span: int, columns: int) -> None:
        """One column has to do for a span within one bucket; a span across a border may need two."""
        bucket = choose_bucket(start, start + span, columns)
        assert covering(start, start + span, bucket) <= max(2, columns)

    def test_steps_below_a_day_divide_it(self) -> None:
        assert not [step for step in STEPS if step < DAY and DAY % step]


class TestSpread:
    def test_empty_buckets_are_shown_over_the_whole_span(self) -> None:
        counts = Histogram(NOON, HOUR, (1, 0, 2))
        assert spread(counts, NOON - 2 * HOUR, NOON + 4 * HOUR, 80) == Histogram(
            NOON - 2 * HOUR, HOUR, (0, 0, 1, 0, 2, 0)
        )

    def test_buckets_are_put_together_where_columns_are_few(self) -> None:
        counts = Histogram(NOON, HOUR, (1, 2, 3, 4, 5, 6))
        assert spread(counts, NOON, NOON + 6 * HOUR, 3) == Histogram(NOON, 2 * HOUR, (3, 7, 11))

    def test_counts_outside_the_span_are_left_out(self) -> None:
        assert spread(Histogram(NOON, HOUR, (1, 2, 4)), NOON + HOUR, NOON + 2 * HOUR, 80).counts == (2,)

    @settings(deadline=None, max_examples=60)
    @given(
        start=st.integers(0, 10**6),
        bucket=st.sampled_from([SECOND, MINUTE, HOUR, 7 * DAY]),
        counts=st.lists(st.integers(0, 99), min_size=1, max_size=400),
        columns=COLUMNS,
    )
    def test_no_event_is_lost(self, start: int, bucket: int, counts: list[int], columns: int) -> None:
        given_counts = Histogram(start * bucket, bucket, tuple(counts))
        end = given_counts.start + bucket * len(counts)
        shown = spread(given_counts, given_counts.start, end, columns)
        assert sum(shown.counts) == sum(counts)
        assert len(shown.counts) <= max(2, columns)
        assert shown.start % shown.bucket == 0
        assert shown.start <= given_counts.start
        assert end <= shown.start + shown.bucket * len(shown.counts)
