"""The compiler: from a resolved query tree to a DuckDB condition with parameters.

The condition speaks of the columns of `COLUMNS`: times as TIMESTAMPTZ, everything else as VARCHAR. It is true for the
events that match, and false or unknown for the others. A value compared with a column stays a plain comparison of that
column, so that DuckDB can skip row groups by zone maps and Bloom filters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from logtui.core import catalogue
from logtui.core.clock import DAY
from logtui.core.columns import BY_NAME
from logtui.core.query.ast import (
    And,
    Between,
    ColumnRef,
    Everything,
    Flag,
    Literal,
    Node,
    Not,
    Or,
    PayloadRef,
    Term,
    Word,
)
from logtui.core.query.flags import FAILURE_SEVERITIES, FAILURE_WORDS, LATE_AFTER
from logtui.core.query.fold import fold
from logtui.core.query.normal import conditions
from logtui.core.times import day_start, format_instant
from logtui.storage.duckdb.column_sql import column_term
from logtui.storage.duckdb.payload_sql import payload_term
from logtui.storage.duckdb.sql import TRUE, Parameter, Sql, all_of, any_of, column, listing, negation, sql
from logtui.storage.duckdb.text_sql import compared, contains_word, equal_to_any, scan_for_word
from logtui.storage.telltales import pieces_of


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition ready to be put after WHERE."""

    sql: str
    params: tuple[Parameter, ...]
    needs_payload: bool
    """Whether it reads the payload, which is most of the bytes."""
    is_needle: bool
    """Whether it asks for an id that Bloom filters know, so that few row groups can match."""


def compile_condition(node: Node) -> Compiled:
    """Return the condition of a resolved tree.

    Raises:
        UnsupportedQueryError: a term cannot be put to DuckDB.
    """
    condition = condition_sql(node)
    return Compiled(condition.text, condition.params, _needs_payload(node), any(map(_is_needle, conditions(node))))


def condition_sql(node: Node) -> Sql:
    """Return the condition as a fragment; see `compile_condition`."""
    match node:
        case Everything():
            return TRUE
        case And(children):
            return all_of([condition_sql(child) for child in children])
        case Or(children):
            return any_of([condition_sql(child) for child in children])
        case Not(child):
            return negation(condition_sql(child))
        case Term(ColumnRef() as ref, values):
            return column_term(ref, values)
        case Term(PayloadRef() as ref, values):
            return payload_term(ref, values)
        case Word(text, is_quoted):
            return _word(pieces_of(text, is_quoted=is_quoted))
        case Flag(name):
            return FLAG_CONDITIONS[name]()
        case Between(start, end):
            return between(start, end)
        case _:
            raise ValueError(f"{node} is not resolved")


def between(start: int | None, end: int | None) -> Sql:
    """Return `start <= event_time < end`; the bounds are constants to DuckDB, so zone maps apply."""
    bounds = [(">=", start), ("<", end)]
    return all_of([compared(column("event_time"), sign, _instant(at)) for sign, at in bounds if at is not None])


def _instant(at: int) -> Sql:
    if _FIRST_YEAR <= at < _AFTER_LAST_YEAR:
        return sql("?::TIMESTAMPTZ", format_instant(at))
    return sql("make_timestamptz(?)", at)


_FIRST_YEAR = day_start("0001-01-01")
_AFTER_LAST_YEAR = day_start("9999-12-31") + DAY
"""DuckDB writes the years outside in another way."""

_WORD_COLUMNS = tuple(column(name) for name in ("event_type", "actor", "subject", "event_id"))


def _word(pieces: list[str]) -> Sql:
    short = [contains_word(text, pieces) for text in _WORD_COLUMNS]
    # Last, because DuckDB then reads the payload only of events that the others did not settle.
    return any_of([*short, scan_for_word(column("payload"), pieces)])


# -- flags


def _failure() -> Sql:
    words = sql("regexp_extract(lower(event_type), '[^._]*$') IN (?)", listing(sorted(FAILURE_WORDS)))
    return any_of([words, equal_to_any(_SEVERITY, sorted(FAILURE_SEVERITIES))])


def _unknown() -> Sql:
    return sql("NOT list_contains(?, lower(event_type))", [fold(name) for name in catalogue.load().types])


_SEVERITY = sql("lower(?)", column("severity"))

FLAG_CONDITIONS: Mapping[str, Callable[[], Sql]] = MappingProxyType(
    {
        "failure": _failure,
        "success": lambda: equal_to_any(_SEVERITY, ["success"]),
        "warning": lambda: equal_to_any(_SEVERITY, ["warning"]),
        "error": lambda: equal_to_any(_SEVERITY, ["error"]),
        "anonymous": lambda: sql("? IS NULL", column("actor")),
        "unknown": _unknown,
        "late": lambda: sql("epoch_us(ingested_at) - epoch_us(event_time) > ?", LATE_AFTER),
    }
)
"""Flag -> its condition; the keys are those of `FLAGS`."""


# -- what the tree asks for


def _needs_payload(node: Node) -> bool:
    match node:
        case And(children) | Or(children):
            return any(map(_needs_payload, children))
        case Not(child):
            return _needs_payload(child)
        case Term(PayloadRef()) | Word():
            return True
        case _:
            return False


def _is_needle(node: Node) -> bool:
    match node:
        case Term(ColumnRef(name), values):
            return BY_NAME[name].has_bloom and all(isinstance(value, Literal) for value in values)
        case _:
            return False
