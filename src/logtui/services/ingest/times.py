"""Times as vendors write them: RFC 3339 and its relatives, and numbers since the epoch in any unit.

Integer arithmetic only, so that the last microsecond of a time in nanoseconds survives; what is finer is cut off.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from logtui.core.clock import DAY, HOUR, MINUTE, SECOND

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST = (date.min.toordinal() - _EPOCH) * DAY
_END = (date.max.toordinal() - _EPOCH + 1) * DAY

_RFC_3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9})|0{6})?)?"
    r"(?: ?([Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?"
)
_TO_MINUTE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}:[0-9]{2}):")
_NUMBER = re.compile(r"([0-9]{1,21})(?:\.([0-9]*))?")
_EXPONENT = re.compile(r"[0-9]{1,21}(?:\.[0-9]{1,21})?[eE]\+?[0-9]{1,2}")

_UNITS = ((10**11, 9), (10**14, 6), (10**17, 3), (10**21, 0))
"""A number below the first is in the unit of 10**second ns, as `storage/file_times.py` has it: s, ms, us, ns."""


class EventTime(NamedTuple):
    """An instant, and whether its text said which. A plain tuple: one is made for each event of an import."""

    micros: int
    """Since 1970-01-01T00:00:00Z, in the years 1 to 9999."""
    has_zone: bool
    """False: a text without a zone or offset, read as UTC."""


def read_time(value: object) -> EventTime | None:
    """Return the time that a JSON value means, None if it is none.

    Text is RFC 3339 with 0 to 9 digits of a second, with some liberties: a space for the T, no seconds, `+0200` and
    `+02`, no zone, six zeros after the seconds whose point was lost (seen in exports). A leap second is the first
    second after it. Numbers, as such or as text, are seconds, milliseconds, microseconds or nanoseconds by their size.
    A negative number is a mark for "unknown", not a time.
    """
    if isinstance(value, str):
        time = _of_usual_text(value)
        if time is not None:
            return time
        match = _RFC_3339.fullmatch(value)
        return _of_parts(match) if match is not None else _of_other_text(value)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return _of_number(value, "")
    if isinstance(value, float):
        return _of_float(value)
    return None


def _of_usual_text(text: str) -> EventTime | None:
    """Return the time of a text such as `2026-10-04T12:30:05.123Z`, as nearly all are; None for any other.

    In half the time of the pattern's match, because the minute is mostly one of those seen before.
    """
    if text[-1:] != "Z" or not (len(text) == 20 or (22 <= len(text) <= 27 and text[19] == ".")):
        return None
    digits = (text[17:19] + text[20:-1]).ljust(8, "0")
    if not (digits.isdecimal() and digits.isascii() and digits < "6"):
        return None
    minute = _minute_start(text[:17])
    # By name it would take longer.
    return None if minute is None else EventTime(minute + int(digits), True)


@lru_cache(maxsize=4096)
def _minute_start(text: str) -> int | None:
    """Return the microseconds of `2026-10-04T12:30:`."""
    match = _TO_MINUTE.fullmatch(text)
    if match is None:
        return None
    midnight, minute = _midnight(match[1]), _minute(match[2])
    return None if midnight is None or minute is None else midnight + minute


def _of_parts(match: re.Match[str]) -> EventTime | None:
    day, clock, second, fraction, zone = match.groups()
    midnight, minute = _midnight(day), _minute(clock)
    if midnight is None or minute is None:
        return None
    micros = midnight + minute
    if second is not None:
        seconds = int(second)
        micros += seconds * SECOND
        if seconds > 59 and (seconds > 60 or (micros - (_offset(zone) or 0)) % DAY):
            return None
        if fraction is not None:
            micros += int(fraction[:6].ljust(6, "0"))
    if zone is None:
        return EventTime(micros, has_zone=False) if micros < _END else None
    if zone != "Z":
        offset = _offset(zone)
        if offset is None:
            return None
        micros -= offset
    return EventTime(micros, has_zone=True) if _FIRST <= micros < _END else None


@lru_cache(maxsize=1024)
def _midnight(day: str) -> int | None:
    try:
        return (date.fromisoformat(day).toordinal() - _EPOCH) * DAY
    except ValueError:
        return None


@lru_cache(maxsize=1440)
def _minute(clock: str) -> int | None:
    hour, minute = int(clock[:2]), int(clock[3:])
    return hour * HOUR + minute * MINUTE if hour < 24 and minute < 60 else None


@lru_cache(maxsize=256)
def _offset(zone: str | None) -> int | None:
    """Return the microseconds that local time is ahead of UTC."""
    if zone is None or zone in ("Z", "z", "UTC"):
        return 0
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or "0")
    if hours > 23 or minutes > 59:
        return None
    return (hours * HOUR + minutes * MINUTE) * (-1 if zone[0] == "-" else 1)


def _of_other_text(text: str) -> EventTime | None:
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return _of_number(int(number[1]), number[2] or "")
    if _EXPONENT.fullmatch(text):
        return _of_float(float(text))
    stripped = text.strip()
    return read_time(stripped) if stripped != text else None


def _of_number(whole: int, fraction: str) -> EventTime | None:
    """Read a number by its digits before and after the point."""
    if whole < 0:
        return None
    for limit, digits in _UNITS:
        if whole < limit:
            nanos = whole * 10**digits
            if fraction:
                nanos += int(fraction[:digits].ljust(digits, "0") or "0")
            micros = nanos // 1000
            return EventTime(micros, has_zone=True) if micros < _END else None
    return None


def _of_float(value: float) -> EventTime | None:
    if not 0 <= value < 1e21:
        return None
    # The shortest decimal that means the float is what the vendor wrote; from 1e16 on there is no fraction in it.
    written = repr(value)
    return _of_number(int(value), "" if "e" in written else written.partition(".")[2])
