"""Times as people write them, to and from microseconds since 1970-01-01T00:00:00Z.

Everything is UTC and pure: "now" is an argument. A written time is a period; an instant is a period of no length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from logtui.core.clock import DAY, HOUR, MINUTE, SECOND
from logtui.core.errors import UsageError

DURATION: Mapping[str, int] = MappingProxyType({"s": SECOND, "m": MINUTE, "h": HOUR, "d": DAY, "w": 7 * DAY})
"""Unit -> microseconds."""

UNIT_NAMES: Mapping[str, str] = MappingProxyType({"s": "second", "m": "minute", "h": "hour", "d": "day", "w": "week"})

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

DAY_WORDS = ("today", "yesterday", *(name[:3] for name in WEEKDAYS))

EXPECTED_TIME = "a time such as 15m, 7d, now, today, fri, 09:30, 2026-10-04 or 2026-10-04T09:30:00Z"
EXPECTED_DAY = "a day such as today, yesterday, fri or 2026-10-04"
EXPECTED_DURATION = "a duration such as 30s, 5m, 2h, 7d or 4w"

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_DAYS_IN_400_YEARS = 146_097
_EARLIEST = (date.min.toordinal() - _EPOCH_ORDINAL) * DAY

_DURATION = re.compile(r"([0-9]{1,6})([smhdw])")
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_CLOCK = re.compile(
    r"([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:?[0-9]{2})?", re.IGNORECASE
)
_DAY_AND_CLOCK = re.compile(r"(.+?)[Tt ]([0-9]{2}:.*)")


@dataclass(frozen=True, slots=True)
class Period:
    """`start <= t < end` for a day; `start == end` for an instant."""

    start: int
    end: int

    @property
    def is_instant(self) -> bool:
        return self.start == self.end


# -- reading


def parse_period(text: str, now: int) -> Period:
    """Return the day or the instant that `text` means at `now`.

    A duration is that long ago; a time of day is its most recent occurrence; a weekday is the most recent one,
    today included.

    Raises:
        UsageError: it is not a time.
    """
    word = text.lower()
    if word == "now":
        return Period(now, now)
    if _DURATION.fullmatch(word):
        then = max(now - parse_duration(word), _EARLIEST)
        return Period(then, then)
    day = _day_number(word, now)
    if day is not None:
        return Period(day * DAY, (day + 1) * DAY)
    instant = _instant(word, now)
    if instant is None:
        raise UsageError(f'"{text}" is not a time; expected {EXPECTED_TIME}')
    return Period(instant, instant)


def parse_instant(text: str, now: int) -> int:
    """Return the instant, or the first microsecond of the day, that `text` means at `now`.

    Raises:
        UsageError: it is not a time.
    """
    return parse_period(text, now).start


def parse_day(text: str, now: int) -> int:
    """Return the first microsecond of the day that `text` names.

    Raises:
        UsageError: it is not a day.
    """
    day = _day_number(text.lower(), now)
    if day is None:
        raise UsageError(f'"{text}" is not a day; expected {EXPECTED_DAY}')
    return day * DAY


def parse_duration(text: str) -> int:
    """Return microseconds.

    Raises:
        UsageError: it is not a duration.
    """
    match = _DURATION.fullmatch(text.lower())
    if match is None:
        raise UsageError(f'"{text}" is not a duration; expected {EXPECTED_DURATION}')
    return int(match[1]) * DURATION[match[2]]


def is_time(text: str) -> bool:
    """Tell whether `text` can be read as a time, whatever the time is now."""
    try:
        parse_period(text, 0)
    except UsageError:
        return False
    return True


def day_start(day: str) -> int:
    """Return the first microsecond of a UTC day written `2026-10-04`.

    Raises:
        UsageError: there is no such day.
    """
    number = _calendar_day(day)
    if number is None:
        raise UsageError(f'"{day}" is not a day; expected a date such as 2026-10-04')
    return number * DAY


def _day_number(word: str, now: int) -> int | None:
    """Return days since the epoch, for a date or a word for a day in lower case."""
    today = now // DAY
    if word == "today":
        return today
    if word == "yesterday":
        return today - 1
    for weekday, name in enumerate(WEEKDAYS):
        if word in (name, name[:3]):
            # The epoch was a Thursday.
            return today - (today + 3 - weekday) % 7
    return _calendar_day(word)


def _calendar_day(text: str) -> int | None:
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).toordinal() - _EPOCH_ORDINAL
    except ValueError:
        return None


def _instant(word: str, now: int) -> int | None:
    parts = _DAY_AND_CLOCK.fullmatch(word)
    if parts is not None:
        day, clock = _day_number(parts[1], now), _clock(parts[2])
        return None if day is None or clock is None else day * DAY + clock
    clock = _clock(word)
    if clock is None:
        return None
    # With an offset the time of day may lie a day away from UTC's, so the latest one is found by its distance.
    return now - (now - clock) % DAY


def _clock(text: str) -> int | None:
    """Return the time of day in microseconds of UTC; an offset may push it out of the day."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    offset = _offset(match[5] or "z")
    if offset is None:
        return None
    micros = int((match[4] or "")[:6].ljust(6, "0"))
    return hour * HOUR + minute * MINUTE + second * SECOND + micros - offset


def _offset(text: str) -> int | None:
    if text in ("z", "Z"):
        return 0
    hours, minutes = int(text[1:3]), int(text[-2:])
    if hours > 23 or minutes > 59:
        return None
    return (hours * HOUR + minutes * MINUTE) * (-1 if text[0] == "-" else 1)


# -- writing


def format_utc(at: int) -> str:
    """Return `2026-10-04T09:30:00.123456Z`; years beyond four digits carry a sign."""
    day, rest = divmod(at, DAY)
    seconds, micros = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    return f"{_date_text(day)}T{minutes // 60:02}:{minutes % 60:02}:{second:02}.{micros:06}Z"


def format_instant(at: int) -> str:
    """Return the shortest text that `parse_instant` reads as `at`: `2026-10-04T09:30:00Z`."""
    text = format_utc(at)
    head, _, fraction = text[:-1].partition(".")
    fraction = fraction.rstrip("0")
    return f"{head}.{fraction}Z" if fraction else f"{head}Z"


def day_of(at: int) -> str:
    """Return the UTC day, `2026-10-04`."""
    return _date_text(at // DAY)


def format_duration(duration: int) -> str:
    """Return the shortest exact text: `90m`, `1d`. Parts of a second, which no query has, are shown in ms or us."""
    if duration % SECOND:
        return f"{duration}us" if duration % 1000 else f"{duration // 1000}ms"
    unit = next(unit for unit in ("w", "d", "h", "m", "s") if duration % DURATION[unit] == 0) if duration else "s"
    return f"{duration // DURATION[unit]}{unit}"


@lru_cache(maxsize=4096)
def _date_text(day: int) -> str:
    """Return the date of a day since the epoch, also of days that `datetime.date` cannot hold."""
    ordinal = day + _EPOCH_ORDINAL
    cycles, ordinal = divmod(ordinal - 1, _DAYS_IN_400_YEARS)
    within = date.fromordinal(ordinal + 1)
    year = within.year + 400 * cycles
    sign = "" if 0 <= year <= 9999 else "+" if year > 0 else "-"
    return f"{sign}{abs(year):04}-{within.month:02}-{within.day:02}"
