"""When the events of a file lie, from the smallest and largest value of its time column. Pure.

A range that is too wide costs a little time, one that is too narrow loses events: where there is doubt, it is open.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta

from logtui.core.clock import DAY, SECOND
from logtui.core.page import ALL_TIME, TimeRange
from logtui.storage.file_schema import FileColumn, Kind, Unit
from logtui.storage.footers import Bound, GroupRange

_LARGEST = ((Unit.SECONDS, 1e11), (Unit.MILLIS, 1e14), (Unit.MICROS, 1e17))
"""A number of this size or more is a time in a finer unit: 1e11 s is in the year 5138, 1e11 ms in 1973."""
_HAS_ZONE = re.compile(rb":[0-9]{2}(?:[.,][0-9]+)?\s*(?:[+-][0-9]{2}|[A-Za-z])")
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?\Z")
_ONE_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1).toordinal()
FIRST_MOMENT, LAST_MOMENT = (date.min.toordinal() - _EPOCH) * DAY, (date.max.toordinal() - _EPOCH + 1) * DAY - 1
"""Of the years 1 to 9999. A value outside stands for no time: infinity, the largest number, a mistake."""
_CALENDAR = TimeRange(FIRST_MOMENT, LAST_MOMENT + 1)
_FIRST_SECOND = FIRST_MOMENT // SECOND
"""The first moment; a larger number is in there, whatever its unit."""


def unit_of(value: float) -> Unit:
    """Return the unit of a time stored as a number, by its magnitude."""
    size = abs(value)
    return next((unit for unit, largest in _LARGEST if size < largest), Unit.NANOS)


def common_unit(groups: Iterable[GroupRange]) -> Unit | None:
    """Return the one unit that all numbers of a column have, if the footer proves it."""
    units = {_shared_unit(group.low, group.high) for group in groups}
    return units.pop() if len(units) == 1 else None


def plain_ranges(column: FileColumn, groups: Sequence[GroupRange]) -> list[TimeRange] | None:
    """Return when the events of each row group lie, where all say so in the usual way and no event is without a time.

    What `time_range`, `may_leave_calendar` and the counts of missing values tell one by one takes four times as long,
    which a store of many days shows.
    """
    if column.unit is not Unit.MICROS or any(group.nulls != 0 for group in groups):
        return None
    ranges: list[TimeRange] = []
    for group in groups:
        low, high = group.low, group.high
        if not (isinstance(low, int) and isinstance(high, int) and FIRST_MOMENT <= low <= high <= LAST_MOMENT):
            return None
        ranges.append(TimeRange(low, high + 1))
    return ranges


def time_range(column: FileColumn, group: GroupRange) -> TimeRange:
    """Return when the events of one row group lie; open where the footer does not say."""
    if group.rows == (group.nulls or 0) and group.nulls is not None:
        return TimeRange(0, 0)
    if isinstance(group.low, bytes) and isinstance(group.high, bytes):
        return _text_range(group.low, group.high)
    if column.kind in (Kind.INTEGER, Kind.FLOAT) and _shared_unit(group.low, group.high) is None:
        return ALL_TIME
    low, high = _micros(column, group.low), _micros(column, group.high)
    if low is None or high is None or low > high:
        return ALL_TIME
    # Finer times are rounded to microseconds, up or down.
    rounding = int(column.unit is Unit.NANOS or column.kind in (Kind.INTEGER, Kind.FLOAT))
    times = TimeRange(low - rounding, high + rounding + 1).intersect(_CALENDAR)
    return TimeRange(0, 0) if times.is_empty else times


def may_leave_calendar(column: FileColumn, group: GroupRange) -> bool:
    """Tell whether there may be values in a row group that stand for no time; also of what the footer does not say."""
    if group.nulls is not None and group.rows == group.nulls:
        return False
    if column.kind is Kind.INTEGER:
        return not isinstance(group.low, int) or group.low < _FIRST_SECOND
    low, high = _micros(column, group.low), _micros(column, group.high)
    if low is None or high is None:
        return True
    return TimeRange(low, high + 1).intersect(_CALENDAR) != TimeRange(low, high + 1)


def lacks_zone(group: GroupRange) -> bool:
    """Tell whether the times in text of this row group are seen to be without a zone."""
    return any(
        isinstance(bound, bytes) and not _HAS_ZONE.search(bound) and not _NUMBER.match(bound)
        for bound in (group.low, group.high)
    )


def _shared_unit(low: Bound | None, high: Bound | None) -> Unit | None:
    """Return the unit of all numbers between two bounds, None if there may be several."""
    if not isinstance(low, int | float) or not isinstance(high, int | float):
        return None
    unit = unit_of(low)
    is_one_sided = unit is Unit.SECONDS or (low > 0) == (high > 0)
    return unit if unit is unit_of(high) and is_one_sided else None


def _text_range(low: bytes, high: bytes) -> TimeRange:
    """Return the period that every text between two bounds names at its beginning, with a day for time zones."""
    prefix = low[: next((at for at, (one, other) in enumerate(zip(low, high, strict=False)) if one != other), len(low))]
    for pattern, following in _PERIODS:
        if match := pattern.match(prefix):
            parts = [int(part) for part in match.groups()]
            try:
                start, end = date(*parts, *(1,) * (3 - len(parts))), following(*parts)
            except ValueError:
                continue
            return TimeRange(_midnight(start) - DAY, _midnight(end) + DAY)
    return ALL_TIME


_PERIODS: tuple[tuple[re.Pattern[bytes], Callable[..., date]], ...] = (
    (re.compile(rb"([0-9]{4})-([0-9]{2})-([0-9]{2})"), lambda year, month, day: date(year, month, day) + _ONE_DAY),
    (re.compile(rb"([0-9]{4})-([0-9]{2})-"), lambda year, month: date(year + month // 12, month % 12 + 1, 1)),
    (re.compile(rb"([0-9]{4})-"), lambda year: date(year + 1, 1, 1)),
)
"""How a text in ISO form begins, and when the period that it names so far is over."""


def _midnight(day: date) -> int:
    return (day.toordinal() - _EPOCH) * DAY


def _micros(column: FileColumn, value: Bound | None) -> int | None:
    if value is None or isinstance(value, bytes):
        return None
    if column.kind is Kind.DATE:
        return int(value) * DAY
    if not math.isfinite(value):
        return None
    if column.kind is Kind.TIMESTAMP:
        return None if column.unit is None else int(value * column.unit.value // 1000)
    return int(value * unit_of(value).value // 1000)
