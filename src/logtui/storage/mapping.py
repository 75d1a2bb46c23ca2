"""Which column of a file gives which column of the event, and when its events may lie.

Pure. Names are matched without regard to case: the user's own mapping first, then the event's column names, then the
synonyms of `COLUMNS`, best first. A column of the file serves one column of the event.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from logtui.core.columns import BY_NAME, COLUMNS
from logtui.core.columns import Kind as EventKind
from logtui.core.errors import StoreError, UsageError
from logtui.core.page import ALL_TIME, TimeRange
from logtui.core.query.suggest import nearest
from logtui.storage.file_schema import FileColumn, Kind, Unit
from logtui.storage.footers import Bound, GroupRange

_TIME_KINDS = frozenset({Kind.TIMESTAMP, Kind.DATE, Kind.INTEGER, Kind.FLOAT, Kind.TEXT})
_LARGEST = ((Unit.SECONDS, 1e11), (Unit.MILLIS, 1e14), (Unit.MICROS, 1e17))
"""A number of this size or more is a time in a finer unit: 1e11 s is in the year 5138, 1e11 ms in 1973."""
_HAS_ZONE = re.compile(rb"(?:[zZ]|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})\s*\Z")
_NUMBER = re.compile(rb"-?[0-9]+(?:\.[0-9]+)?\Z")
_DAY_MICROS = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Match:
    """How the columns of one file become those of the event."""

    sources: tuple[tuple[str, FileColumn], ...]
    """Event column -> column of the file, in the order of `COLUMNS`; a column without a source is left out."""
    unused: tuple[str, ...]
    """Columns of the file that give none of the event's."""
    renamed: tuple[tuple[str, str], ...]
    """Event column -> column of the file, where the names differ."""

    def source(self, name: str) -> FileColumn | None:
        """Return the column that gives the event column `name`."""
        return next((column for event_column, column in self.sources if event_column == name), None)

    @property
    def is_canonical(self) -> bool:
        """Whether the file's columns can be read as they are."""
        return not self.renamed and len(self.sources) == len(COLUMNS) and all(map(_is_as_stored, self.sources))


def match_columns(columns: tuple[FileColumn, ...], mapping: Mapping[str, str]) -> Match:
    """Match the columns of one file. A mapped column that the file lacks gives nothing."""
    free = {column.name.lower(): column for column in reversed(columns)}
    exact = {column.name: column for column in columns}
    found: dict[str, FileColumn] = {}
    for name, source in mapping.items():
        column = exact.get(source) or free.get(source.lower())
        if column is not None:
            found[name] = column
            free.pop(column.name.lower(), None)
    for names in (lambda column: (column.name,), lambda column: column.synonyms):
        for wanted in COLUMNS:
            if wanted.name not in found and wanted.name not in mapping:
                for name in names(wanted):
                    if name in free and _suits(wanted.kind, free[name]):
                        found[wanted.name] = free.pop(name)
                        break
    sources = tuple((wanted.name, found[wanted.name]) for wanted in COLUMNS if wanted.name in found)
    used = {column.name for _, column in sources}
    unused = tuple(column.name for column in columns if column.name not in used)
    return Match(sources, unused, tuple((name, each.name) for name, each in sources if name != each.name))


def check_mapping(mapping: Mapping[str, str]) -> None:
    """Raise `UsageError` when the mapping names a column that events do not have."""
    for name in mapping:
        if name not in BY_NAME:
            near = nearest(name, tuple(BY_NAME))
            hint = f"did you mean {near}?" if near else f"events have {', '.join(BY_NAME)}"
            raise UsageError(f'events have no column "{name}" to map to; {hint}')


def missing_source(mapping: Mapping[str, str], names: Iterable[str]) -> StoreError | None:
    """Return the error to raise when the mapping names a column that no file has."""
    present = tuple(dict.fromkeys(names))
    lowered = {name.lower() for name in present}
    for name, source in mapping.items():
        if source.lower() not in lowered:
            near = nearest(source, present)
            hint = f"did you mean {near}?" if near else f"they have {', '.join(present[:20])}"
            return StoreError(f'no file has the column "{source}" that is mapped to {name}; {hint}')
    return None


def unit_of(value: float) -> Unit:
    """Return the unit of a time stored as a number, by its magnitude."""
    size = abs(value)
    return next((unit for unit, largest in _LARGEST if size < largest), Unit.NANOS)


def common_unit(groups: Iterable[GroupRange]) -> Unit | None:
    """Return the one unit that all numbers of a column have, if the footer proves it."""
    units = set()
    for group in groups:
        if not isinstance(group.low, int | float) or not isinstance(group.high, int | float):
            return None
        if group.low <= 0 <= group.high:
            return None
        units |= {unit_of(group.low), unit_of(group.high)}
    return units.pop() if len(units) == 1 else None


def time_range(column: FileColumn, group: GroupRange) -> TimeRange:
    """Return when the events of one row group lie; open where the footer does not say."""
    if group.rows == (group.nulls or 0) and group.nulls is not None:
        return TimeRange(0, 0)
    low, high = _micros(column, group.low), _micros(column, group.high)
    # Rounding to microseconds may go either way.
    return ALL_TIME if low is None or high is None or low > high else TimeRange(low - 1, high + 2)


def lacks_zone(group: GroupRange) -> bool:
    """Tell whether the times in text of this row group are seen to be without a zone."""
    return any(
        isinstance(bound, bytes) and not _HAS_ZONE.search(bound) and not _NUMBER.match(bound)
        for bound in (group.low, group.high)
    )


def _micros(column: FileColumn, value: Bound | None) -> int | None:
    if value is None or isinstance(value, bytes):
        return None
    if column.kind is Kind.DATE:
        return int(value) * _DAY_MICROS
    if not math.isfinite(value):
        return None
    if column.kind is Kind.TIMESTAMP:
        return None if column.unit is None else int(value * column.unit.value // 1000)
    return int(value * unit_of(value).value // 1000)


def _suits(kind: EventKind, column: FileColumn) -> bool:
    match kind:
        case EventKind.TIME:
            return column.kind in _TIME_KINDS
        case EventKind.ID | EventKind.NAME | EventKind.JSON:
            return True
        case _:
            assert_never(kind)


def _is_as_stored(source: tuple[str, FileColumn]) -> bool:
    name, column = source
    if BY_NAME[name].kind is EventKind.TIME:
        return column.kind is Kind.TIMESTAMP and column.is_utc and column.unit is Unit.MICROS
    return column.kind is Kind.TEXT and column.is_utf8
