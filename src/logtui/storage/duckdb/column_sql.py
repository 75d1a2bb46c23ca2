"""Conditions on one column of the event."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.columns import BY_NAME, Column
from logtui.core.errors import UnsupportedQueryError
from logtui.core.event import SEVERITY_RANK
from logtui.core.query.ast import Cidr, ColumnRef, Compare, Exists, Literal, Range, Regex, Value, Wildcard
from logtui.core.query.fold import fold
from logtui.storage.duckdb.sql import FALSE, Sql, all_of, any_of, column, sql
from logtui.storage.duckdb.text_sql import compared, equal_to_any, found, like


def column_term(ref: ColumnRef, values: Sequence[Value]) -> Sql:
    """Return whether the column has one of the values; unknown or false where it has none.

    Raises:
        UnsupportedQueryError: a network is compared with something else than an address.
    """
    about = BY_NAME[ref.name]
    literals = [value.text for value in values if isinstance(value, Literal)]
    others = [value for value in values if not isinstance(value, Literal)]
    return any_of([*_equal(about, literals), *(_condition(about, value) for value in others)])


def _text(about: Column) -> Sql:
    """Return the column as it is compared."""
    return sql("lower(?)", column(about.name)) if about.is_caseless else column(about.name)


def _as_compared(about: Column, text: str) -> str:
    return fold(text) if about.is_caseless else text


def _equal(about: Column, literals: Sequence[str]) -> list[Sql]:
    patterns = _spellings(literals) if about.name == "ip" else {}
    plain = [_as_compared(about, text) for text in literals if text not in patterns]
    spelled = [sql("regexp_full_match(?, ?)", _text(about), pattern) for pattern in patterns.values()]
    return [equal_to_any(_text(about), plain), *spelled] if plain else spelled


def _spellings(addresses: Sequence[str]) -> dict[str, str]:
    """Return a pattern for each text that is an address of many spellings."""
    from logtui.storage.duckdb.network_pattern import address_pattern

    patterns = {text: address_pattern(text) for text in addresses}
    return {text: pattern for text, pattern in patterns.items() if pattern is not None}


def _in_network(ip: Sql, network: str) -> Sql:
    from logtui.storage.duckdb.network_pattern import network_pattern

    return sql("regexp_full_match(?, ?)", ip, network_pattern(network))


def _condition(about: Column, value: Value) -> Sql:
    text = _text(about)
    match value:
        case Exists():
            return sql("? IS NOT NULL", column(about.name))
        case Wildcard(pattern):
            return like(text, Wildcard(_as_compared(about, pattern)))
        case Regex():
            return found(column(about.name), value, is_caseless=about.is_caseless)
        case Cidr(network) if about.name == "ip":
            return _in_network(text, network)
        case Compare(operator, operand):
            return _ordered(about, [(operator, operand)])
        case Range(low, high):
            return _ordered(about, [(">=", low), ("<=", high)])
        case _:
            raise UnsupportedQueryError(f"{about.title} is not an address; networks are only for ip")


def _ordered(about: Column, bounds: Sequence[tuple[str, str]]) -> Sql:
    operands = [(operator, _as_compared(about, operand)) for operator, operand in bounds]
    if about.name == "severity":
        return _ranked(_text(about), operands)
    return all_of([compared(_text(about), operator, operand) for operator, operand in operands])


def _ranked(severity: Sql, bounds: Sequence[tuple[str, str]]) -> Sql:
    """Severities have few values, so their order becomes the list of those that are within bounds."""
    names = [name for name in SEVERITY_RANK if all(_is_within(name, operator, bound) for operator, bound in bounds)]
    return equal_to_any(severity, names) if names else FALSE


def _is_within(name: str, operator: str, bound: str) -> bool:
    rank, limit = SEVERITY_RANK[name], SEVERITY_RANK.get(bound)
    if limit is None:
        return False
    return {">": rank > limit, ">=": rank >= limit, "<": rank < limit, "<=": rank <= limit}[operator]
