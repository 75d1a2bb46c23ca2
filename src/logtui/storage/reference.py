"""Whether an event matches a query, said in plain Python: the oracle for engines that are faster and harder to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from operator import ge, gt, le, lt

from logtui.core import catalogue
from logtui.core.columns import BY_NAME
from logtui.core.errors import UnsupportedQueryError
from logtui.core.event import SEVERITY_RANK, Event
from logtui.core.query.ast import (
    And,
    Between,
    Cidr,
    ColumnRef,
    Compare,
    Everything,
    Exists,
    Flag,
    Literal,
    Node,
    Not,
    Or,
    PayloadRef,
    Range,
    Regex,
    Term,
    Value,
    Wildcard,
    Word,
)
from logtui.core.query.flags import is_failure, is_late
from logtui.core.query.fold import fold
from logtui.core.query.leaf import integer_of, number_of
from logtui.core.query.regex import RegexError, compiled
from logtui.storage.leaves import Json, Number, Scalar, leaves, text_of

_OPERATORS = {">": gt, ">=": ge, "<": lt, "<=": le}


def matches(node: Node, event: Event) -> bool:
    """Tell whether a resolved tree is true for an event.

    Raises:
        UnsupportedQueryError: a term cannot be evaluated.
    """
    match node:
        case Everything():
            return True
        case And(children):
            return all(matches(child, event) for child in children)
        case Or(children):
            return any(matches(child, event) for child in children)
        case Not(child):
            return not matches(child, event)
        case Term(ColumnRef(name), values):
            return any(_column_has(name, getattr(event, name), value) for value in values)
        case Term(PayloadRef(path), values):
            return any(_leaf_has(leaf, value) for leaf in leaves(event.payload, path) for value in values)
        case Word():
            return any(_has_word(text, node) for text in _searched(event))
        case Flag(name):
            return _has_flag(event, name)
        case Between(start, end):
            return (start is None or start <= event.event_time) and (end is None or event.event_time < end)
        case _:
            raise ValueError(f"{node} is not resolved")


def check(node: Node) -> None:
    """Refuse a tree that cannot be evaluated, whatever the events are.

    Raises:
        UnsupportedQueryError: names the term.
    """
    match node:
        case And(children) | Or(children):
            for child in children:
                check(child)
        case Not(child):
            check(child)
        case Term(ref, values):
            for value in values:
                if isinstance(value, Regex):
                    _searcher(value.pattern)
                elif isinstance(value, Cidr) and ref != ColumnRef("ip"):
                    raise UnsupportedQueryError("networks are only for ip")


# -- columns


def _column_has(name: str, text: str | None, value: Value) -> bool:
    if text is None:
        return False
    if name == "ip" and isinstance(value, Cidr | Literal):
        return _address_has(text, value)
    match value:
        case Exists():
            return True
        case Literal(literal):
            return _as_compared(name, text) == _as_compared(name, literal)
        case Wildcard(pattern):
            return _is_like(_as_compared(name, text), _as_compared(name, pattern))
        case Regex(pattern):
            return _searcher(pattern, is_caseless=BY_NAME[name].is_caseless).search(text) is not None
        case Compare(operator, operand):
            return _compares(name, text, operator, operand)
        case Range(low, high):
            return _compares(name, text, ">=", low) and _compares(name, text, "<=", high)
        case Cidr():
            raise UnsupportedQueryError("networks are only for ip")


def _as_compared(name: str, text: str) -> str:
    return fold(text) if BY_NAME[name].is_caseless else text


def _compares(name: str, text: str, operator: str, operand: str) -> bool:
    text, operand = _as_compared(name, text), _as_compared(name, operand)
    if name != "severity":
        return bool(_OPERATORS[operator](text, operand))
    rank, limit = SEVERITY_RANK.get(text), SEVERITY_RANK.get(operand)
    return rank is not None and limit is not None and bool(_OPERATORS[operator](rank, limit))


def _address_has(text: str, value: Cidr | Literal) -> bool:
    address = _address(text)
    if isinstance(value, Cidr):
        return address is not None and address in ip_network(value.network)
    return text == value.text or (address is not None and address == _address(value.text))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


# -- texts


def _is_like(text: str, pattern: str) -> bool:
    regex = ".*".join(re.escape(piece) for piece in pattern.split("*"))
    return re.fullmatch(regex, text, re.DOTALL) is not None


def _searcher(pattern: str, *, is_caseless: bool = False) -> re.Pattern[str]:
    try:
        return compiled(pattern, is_caseless=is_caseless)
    except RegexError as error:
        raise UnsupportedQueryError(f"regex /{pattern}/: {error}") from error


def _searched(event: Event) -> Iterator[str]:
    for text in (event.event_type, event.actor, event.subject, event.event_id, event.payload):
        if text is not None:
            yield fold(text)


def _has_word(folded: str, word: Word) -> bool:
    wanted = fold(word.text)
    return wanted in folded if word.is_quoted else _is_like(folded, f"*{wanted}*")


# -- the payload


def _leaf_has(leaf: Scalar | dict[str, Json], value: Value) -> bool:
    if isinstance(value, Exists):
        return True
    if isinstance(leaf, dict):
        return False
    text = text_of(leaf)
    match value:
        case Literal(literal):
            return text == literal or (isinstance(leaf, Number) and _is_equal(leaf, literal))
        case Wildcard(pattern):
            return _is_like(text, pattern)
        case Regex(pattern):
            return _searcher(pattern).search(text) is not None
        case Compare(operator, operand):
            return _leaf_compares(text, operator, operand)
        case Range(low, high):
            return _leaf_compares(text, ">=", low) and _leaf_compares(text, "<=", high)
        case Cidr():
            raise UnsupportedQueryError("networks are only for ip")


def _is_equal(leaf: Number, literal: str) -> bool:
    number, integer = number_of(literal), integer_of(literal)
    if isinstance(leaf.value, int) and integer is not None:
        return leaf.value == integer
    return number is not None and float(leaf.value) == number


def _leaf_compares(text: str, operator: str, operand: str) -> bool:
    wanted, number = number_of(operand), number_of(text)
    if wanted is None:
        return bool(_OPERATORS[operator](text, operand))
    return number is not None and bool(_OPERATORS[operator](number, wanted))


# -- flags


def _has_flag(event: Event, name: str) -> bool:
    match name:
        case "failure":
            return is_failure(event.event_type, event.severity)
        case "success" | "warning" | "error":
            return event.severity is not None and fold(event.severity) == name
        case "anonymous":
            return event.actor is None
        case "unknown":
            return event.event_type not in catalogue.load()
        case "late":
            return is_late(event.event_time, event.ingested_at)
        case _:
            raise ValueError(f"there is no flag {name}")
