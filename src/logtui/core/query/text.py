"""Canonical text: the one way a tree is written, so that `parse(to_text(node)) == node`.

Holds for every tree in normal form (see `normal`) whose literals and words are quoted as `quoting` says. Other trees
are written so that they mean the same. Resolved times come out as `since:` and `until:` with absolute times.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from logtui.core.query.ast import (
    And,
    Around,
    Between,
    Cidr,
    Compare,
    Everything,
    Exists,
    FieldRef,
    Flag,
    Literal,
    Node,
    Not,
    On,
    Or,
    Range,
    Regex,
    Since,
    Term,
    Until,
    Value,
    Wildcard,
    Word,
)
from logtui.core.query.fields import field_text
from logtui.core.query.quoting import is_bare_literal, is_bare_operand, is_bare_pattern, is_bare_word, quoted
from logtui.core.times import format_instant

_SLASH = re.compile(r"\\.|/", re.DOTALL)


def to_text(node: Node) -> str:
    """Return the query text of a tree."""
    return "" if isinstance(node, Everything) else _text(node, is_operand=False)


def values_text(values: Iterable[Value], ref: FieldRef) -> str:
    """Return the comma list that stands after the field's colon."""
    return ",".join(_value_text(value, ref) for value in values)


def _text(node: Node, *, is_operand: bool) -> str:
    """Return the text, in parentheses where a group is an operand of `-` or of another group."""
    match node:
        case And(children) | Or(children):
            joint = " " if isinstance(node, And) else " OR "
            inside = joint.join(_text(child, is_operand=True) for child in children) or "*"
            return f"({inside})" if is_operand else inside
        case Not(child):
            negated = _text(child, is_operand=True)
            return f"-({negated})" if negated.startswith("-") else f"-{negated}"
        case Term(ref, values):
            return f"{field_text(ref)}:{values_text(values, ref)}"
        case Word(text, is_quoted):
            return quoted(text) if is_quoted or not is_bare_word(text) else text
        case Between(start, end):
            return _between_text(start, end, is_operand=is_operand)
        case _:
            return _leaf_text(node)


def _leaf_text(node: Node) -> str:
    match node:
        case Flag(name):
            return f"is:{name}"
        case Since(time):
            return f"since:{time}"
        case Until(time):
            return f"until:{time}"
        case On(day):
            return f"on:{day}"
        case Around(anchor, radius):
            is_bare = is_bare_pattern(anchor) and "~" not in anchor
            return f"around:{anchor if is_bare else quoted(anchor)}~{radius}"
        case _:
            return "*"


def _between_text(start: int | None, end: int | None, *, is_operand: bool) -> str:
    parts = []
    if start is not None:
        parts.append(f"since:{format_instant(start)}")
    if end is not None:
        parts.append(f"until:{format_instant(end)}")
    text = " ".join(parts) or "*"
    return f"({text})" if is_operand and len(parts) == 2 else text


def _value_text(value: Value, ref: FieldRef) -> str:
    match value:
        case Literal(text, is_quoted):
            return quoted(text) if is_quoted or not is_bare_literal(text, ref) else text
        case Wildcard(pattern):
            return pattern
        case Cidr(network):
            return network
        case Regex(pattern):
            return f"/{_SLASH.sub(_with_backslash, pattern)}/"
        case Compare(operator, operand):
            return f"{operator}{_operand_text(operand)}"
        case Range(low, high):
            return f"{_operand_text(low)}..{_operand_text(high)}"
        case Exists():
            return "*"


def _operand_text(text: str) -> str:
    return text if is_bare_operand(text) else quoted(text)


def _with_backslash(match: re.Match[str]) -> str:
    return "\\/" if match[0] == "/" else match[0]
