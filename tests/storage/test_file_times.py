"""Ranges of time from ranges of values: never too narrow."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.clock import DAY, HOUR, SECOND
from logtui.core.page import ALL_TIME, TimeRange
from logtui.core.times import day_start
from logtui.storage.file_schema import FileColumn, Kind, Physical, Unit
from logtui.storage.file_times import (
    FIRST_MOMENT,
    LAST_MOMENT,
    common_unit,
    lacks_zone,
    may_leave_calendar,
    plain_ranges,
    time_range,
    unit_of,
)
from logtui.storage.footers import Bound, GroupRange

TEXT = FileColumn("t", Kind.TEXT, 0, Physical.BYTES)
INTEGER = FileColumn("t", Kind.INTEGER, 0, Physical.INT64)
BOUNDS = st.one_of(
    st.integers(FIRST_MOMENT, LAST_MOMENT),
    st.sampled_from((FIRST_MOMENT - 1, FIRST_MOMENT, -1, 0, LAST_MOMENT, LAST_MOMENT + 1, 2**63 - 1, -(2**63))),
)


def group(low: Bound | None, high: Bound | None, nulls: int | None = 0) -> GroupRange:
    return GroupRange(10, low, high, nulls)


def timestamp(unit: Unit) -> FileColumn:
    return FileColumn("t", Kind.TIMESTAMP, 0, Physical.INT64, unit, is_utc=True)


class TestUnits:
    @pytest.mark.parametrize(
        ("value", "unit"),
        [
            (0, Unit.SECONDS),
            (-1, Unit.SECONDS),
            (1_790_000_000, Unit.SECONDS),
            (1_790_000_000_000, Unit.MILLIS),
            (1_790_000_000_000_000, Unit.MICROS),
            (1_790_000_000_000_000_000, Unit.NANOS),
        ],
    )
    def test_follow_from_the_magnitude(self, value: int, unit: Unit) -> None:
        assert unit_of(value) is unit

    def test_are_common_where_the_bounds_prove_it(self) -> None:
        assert common_unit([group(1_700_000_000_000, 1_790_000_000_000)]) is Unit.MILLIS
        assert common_unit([group(-5, 1_790_000_000)]) is Unit.SECONDS

    @pytest.mark.parametrize(
        "groups",
        [
            [group(1_790_000_000, 1_790_000_000_000)],
            [group(1_790_000_000, 1_790_000_001), group(1_790_000_000_000, 1_790_000_000_000)],
            [group(-1_790_000_000_000, 1_790_000_000_000)],
            [group(None, None)],
        ],
    )
    def test_are_not_common_where_there_is_doubt(self, groups: list[GroupRange]) -> None:
        assert common_unit(groups) is None


class TestPlainRanges:
    @settings(max_examples=300, deadline=None)
    @given(
        unit=st.sampled_from((Unit.MICROS, Unit.MICROS, Unit.NANOS)),
        groups=st.lists(
            st.builds(
                GroupRange,
                st.just(10),
                st.one_of(st.none(), BOUNDS, BOUNDS),
                st.one_of(st.none(), BOUNDS, BOUNDS),
                st.sampled_from((0, 0, 0, 0, 1, 10, None)),
            ),
            max_size=3,
        ),
    )
    def test_are_given_only_where_nothing_is_odd(self, unit: Unit, groups: list[GroupRange]) -> None:
        """And are those that each row group has by itself."""
        column = timestamp(unit)
        found = plain_ranges(column, groups)
        is_odd = any(may_leave_calendar(column, each) or each.nulls != 0 for each in groups)
        is_reversed = any(None not in (each.low, each.high) and each.low > each.high for each in groups)  # type: ignore[operator]
        assert (found is None) == (is_odd or is_reversed or unit is Unit.NANOS)
        assert found is None or found == [time_range(column, each) for each in groups]


class TestRanges:
    def test_of_timestamps_are_exact(self) -> None:
        assert time_range(timestamp(Unit.MICROS), group(5, 9)) == TimeRange(5, 10)
        assert time_range(timestamp(Unit.MILLIS), group(5, 9)) == TimeRange(5000, 9001)

    def test_of_finer_times_allow_for_rounding(self) -> None:
        assert time_range(timestamp(Unit.NANOS), group(5_999, 9_001)) == TimeRange(4, 11)

    def test_of_dates_are_days(self) -> None:
        column = FileColumn("t", Kind.DATE, 0, Physical.INT32)

        assert time_range(column, group(1, 2)) == TimeRange(DAY, 2 * DAY + 1)

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_of_no_numbers_are_open(self, value: float) -> None:
        column = FileColumn("t", Kind.FLOAT, 0, Physical.DOUBLE)

        assert time_range(column, group(value, value)) == ALL_TIME

    def test_of_nothing_but_missing_values_are_empty(self) -> None:
        assert time_range(INTEGER, group(None, None, nulls=10)).is_empty

    def test_without_bounds_are_open(self) -> None:
        assert time_range(INTEGER, group(None, None, nulls=None)) == ALL_TIME

    @pytest.mark.parametrize(
        ("low", "high", "first", "last"),
        [
            (b"2026-10-04T00:00:01Z", b"2026-10-04T23:59:59+02:00", "2026-10-03", "2026-10-05"),
            (b"2026-10-04", b"2026-10-30 12:00:00", "2026-09-30", "2026-11-01"),
            (b"2026-12-31T00:00:00Z", b"2026-12-31T10:00:00Z", "2026-12-30", "2027-01-01"),
            (b"2026-01-31", b"2026-12-31", "2025-12-31", "2027-01-01"),
        ],
    )
    def test_of_text_are_the_period_that_all_begin_with(self, low: bytes, high: bytes, first: str, last: str) -> None:
        assert time_range(TEXT, group(low, high)) == TimeRange(day_start(first), day_start(last) + DAY)

    @pytest.mark.parametrize(
        ("low", "high"),
        [
            (b"", b"zzz"),
            (b"1790000000", b"1790000009"),
            (b"2025-01-01", b"2026-01-01"),
            (b" 2026-01-01", b" 2026-01-02"),
        ],
    )
    def test_of_other_text_are_open(self, low: bytes, high: bytes) -> None:
        assert time_range(TEXT, group(low, high)) == ALL_TIME

    @settings(max_examples=200, deadline=None)
    @given(
        st.lists(st.integers(1_764_600_000, 1_801_400_000), min_size=1, max_size=6),
        st.sampled_from(["T%H:%M:%SZ", " %H:%M:%S", "T%H:%M:%S+14:00", "T%H:%M:%S-12:00"]),
    )
    def test_of_text_hold_every_time_between_the_bounds(self, seconds: list[int], form: str) -> None:
        """Fourteen months around two new years, in the outermost zones."""
        texts = [datetime.fromtimestamp(at, UTC).strftime(f"%Y-%m-%d{form}").encode() for at in seconds]

        times = time_range(TEXT, group(min(texts), max(texts)))

        zone = re.search(r"([+-]\d\d):00$", form)
        shift = int(zone[1]) * HOUR if zone else 0
        for at in seconds:
            moment = at * SECOND - shift
            assert times.start is None or times.start <= moment
            assert times.end is None or moment < times.end


class TestZones:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-10-04T09:30:00Z",
            "2026-10-04T09:30:00.123+02:00",
            "2026-10-04 09:30:00-0700",
            "2026-10-04T09:30:00 UTC",
            "1790000000",
        ],
    )
    def test_are_seen(self, text: str) -> None:
        assert not lacks_zone(group(text.encode(), text.encode()))

    @pytest.mark.parametrize(
        "text", ["2026-10-04T09:30:00", "2026-10-04 09:30:00.123", "2026-10-04", "2026-10-04T09:30"]
    )
    def test_are_missed(self, text: str) -> None:
        assert lacks_zone(group(text.encode(), text.encode()))
