"""Edits of a query: conditions added, taken away and replaced, tree to tree.

An edit touches only the top level, where all conditions must hold; what is deeper is one condition.
"""

from __future__ import annotations

import re

from logtui.core.errors import UsageError
from logtui.core.query.ast import (
    MAX_PAYLOAD_DEPTH,
    Around,
    Between,
    Exists,
    FieldRef,
    Literal,
    Node,
    Not,
    On,
    PayloadRef,
    Since,
    Term,
    Until,
    Value,
)
from logtui.core.query.form import Form, form_of, with_form
from logtui.core.query.normal import all_of, conditions
from logtui.core.query.quoting import literal

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_TIMES = (Since, Until, On, Around, Between)


def add(node: Node, condition: Node) -> Node:
    """Return the query with one more condition; one that is there already is not doubled."""
    return node if condition in conditions(node) else all_of((*conditions(node), condition))


def without(node: Node, condition: Node) -> Node:
    """Return the query without one condition."""
    parts = list(conditions(node))
    if condition in parts:
        parts.remove(condition)
    return all_of(parts)


# -- times


def time_terms(node: Node) -> tuple[Node, ...]:
    """Return the conditions that are times."""
    return tuple(part for part in conditions(node) if isinstance(part, _TIMES))


def set_time(node: Node, *terms: Node) -> Node:
    """Return the query with these times in place of its own; with none, for all time."""
    return all_of((*(part for part in conditions(node) if not isinstance(part, _TIMES)), *terms))


# -- values


def pivot(node: Node, ref: FieldRef, value: str | None) -> Node:
    """Return the query for every event with this value in the same time.

    Raises:
        UsageError: see `include`.
    """
    return all_of((_condition(ref, value), *time_terms(node)))


def include(node: Node, ref: FieldRef, value: str | None) -> Node:
    """Return the query narrowed to events with this value; None is a missing value.

    A list of other values on the same field gains it; any other condition on the field gives way to it.

    Raises:
        UsageError: no query can name the field or the value.
    """
    wanted = _condition(ref, value)
    if value is None:
        return add(all_of(part for part in conditions(node) if _positive(part, ref) is None), wanted)
    parts = [kept for part in conditions(node) if (kept := _without_exclusion(part, ref, value)) is not None]
    for place, part in enumerate(parts):
        values = _positive(part, ref)
        if values is not None:
            is_other_list = all(isinstance(known, Literal) and known.text != value for known in values)
            parts[place] = Term(ref, (*values, literal(value, ref))) if is_other_list else wanted
            return all_of(parts)
    return all_of((*parts, wanted))


def exclude(node: Node, ref: FieldRef, value: str | None) -> Node:
    """Return the query without events that have this value; None is a missing value.

    Raises:
        UsageError: no query can name the field or the value.
    """
    unwanted = _condition(ref, value)
    if value is None:
        return add(without(node, unwanted), Term(ref, (Exists(),)))
    parts: list[Node] = []
    is_excluded = False
    for part in conditions(node):
        values = _positive(part, ref)
        if values is not None and _lists(values, value):
            rest = _others(values, value)
            if rest:
                parts.append(Term(ref, rest))
                is_excluded = is_excluded or all(isinstance(known, Literal) for known in rest)
        else:
            parts.append(part)
    return all_of(parts) if is_excluded else _with_exclusion(parts, ref, value)


def _with_exclusion(parts: list[Node], ref: FieldRef, value: str) -> Node:
    for place, part in enumerate(parts):
        values = _negative(part, ref)
        if values is not None and all(isinstance(known, Literal) for known in values):
            if not _lists(values, value):
                parts[place] = Not(Term(ref, (*values, literal(value, ref))))
            return all_of(parts)
    return all_of((*parts, Not(Term(ref, (literal(value, ref),)))))


def _without_exclusion(part: Node, ref: FieldRef, value: str) -> Node | None:
    """Return what is left of a condition that would keep the value out."""
    values = _negative(part, ref)
    if values is None or not (_lists(values, value) or Exists() in values):
        return part
    rest = tuple(known for known in _others(values, value) if known != Exists())
    return Not(Term(ref, rest)) if rest else None


def _condition(ref: FieldRef, value: str | None) -> Node:
    if isinstance(ref, PayloadRef) and len(ref.path) > MAX_PAYLOAD_DEPTH:
        raise UsageError(f"a query reaches {MAX_PAYLOAD_DEPTH} keys deep into the payload; search for the text instead")
    if value is None:
        return Not(Term(ref, (Exists(),)))
    if _UNWRITABLE.search(value):
        raise UsageError("the value holds a character that a query cannot; search for a part of it instead")
    return Term(ref, (literal(value, ref),))


def _positive(part: Node, ref: FieldRef) -> tuple[Value, ...] | None:
    return part.values if isinstance(part, Term) and part.ref == ref else None


def _negative(part: Node, ref: FieldRef) -> tuple[Value, ...] | None:
    return _positive(part.child, ref) if isinstance(part, Not) else None


def _lists(values: tuple[Value, ...], value: str) -> bool:
    return any(isinstance(known, Literal) and known.text == value for known in values)


def _others(values: tuple[Value, ...], value: str) -> tuple[Value, ...]:
    return tuple(known for known in values if not (isinstance(known, Literal) and known.text == value))


__all__ = [
    "Form", "add", "conditions", "exclude", "form_of", "include", "pivot", "set_time", "time_terms", "with_form",
    "without",
]  # fmt: skip
