"""SQL expressions that turn the columns of other tools' files into those of the event. Pure text.

Every expression gives NULL where a value cannot be converted, or is no time of the calendar; none fails.
"""

from __future__ import annotations

from collections.abc import Callable

from logtui.core.columns import COLUMNS, Kind
from logtui.core.page import TimeRange
from logtui.storage.duckdb.sql import Sql
from logtui.storage.facts import Shape
from logtui.storage.file_schema import FileColumn, Physical, Unit
from logtui.storage.file_schema import Kind as FileKind
from logtui.storage.file_times import FIRST_MOMENT, LAST_MOMENT

NO_TYPE = "event"
"""The type of events in files that have no column for it."""
HASHED = "hash_"
"""Begins the ids that are made from the content."""

_FIRST, _LAST = FIRST_MOMENT, LAST_MOMENT
_FIRST_NAIVE, _LAST_NAIVE = "TIMESTAMP '0001-01-01'", "TIMESTAMP '9999-12-31 23:59:59.999999'"
_NANOSECONDS = (-9_223_372_036_854_770, 9_223_372_036_854_770)
"""What 64 bits of nanoseconds hold, with some room."""
_UNIT_LIMITS = ((Unit.SECONDS, "1e11"), (Unit.MILLIS, "1e14"), (Unit.MICROS, "1e17"))
_VIRTUAL = frozenset({"file_index", "file_row_number"})
_NUMBER = r"^\s*-?[0-9]+(\.[0-9]+)?\s*$"


def identifier(name: str) -> str:
    """Return a name as SQL."""
    return '"' + name.replace('"', '""') + '"'


def projection(shape: Shape) -> str:
    """Return the select list that gives every column of the event, in their order."""
    names = _duckdb_names(shape.columns)
    parts = {
        "event_time": _time(shape, "event_time", names),
        "event_id": _event_id(shape, names),
        "event_type": _event_type(shape, names),
        "payload": _payload(shape, names),
        "ingested_at": _time(shape, "ingested_at", names),
    }
    return ", ".join(
        f"{parts.get(column.name) or _text(shape, column.name, names)} AS {column.name}" for column in COLUMNS
    )


def hides_rows(shape: Shape) -> bool:
    """Tell whether a file has columns of the names under which DuckDB says where a row is."""
    return any(column.name.lower() in _VIRTUAL for column in shape.columns)


def content(shape: Shape) -> Sql:
    """Return a text that is the same for rows of the same content only."""
    return Sql(_all_columns(shape, _duckdb_names(shape.columns)))


