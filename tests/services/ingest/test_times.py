"""Times as vendors write them: every form is read exactly, and what is no time is none."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtui.core.clock import SECOND
from logtui.services.ingest.times import EventTime, read_time

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AT = 1_790_000_000 * SECOND
"""2026-09-21T14:13:20Z"""

instants = st.datetimes(datetime(1970, 1, 1), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001
offsets = st.integers(-23 * 60 - 59, 23 * 60 + 59)


def micros(at: datetime) -> int:
    return (at - EPOCH) // timedelta(microseconds=1)


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-09-21T14:13:20Z",
            "2026-09-21t14:13:20z",
            "2026-09-21 14:13:20Z",
            "2026-09-21 14:13:20 UTC",
            "2026-09-21 14:13:20 +0000",
            "2026-09-21T16:13:20+02:00",
            "2026-09-21T16:13:20+0200",
            "2026-09-21T16:13:20+02",
            "2026-09-21T08:43:20-05:30",
            "2026-09-22T13:13:20+23:00",
            "2026-09-21T14:13:20-00:00",
            "2026-09-21T14:13:20.0Z",
            "2026-09-21T14:13:20,000Z",
            "2026-09-21T14:13:20.000000000Z",
            " 2026-09-21T14:13:20Z\n",
        ],
    )
    def test_an_instant_is_the_same_in_every_spelling(self, text: str) -> None:
        """Separator, case, offset and fraction do not change which instant is meant."""
        assert read_time(text) == EventTime(AT, has_zone=True)

    @pytest.mark.parametrize(
        ("fraction", "expected"),
        [
            ("", 0),
            (".1", 100_000),
            (".12", 120_000),
            (".123", 123_000),
            (".1234", 123_400),
            (".12345", 123_450),
            (".123456", 123_456),
            (".1234567", 123_456),
            (".12345678", 123_456),
            (".999999999", 999_999),
        ],
    )
    def test_fractions_of_any_length_are_cut_to_microseconds(self, fraction: str, expected: int) -> None:
        """No rounding up: an event never moves into the next second, or the next day."""
        assert read_time(f"2026-09-21T14:13:20{fraction}Z") == EventTime(AT + expected, has_zone=True)

    @pytest.mark.parametrize("text", ["2026-09-21 14:13:20", "2026-09-21T14:13:20.000", "2026-09-21 14:13:20000000"])
    def test_a_text_without_zone_is_utc_and_says_so(self, text: str) -> None:
        """The pipeline tells the user once that a zone was assumed."""
        assert read_time(text) == EventTime(AT, has_zone=False)

    def test_seconds_may_be_missing(self) -> None:
        """ISO 8601 allows it."""
        assert read_time("2026-09-21T14:13Z") == EventTime(AT - 20 * SECOND, has_zone=True)

    @pytest.mark.parametrize("text", ["2016-12-31T23:59:60Z", "2017-01-01T00:59:60+01:00", "2017-01-01T00:00:00Z"])
    def test_a_leap_second_is_the_second_after_it(self, text: str) -> None:
        """As Unix time has it."""
        assert read_time(text) == EventTime(1_483_228_800 * SECOND, has_zone=True)

    @pytest.mark.parametrize(
        "text",
        [
            "",
            " ",
            "now",
            "today",
            "yesterdayish",
            "2026-09-21",
            "14:13:20",
            "2026-02-29T00:00:00Z",
            "2026-13-01T00:00:00Z",
            "2026-09-21T24:00:00Z",
            "2026-09-21T14:60:00Z",
            "2026-09-21T14:13:61Z",
            "2026-09-21T14:13:60Z",
            "2016-12-31T23:59:60+01:00",
            "2026-09-21T14:13:20+24:00",
            "2026-09-21T14:13:20+02:60",
            "2026-09-21T14:13:20.Z",
            "2026-09-21T14:13:20.1234567890Z",
            "2026-09-21T14:13:20Europe/Berlin",
            "2026-09-21T14:13:20Z\x00",
            "٢٠٢٦-09-21T14:13:20Z",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01",
            "9999-12-31T23:59:59-00:01",
            "10000-01-01T00:00:00Z",
            "2024-12-17 00:00:00000001",
            "-1",
            "1e400",
            "1_790_000_000",
            "0x10",
            "9" * 22,
            "9" * 5000,
        ],
    )
    def test_what_is_no_time_is_none(self, text: str) -> None:
        """A wrong guess would put an event into a wrong day."""
        assert read_time(text) is None

    @given(instants, offsets, st.sampled_from("Tt "))
    def test_any_instant_in_any_offset(self, at: datetime, offset: int, separator: str) -> None:
        """The offset is taken off, to the microsecond."""
        local = at.astimezone(timezone(timedelta(minutes=offset))).isoformat(separator)
        assert read_time(local) == EventTime(micros(at), has_zone=True)

    @given(
        st.from_regex(
            r"2026-1[0-3]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:?[0-6٣]?[0-9]?[.,]?[0-9.]{0,8}", fullmatch=True
        )
    )
    def test_z_means_what_an_offset_of_nothing_means(self, text: str) -> None:
        """Times in Z are read on a quicker way of their own, which must not take or refuse anything else."""
        assert read_time(f"{text}Z") == read_time(f"{text}+00:00")

    @given(st.text())
    def test_no_text_raises(self, text: str) -> None:
        """Whatever stands there, the answer is a time of the years 1 to 9999 or none."""
        time = read_time(text)
        assert time is None or -62_135_596_800 * SECOND <= time.micros < 253_402_300_800 * SECOND


class TestNumbers:
    @pytest.mark.parametrize(
        "value",
        [
            1_790_000_000,
            1_790_000_000_000,
            1_790_000_000_000_000,
            1_790_000_000_000_000_000,
            1_790_000_000.0,
            1.79e12,
            1.79e15,
            1.79e18,
            "1790000000",
            "1790000000000",
            "1790000000000000",
            "1790000000000000000",
            "1790000000.000",
            "1.79E12",
        ],
    )
    def test_the_unit_is_told_by_the_size(self, value: float | str) -> None:
        """Seconds, milliseconds, microseconds or nanoseconds, as number or text."""
        assert read_time(value) == EventTime(AT, has_zone=True)

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (0, 0),
            (99_999_999_999, 99_999_999_999 * SECOND),
            (100_000_000_000, 100_000_000 * SECOND),
            (99_999_999_999_999, 99_999_999_999_999_000),
            (100_000_000_000_000, 100_000_000_000_000),
            (99_999_999_999_999_999, 99_999_999_999_999_999),
            (100_000_000_000_000_000, 100_000_000_000_000),
        ],
    )
    def test_the_bounds_between_units_are_those_of_the_store(self, value: int, expected: int) -> None:
        """A Parquet file that is opened and one that is imported show the same times."""
        assert read_time(value) == EventTime(expected, has_zone=True)

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ("1790000000.123456789", AT + 123_456),
            (1790000000.123456, AT + 123_456),
            (1790000000.1, AT + 100_000),
            ("1790000000123.4567", AT + 123_456),
            (1790000000123.5, AT + 123_500),
            ("1790000000.", AT),
            (1_790_000_000_123_456_789, AT + 123_456),
            ("1790000000123456789", AT + 123_456),
            (0.25, 250_000),
            (0.00001, 0),
        ],
    )
    def test_fractions_and_nanoseconds_keep_their_microseconds(self, value: float | str, expected: int) -> None:
        """No way through a binary float costs a digit."""
        assert read_time(value) == EventTime(expected, has_zone=True)

    @pytest.mark.parametrize(
        "value",
        [True, False, None, -1, -62_135_596_800, -0.5, math.nan, math.inf, -math.inf, 1e300, 10**21, 10**4000, [], {}],
    )
    def test_what_is_no_time_is_none(self, value: object) -> None:
        """A negative number is a vendor's "unknown"; the others are not numbers of this age."""
        assert read_time(value) is None

    @given(st.integers(10**17, 253_402_300_800 * 10**9 - 1))
    def test_nanoseconds_lose_nothing_above_a_microsecond(self, nanos: int) -> None:
        """As number and as text alike."""
        assert read_time(nanos) == read_time(str(nanos)) == EventTime(nanos // 1000, has_zone=True)

    @given(st.one_of(st.integers(), st.floats(), st.booleans(), st.binary()))
    def test_no_value_raises(self, value: object) -> None:
        """Whatever stands there, the answer is a time of the years 1970 to 9999 or none."""
        time = read_time(value)
        assert time is None or 0 <= time.micros < 253_402_300_800 * SECOND
