"""Times on the screen."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from logtui.core.clock import DAY, HOUR, MINUTE, SECOND
from logtui.core.times import day_start
from logtui.tui.moments import Zone, age

AT = day_start("2026-10-04") + 9 * HOUR + 30 * MINUTE + 123_456


@pytest.fixture
def new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands in New York, as a POSIX rule: no time zone files are needed."""
    monkeypatch.setenv("TZ", "EST5EDT,M3.2.0,M11.1.0")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


class TestMoment:
    @pytest.mark.parametrize(
        ("width", "text"),
        [
            (40, "2026-10-04 09:30:00.123"),
            (23, "2026-10-04 09:30:00.123"),
            (22, "10-04 09:30:00.123"),
            (17, "10-04 09:30:00"),
            (13, "09:30:00"),
            (7, "09:30"),
        ],
    )
    def test_time_is_as_exact_as_there_is_room_for(self, width: int, text: str) -> None:
        assert Zone().moment(AT, width) == text

    @pytest.mark.usefixtures("new_york")
    def test_local_time_follows_the_offset_of_its_day(self) -> None:
        """Daylight saving time ends on 1 November."""
        assert Zone("local").moment(AT, 14) == "10-04 05:30:00"
        assert Zone("local").moment(AT + 60 * DAY, 14) == "12-03 04:30:00"

    def test_age_is_relative_to_now(self) -> None:
        assert Zone("relative", AT + 3 * HOUR).moment(AT, 14) == "3h 00m"

    @pytest.mark.parametrize("zone", ["utc", "local", "relative"])
    @pytest.mark.parametrize("at", [-(10**17), 0, 10**17])
    def test_no_time_is_too_far_away(self, zone: str, at: int) -> None:
        assert Zone(zone).moment(at, 23)


class TestTick:
    @pytest.mark.parametrize(
        ("bucket", "text"),
        [(DAY, "2026-10-04"), (5 * MINUTE, "10-04 09:30"), (SECOND, "10-04 09:30:00"), (1000, "10-04 09:30:00.123")],
    )
    def test_label_is_as_exact_as_the_buckets(self, bucket: int, text: str) -> None:
        assert Zone().tick(AT, bucket) == text

    def test_relative_labels_say_in_which_direction(self) -> None:
        zone = Zone("relative", AT)
        assert (zone.tick(AT - HOUR, HOUR), zone.tick(AT + MINUTE, HOUR)) == ("1h 00m ago", "in 1m 00s")


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "0s"),
        (59 * SECOND, "59s"),
        (61 * SECOND, "1m 01s"),
        (25 * HOUR, "1d 01h"),
        (-90 * SECOND, "+1m 30s"),
    ],
)
def test_age_has_two_units(micros: int, text: str) -> None:
    assert age(micros) == text