def raw_condition(shape: Shape, times: TimeRange) -> str:
    """Return a necessary condition on the file's own time column, from which row groups can be chosen; "" for none."""
    column = shape.match.source("event_time")
    if column is None:
        return ""
    name = identifier(_duckdb_names(shape.columns)[column.leaf])
    if column.kind is FileKind.TIMESTAMP and column.physical is Physical.INT64:
        # Widened by a microsecond, because finer units are rounded.
        make = "make_timestamptz" if column.is_utc else "make_timestamp"
        limits = _NANOSECONDS if column.unit is Unit.NANOS else (_FIRST, _LAST)
        low, high = limits
        bounds = _bounds(times, lambda at: f"{make}({min(max(at, low), high)})")
    elif column.kind is FileKind.INTEGER and shape.unit is not None:
        unit = shape.unit.value
        bounds = _bounds(times, lambda at: str(at * 1000 // unit))
    else:
        return ""
    return " AND ".join(f"{name} {operator} {bound}" for operator, bound in bounds)


def _bounds(times: TimeRange, literal: Callable[[int], str]) -> list[tuple[str, str]]:
    found = []
    if times.start is not None:
        found.append((">=", literal(times.start - 1)))
    if times.end is not None:
        found.append(("<=", literal(times.end + 1)))
    return found


def _duckdb_names(columns: tuple[FileColumn, ...]) -> dict[int, str]:
    """Return leaf -> the name that DuckDB gives a column.

    Repeated ones get a number, without regard to case; empty ones are called by their place.
    """
    seen: dict[str, int] = {}
    names: dict[int, str] = {}
    for place, column in enumerate(columns):
        count = seen.get(column.name.lower(), 0)
        seen[column.name.lower()] = count + 1
        name = column.name or f"C{place}"
        names[column.leaf] = f"{name}_{count}" if count else name
    return names


def _time(shape: Shape, name: str, names: dict[int, str]) -> str:
    column = shape.match.source(name)
    if column is None:
        return "CAST(NULL AS TIMESTAMPTZ)"
    source = identifier(names[column.leaf])
    match column.kind:
        case FileKind.TIMESTAMP if column.is_utc:
            moment = f"CAST({source} AS TIMESTAMPTZ)"
            return _in_calendar(moment) if shape.may_leave_calendar else moment
        case FileKind.TIMESTAMP:
            moment = f"CAST({source} AS TIMESTAMP)"
            return f"CASE WHEN {moment} BETWEEN {_FIRST_NAIVE} AND {_LAST_NAIVE} THEN timezone('UTC', {moment}) END"
        case FileKind.DATE:
            moment = f"timezone('UTC', CAST({source} AS TIMESTAMP))"
            return f"CASE WHEN {source} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {moment} END"
        case FileKind.INTEGER | FileKind.FLOAT:
            wide = source if column.kind is FileKind.FLOAT else f"CAST({source} AS HUGEINT)"
            return _number_time(wide, shape.unit if name == "event_time" else None)
        case _:
            return _text_time(f"CAST({source} AS VARCHAR)")


def _number_time(source: str, unit: Unit | None) -> str:
    if unit is not None:
        return _micros_time(source, unit)
    cases = " ".join(f"WHEN abs({source}) < {limit} THEN {_micros_time(source, each)}" for each, limit in _UNIT_LIMITS)
    return f"CASE {cases} ELSE {_micros_time(source, Unit.NANOS)} END"


def _micros_time(source: str, unit: Unit) -> str:
    factor = unit.value // 1000
    micros = f"{source} * {factor}" if factor else f"{source} / 1000"
    whole = f"try_cast(floor({micros}) AS BIGINT)"
    return f"make_timestamptz(CASE WHEN {micros} BETWEEN {_FIRST} AND {_LAST} THEN {whole} END)"


def _text_time(source: str) -> str:
    number = _number_time(f"try_cast({source} AS DOUBLE)", None)
    moment = f"coalesce(try_cast({source} AS TIMESTAMPTZ), try_cast(upper({source}) AS TIMESTAMPTZ))"
    return f"CASE WHEN regexp_matches({source}, '{_NUMBER}') THEN {number} ELSE {_in_calendar(moment)} END"


def _in_calendar(moment: str) -> str:
    """Return a moment if it is one of the calendar."""
    return f"CASE WHEN {moment} BETWEEN make_timestamptz({_FIRST}) AND make_timestamptz({_LAST}) THEN {moment} END"


def _text(shape: Shape, name: str, names: dict[int, str]) -> str:
    column = shape.match.source(name)
    return "CAST(NULL AS VARCHAR)" if column is None else _as_text(column, names)


def _as_text(column: FileColumn, names: dict[int, str]) -> str:
    source = identifier(names[column.leaf])
    if column.kind is FileKind.TEXT:
        return source
    return f"CAST({f'to_json({source})' if column.kind is FileKind.NESTED else source} AS VARCHAR)"


def _event_type(shape: Shape, names: dict[int, str]) -> str:
    if shape.match.source("event_type") is None:
        return _literal(NO_TYPE)
    return f"coalesce({_text(shape, 'event_type', names)}, '')"


def _event_id(shape: Shape, names: dict[int, str]) -> str:
    if shape.match.source("event_id") is None:
        return f"'{HASHED}' || md5({_all_columns(shape, names)})"
    shown = [_text(shape, c.name, names) for c in COLUMNS if c.kind is not Kind.JSON and shape.match.source(c.name)]
    return f"coalesce({_text(shape, 'event_id', names)}, '{HASHED}' || md5(concat_ws(chr(31), {', '.join(shown)})))"


def _payload(shape: Shape, names: dict[int, str]) -> str:
    if shape.match.source("payload") is None:
        return _all_columns(shape, names)
    return f"coalesce({_text(shape, 'payload', names)}, 'null')"


def _all_columns(shape: Shape, names: dict[int, str]) -> str:
    """Return an expression for a JSON object of all columns as the file has them."""
    pairs = ", ".join(f"{_literal(column.name)}, {identifier(names[column.leaf])}" for column in shape.columns)
    return f"CAST(json_object({pairs}) AS VARCHAR)"


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
