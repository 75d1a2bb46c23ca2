"""Which column of a file gives which column of the event.

Pure. Names are matched without regard to case: the user's own mapping first, then the event's column names, then the
synonyms of `COLUMNS`, best first. A column of the file serves one column of the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import assert_never

from logtui.core.columns import BY_NAME, COLUMNS
from logtui.core.columns import Kind as EventKind
from logtui.core.errors import StoreError, UsageError
from logtui.core.query.suggest import nearest
from logtui.storage.file_schema import FileColumn, Kind, Unit

_NEVER_MISSING = frozenset({"event_time", "event_id", "event_type", "payload"})
"""What every event has: a file that may lack one of these values is not read as it is."""
_TIME_KINDS = frozenset({Kind.TIMESTAMP, Kind.DATE, Kind.INTEGER, Kind.FLOAT, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class Match:
    """How the columns of one file become those of the event."""

    sources: tuple[tuple[str, FileColumn], ...]
    """Event column -> column of the file, in the order of `COLUMNS`; a column without a source is left out."""
    unused: tuple[str, ...]
    """Columns of the file that give none of the event's."""
    renamed: tuple[tuple[str, str], ...]
    """Event column -> column of the file, where the names differ."""
    is_canonical: bool
    """Whether the file's columns can be read as they are."""

    def source(self, name: str) -> FileColumn | None:
        """Return the column that gives the event column `name`."""
        return next((column for event_column, column in self.sources if event_column == name), None)


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
    renamed = tuple((name, each.name) for name, each in sources if name != each.name)
    is_canonical = not renamed and len(sources) == len(COLUMNS) and all(map(_is_as_stored, sources))
    return Match(sources, unused, renamed, is_canonical)


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
    if name in _NEVER_MISSING and not column.is_required:
        return False
    if BY_NAME[name].kind is EventKind.TIME:
        return column.kind is Kind.TIMESTAMP and column.is_utc and column.unit is Unit.MICROS
    return column.kind is Kind.TEXT and column.is_utf8
