"""Times as people write them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.clock import DAY, HOUR, MINUTE, SECOND
from logtui.core.errors import UsageError
from logtui.core.times import (
    WEEKDAYS,
    day_of,
    day_start,
    format_duration,
    format_instant,
    format_utc,
    is_time,
    parse_day,
    parse_duration,
    parse_instant,
    parse_period,
)

SUNDAY = day_start("2026-10-04")
NOW = SUNDAY + 12 * HOUR


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("now", "2026-10-04T12:00:00Z"),
        ("15m", "2026-10-04T11:45:00Z"),
        ("2h", "2026-10-04T10:00:00Z"),
        ("7D", "2026-09-27T12:00:00Z"),
        ("4w", "2026-09-06T12:00:00Z"),
        ("09:30", "2026-10-04T09:30:00Z"),
        ("12:00", "2026-10-04T12:00:00Z"),
        ("12:00:01", "2026-10-03T12:00:01Z"),
        ("23:00+02:00", "2026-10-03T21:00:00Z"),
        ("2026-10-04T09:30", "2026-10-04T09:30:00Z"),
        ("2026-10-04 09:30", "2026-10-04T09:30:00Z"),
        ("2026-10-04t09:30:00z", "2026-10-04T09:30:00Z"),
        ("2026-10-04T01:30:00+02:00", "2026-10-03T23:30:00Z"),
        ("2026-10-04T23:30:00-0230", "2026-10-05T02:00:00Z"),
        ("2026-10-04T09:30:00.1", "2026-10-04T09:30:00.1Z"),
        ("2026-10-04T09:30:00.123456789Z", "2026-10-04T09:30:00.123456Z"),
        ("yesterdayT23:59", "2026-10-03T23:59:00Z"),
        ("thuT08:00", "2026-10-01T08:00:00Z"),
    ],
)
def test_an_instant_is_a_period_of_no_length(text: str, meaning: str) -> None:
    """Every way to write an instant means the one that a person expects at noon on a Sunday."""
    period = parse_period(text, NOW)

    assert (format_instant(period.start), period.is_instant) == (meaning, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-10-04"),
        ("Yesterday", "2026-10-03"),
        ("sun", "2026-10-04"),
        ("fri", "2026-10-02"),
        ("saturday", "2026-10-03"),
        ("monday", "2026-09-28"),
        ("2024-02-29", "2024-02-29"),
    ],
)
def test_a_day_is_a_period_from_midnight_to_midnight(text: str, day: str) -> None:
    """Days are UTC days, and a weekday is the latest one, today included."""
    period = parse_period(text, NOW)

    assert (day_of(period.start), period.start % DAY, period.end - period.start) == (day, 0, DAY)
    assert parse_day(text, NOW) == period.start


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "15", "m", "15min", "-15m", "1234567s", "24:00", "12:60", "12:00:60", "9:30", "0930", "12:00+24:00",
        "2026-13-01", "2026-02-29", "0000-01-01", "2026-1-1", "20261004", "2026-10-04T", "2026-10-04T9:30", "T09:30",
        "2026-10-04T09:30:00.1234567890Z", "tomorrow", "fr", "٠٩:٣٠", "nowT09:30", "2026-10-04T09:30Zz",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(text: str) -> None:
    """A time is understood exactly or not at all, and the refusal quotes it."""
    with pytest.raises(UsageError, match="is not a time; expected") as caught:
        parse_period(text, NOW)

    assert f'"{text}"' in str(caught.value)
    assert not is_time(text)


@pytest.mark.parametrize("text", ["now", "09:30", "3d", "2026-10-04T09:30"])
def test_an_instant_is_not_a_day(text: str) -> None:
    """`on:` takes days only."""
    with pytest.raises(UsageError, match="is not a day"):
        parse_day(text, NOW)


def test_a_long_duration_ends_at_the_first_representable_day() -> None:
    """No written duration leads to a time that no other tool can show."""
    assert format_instant(parse_instant("999999w", NOW)) == "0001-01-01T00:00:00Z"


@given(st.sampled_from(WEEKDAYS), st.integers(-(6 * 10**16), 10**17))
def test_a_weekday_is_within_the_last_seven_days(name: str, now: int) -> None:
    """Whatever today is, the weekday found has that name and is not in the future."""
    start = parse_day(name, now)

    assert 0 <= now // DAY - start // DAY <= 6
    assert dt.date.fromisoformat(day_of(start)).strftime("%A").lower() == name


@given(st.integers(0, 23), st.integers(0, 59), st.integers(-(6 * 10**16), 10**17))
def test_a_time_of_day_is_its_latest_occurrence(hour: int, minute: int, now: int) -> None:
    """`09:30` never lies in the future, nor a whole day back."""
    at = parse_instant(f"{hour:02}:{minute:02}", now)

    assert now - DAY < at <= now
    assert at % DAY == hour * HOUR + minute * MINUTE


@given(st.datetimes(), st.integers(0, 999_999))
def test_an_instant_in_the_calendar_is_written_as_the_standard_library_does(moment: dt.datetime, micro: int) -> None:
    """Text and value agree with `datetime` over all of its range, and the shortest text reads back."""
    moment = moment.replace(microsecond=micro, tzinfo=dt.UTC)
    at = (moment - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1)

    assert format_utc(at) == moment.strftime("%Y").zfill(4) + moment.strftime("-%m-%dT%H:%M:%S.%fZ")
    assert parse_instant(format_utc(at), NOW) == at
    assert parse_instant(format_instant(at), NOW) == at
    assert day_start(day_of(at)) == at // DAY * DAY


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (2**63 - 1, "+294247-01-10T04:00:54.775807Z"),
        (-(2**63), "-290308-12-21T19:59:05.224192Z"),
        (0, "1970-01-01T00:00:00.000000Z"),
        (-1, "1969-12-31T23:59:59.999999Z"),
    ],
)
def test_every_timestamp_that_parquet_can_hold_is_written(at: int, text: str) -> None:
    """A store made by another tool may hold any 64-bit time; showing it must not fail."""
    assert format_utc(at) == text


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        (0, "0s"), (SECOND, "1s"), (90 * SECOND, "90s"), (5 * MINUTE, "5m"), (90 * MINUTE, "90m"), (DAY, "1d"),
        (36 * HOUR, "36h"), (14 * DAY, "2w"), (250_000, "250ms"), (7, "7us"),
    ],
)  # fmt: skip
def test_a_duration_is_written_in_its_largest_exact_unit(duration: int, text: str) -> None:
    """Nothing is rounded."""
    assert format_duration(duration) == text


@settings(max_examples=50)
@given(st.integers(0, 999_999), st.sampled_from("smhdw"))
def test_a_duration_reads_back(count: int, unit: str) -> None:
    """Canonical text means the same duration."""
    duration = parse_duration(f"{count}{unit}")

    text = format_duration(duration)
    assert len(text) > 7 or parse_duration(text) == duration


@pytest.mark.parametrize("text", ["", "5", "m", "5 m", "5mm", "1.5h", "-5m", "٥m"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    """A duration is a whole number and one unit."""
    with pytest.raises(UsageError, match="is not a duration; expected"):
        parse_duration(text)


def test_only_a_real_date_has_a_first_microsecond() -> None:
    """Directory names such as date=2026-13-45 are refused, not guessed."""
    with pytest.raises(UsageError, match='"2026-13-45" is not a day'):
        day_start("2026-13-45")
