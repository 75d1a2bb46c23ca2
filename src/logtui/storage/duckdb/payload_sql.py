"""Conditions on a leaf of the payload; `core/query/leaf` has the rules.

A payload without an array on the path costs three passes of the JSON parser: is it JSON, is there an array, what is at
the path. The first guards the others, which raise errors on other text; `try()` would too, but takes seconds where
payloads are plain text. Only `CASE` is sure to evaluate nothing that its conditions rule out.

Most payloads do not hold the text that is looked for at all, and that takes a tenth of the time to see.
"""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.errors import UnsupportedQueryError
from logtui.core.query.ast import Compare, Exists, Literal, PayloadRef, Range, Regex, Value, Wildcard
from logtui.core.query.leaf import MAX_ARRAY_NESTING, NUMBER, integer_of, number_of
from logtui.storage.duckdb.sql import Sql, all_of, any_of, column, listing, sql
from logtui.storage.duckdb.text_sql import compared, equal_to_any, found, like
from logtui.storage.telltales import telltales

_PAYLOAD = column("payload")
_TEXT = Sql("(leaf ->> '$')")
_NUMBER = sql("CASE WHEN regexp_full_match(?, ?) THEN TRY_CAST(? AS DOUBLE) END", _TEXT, NUMBER, _TEXT)


def payload_term(ref: PayloadRef, values: Sequence[Value]) -> Sql:
    """Return whether a leaf at the path has one of the values."""
    found = _found_at(ref.path, telltales(values))
    return sql("len(list_filter(?, lambda leaf: ?)) > 0", found, _any_value(values))


def _found_at(path: Sequence[str], told_by: Sequence[str]) -> Sql:
    """Return the list of what is at the path, JSON values that may be null; NULL if the payload is not JSON.

    It may also be NULL where the payload holds none of the telltales.
    """
    pointers = ["".join(map(_step, path[:depth])) for depth in range(len(path) + 1)]
    hopeless = [sql("NOT json_valid(?)", _PAYLOAD)]
    if told_by:
        hopeless.insert(0, all_of([sql("NOT contains(?, ?)", _PAYLOAD, text) for text in (*told_by, "\\u")]))
    return sql(
        "CASE WHEN ? THEN NULL WHEN list_contains(json_type(?, [?]), 'ARRAY') THEN ? ELSE json_extract(?, [?]) END",
        any_of(hopeless),
        *(_PAYLOAD, listing(pointers), _found_through_arrays(path), _PAYLOAD, pointers[-1]),
    )


def _found_through_arrays(path: Sequence[str]) -> Sql:
    found_so_far = sql(
        "CASE WHEN json_type(?) = 'ARRAY' THEN ? ELSE [?] END", _PAYLOAD, _with_elements(_PAYLOAD), _PAYLOAD
    )
    for key in path:
        members = sql("list_transform(?, lambda item: json_extract(item, ?))", found_so_far, _step(key))
        found_so_far = sql("flatten(list_transform(?, lambda item: ?))", members, _with_elements(Sql("item")))
    return found_so_far


def _with_elements(value: Sql) -> Sql:
    """Return a list of the value itself and, if it is an array, its elements, and theirs if they are arrays."""
    elements = [sql("json_extract(?, ?)", value, "$" + "[*]" * depth) for depth in range(1, MAX_ARRAY_NESTING + 1)]
    return sql("list_concat([?], ?)", value, listing(elements))


def _step(key: str) -> str:
    """Return one step of a JSON pointer."""
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _any_value(values: Sequence[Value]) -> Sql:
    exists = [Sql("json_type(leaf) NOT IN ('NULL', 'ARRAY')")] if Exists() in values else []
    scalars = [_scalar(value) for value in values if not isinstance(value, Exists)]
    if scalars:
        exists.append(all_of([Sql("json_type(leaf) NOT IN ('OBJECT', 'ARRAY')"), any_of(scalars)]))
    return any_of(exists)


def _scalar(value: Value) -> Sql:
    """Return whether a leaf, known to be neither object nor array, has the value."""
    match value:
        case Literal(text):
            return _literal(text)
        case Wildcard():
            return like(_TEXT, value)
        case Regex():
            return found(_TEXT, value)
        case Compare(operator, operand):
            return _compared(operator, operand)
        case Range(low, high):
            return all_of([_compared(">=", low), _compared("<=", high)])
        case _:
            raise UnsupportedQueryError("networks are only for ip; compare a payload value with text")


def _literal(text: str) -> Sql:
    """Return whether the leaf is this text, or a number equal to it; 64-bit integers are compared exactly."""
    same_text = equal_to_any(_TEXT, [text])
    number, integer = number_of(text), integer_of(text)
    if number is None:
        return same_text
    same_double = sql("TRY_CAST(? AS DOUBLE) = ?", _TEXT, number)
    if integer is None:
        return any_of([same_text, all_of([Sql("json_type(leaf) IN ('BIGINT', 'UBIGINT', 'DOUBLE')"), same_double])])
    same_integer = all_of([Sql("json_type(leaf) IN ('BIGINT', 'UBIGINT')"), equal_to_any(_TEXT, [str(integer)])])
    return any_of([same_text, same_integer, all_of([Sql("json_type(leaf) = 'DOUBLE'"), same_double])])


def _compared(operator: str, operand: str) -> Sql:
    number = number_of(operand)
    return compared(_TEXT, operator, operand) if number is None else compared(_NUMBER, operator, number)
