"""The query as a tree: frozen data, no behaviour.

Two stages share these nodes. The parser yields time terms as written (`Since`, `Until`, `On`, `Around`);
`resolve` replaces them by `Between` with absolute times. Engines see resolved trees only.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """Where in the query text a node was written: characters from 0, end exclusive."""

    start: int
    end: int


NOWHERE = Span(0, 0)


def _span() -> Span:
    # Two queries are equal when they mean the same, wherever the words stood.
    return field(default=NOWHERE, compare=False, repr=False)


# -- what is looked at


@dataclass(frozen=True, slots=True)
class ColumnRef:
    """A column of the event schema, by its name in `columns.COLUMNS`."""

    name: str


@dataclass(frozen=True, slots=True)
class PayloadRef:
    """A leaf of the payload. A path through an array, or to one, means any of its elements.

    At most `MAX_PAYLOAD_DEPTH` keys.
    """

    path: tuple[str, ...]


MAX_PAYLOAD_DEPTH = 6

FieldRef = ColumnRef | PayloadRef


# -- what it is compared with


@dataclass(frozen=True, slots=True)
class Literal:
    """The whole value. For `ip`, an address; for a payload number, an equal number."""

    text: str
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Wildcard:
    """The whole value, where each `*` stands for any characters, also none."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Cidr:
    """Addresses of one network; only for `ip`."""

    network: str
    """Canonical text, for instance `203.0.113.0/24`."""


@dataclass(frozen=True, slots=True)
class Regex:
    """RE2 syntax, found anywhere in the value."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Compare:
    """`operator` is one of > >= < <=. Numbers compare as numbers, severities by rank, all else by code point."""

    operator: str
    operand: str


@dataclass(frozen=True, slots=True)
class Range:
    """`low..high`, both ends included."""

    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Exists:
    """Any value at all: `actor:*`."""


Value = Literal | Wildcard | Cidr | Regex | Compare | Range | Exists


# -- the tree


@dataclass(frozen=True, slots=True)
class Everything:
    """The empty query."""


@dataclass(frozen=True, slots=True)
class And:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    children: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True wherever the child is not true: `-actor:system` keeps events that have no actor."""

    child: Node


@dataclass(frozen=True, slots=True)
class Term:
    """A field that has any of the values."""

    ref: FieldRef
    values: tuple[Value, ...]
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Word:
    """Text anywhere in type, actor, subject, id or payload, without regard to case.

    Unquoted, `*` stands for any characters. Quoted, every character stands for itself.
    """

    text: str
    is_quoted: bool = False
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Flag:
    """`is:<name>`; the names are the keys of `flags.FLAGS`."""

    name: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Since:
    """From this time on, as written: `24h`, `yesterday`, `2026-10-04`."""

    time: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Until:
    """Before this time; a whole day or word for a day includes that day."""

    time: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class On:
    """Within one UTC day, as written."""

    day: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Around:
    """`radius` (a duration such as `5m`) before and after a time or the event with this id."""

    anchor: str
    radius: str
    span: Span = _span()


@dataclass(frozen=True, slots=True)
class Between:
    """Resolved time: `start <= event_time < end`, microseconds; None is open."""

    start: int | None
    end: int | None


TimeTerm = Since | Until | On | Around
Node = Everything | And | Or | Not | Term | Word | Flag | Since | Until | On | Around | Between
