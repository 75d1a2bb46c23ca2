"""Fragments of SQL that carry their parameters.

`sql` is the only way to make one, and it turns every value into a parameter, so that no text of a user's can become
SQL: what is spliced in as text is a literal of this package or the name of a column in `COLUMNS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import LiteralString

from logtui.core.columns import BY_NAME
from logtui.core.errors import UnsupportedQueryError

Parameter = str | int | float | list[str] | list[str | None] | list[int]


@dataclass(frozen=True, slots=True)
class Sql:
    """An expression with a `?` for each of its parameters."""

    text: str
    params: tuple[Parameter, ...] = ()


TRUE = Sql("true")
FALSE = Sql("false")


def sql(template: LiteralString, *parts: Sql | Parameter) -> Sql:
    """Return the template with its `?` filled in order: by fragments as they are, by values as parameters.

    Raises:
        UnsupportedQueryError: a text is not Unicode, so no stored value can be like it.
    """
    pieces = template.split("?")
    if len(pieces) != len(parts) + 1:
        raise ValueError(f"{len(parts)} parts for {len(pieces) - 1} places in {template!r}")
    text = [pieces[0]]
    params: list[Parameter] = []
    for part, piece in zip(parts, pieces[1:], strict=True):
        if isinstance(part, Sql):
            text.append(part.text)
            params.extend(part.params)
        else:
            text.append("?")
            params.append(_storable(part))
        text.append(piece)
    return Sql("".join(text), tuple(params))


def column(name: str) -> Sql:
    """Return the column of the event schema with this name."""
    return Sql(BY_NAME[name].name)


def listing(parts: Iterable[Sql | Parameter]) -> Sql:
    """Return `a, b, c`."""
    return _joined(", ", [part if isinstance(part, Sql) else sql("?", part) for part in parts])


def all_of(conditions: Sequence[Sql]) -> Sql:
    """Return what is true where all are."""
    return _group(" AND ", conditions, TRUE)


def any_of(conditions: Sequence[Sql]) -> Sql:
    """Return what is true where at least one is."""
    return _group(" OR ", conditions, FALSE)


def negation(condition: Sql) -> Sql:
    """Return what is true wherever the condition is not, unknown included."""
    return sql("(?) IS NOT TRUE", condition)


def joined_lines(separator: str, parts: Sequence[Sql]) -> Sql:
    """Return the parts, one on each line, for reading."""
    return _joined(f"\n{separator}", parts)


def _group(operator: str, conditions: Sequence[Sql], nothing: Sql) -> Sql:
    if len(conditions) < 2:
        return conditions[0] if conditions else nothing
    joined = _joined(operator, conditions)
    return Sql(f"({joined.text})", joined.params)


def _joined(separator: str, parts: Sequence[Sql]) -> Sql:
    return Sql(separator.join(part.text for part in parts), tuple(param for part in parts for param in part.params))


def _storable(value: Parameter) -> Parameter:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise UnsupportedQueryError(f"{value!a} is not Unicode text; leave out the broken characters") from error
    return value
