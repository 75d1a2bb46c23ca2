"""The question as one SQL statement for people to read, copy and run elsewhere. Nothing here is ever executed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import groupby
from typing import LiteralString

from logtui.core.columns import BY_NAME
from logtui.core.page import Order, Selection
from logtui.core.query.normal import conditions
from logtui.storage.duckdb.compiler import between, condition_sql
from logtui.storage.duckdb.sql import Parameter, Sql, column, joined_lines, listing, sql

_DIRECTIONS: dict[Order, LiteralString] = {Order.NEWEST_FIRST: "DESC", Order.OLDEST_FIRST: "ASC"}


def to_display_sql(
    selection: Selection, *, files: str, columns: Sequence[str], order: Order = Order.NEWEST_FIRST
) -> str:
    """Return a SELECT over `files`, a path or glob as DuckDB reads it, with every value as a literal."""
    parts = [
        sql("SELECT ?", listing(column(name) for name in columns if name in BY_NAME)),
        sql("FROM read_parquet(?, hive_partitioning = false)", files),
        *_where(selection),
        sql("ORDER BY event_time ?, event_id ?", *(Sql(_DIRECTIONS[order]),) * 2),
    ]
    return literal_sql(joined_lines("", parts)) + ";"


def _where(selection: Selection) -> list[Sql]:
    times = between(selection.range.start, selection.range.end)
    parts = [condition_sql(node) for node in conditions(selection.condition)]
    if selection.range.start is not None or selection.range.end is not None:
        parts.insert(0, times)
    return [sql("WHERE ?", joined_lines("  AND ", parts))] if parts else []


def literal_sql(fragment: Sql) -> str:
    """Return the fragment with its parameters as literals."""
    pieces = fragment.text.split("?")
    literals = [*map(_literal, fragment.params), ""]
    return "".join(piece + literal for piece, literal in zip(pieces, literals, strict=True))


def _literal(value: Parameter | None) -> str:
    match value:
        case None:
            return "NULL"
        case str():
            return _text_literal(value)
        case list():
            return f"[{', '.join(map(_literal, value))}]"
        case float() if not math.isfinite(value):
            return f"'{value}'::DOUBLE"
        case _:
            return repr(value)


def _text_literal(text: str) -> str:
    """Return the text in quotes; characters that do not print are spelled as `chr(27)`."""
    if not text:
        return "''"
    parts: list[str] = []
    for is_printable, run in groupby(text, str.isprintable):
        if is_printable:
            parts.append("'" + "".join(run).replace("'", "''") + "'")
        else:
            parts.extend(f"chr({ord(char)})" for char in run)
    return " || ".join(parts)
