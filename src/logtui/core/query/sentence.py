"""The English sentence: a query in words, so that what it asks can be checked without knowing the language.

A phrase is complete after "events" (`of type …`, `by …`). Conditions that must all hold are joined by commas, those of
which one must hold by "or"; a group inside a group stands in parentheses.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logtui.core.columns import BY_NAME
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
    PayloadRef,
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
from logtui.core.query.quoting import is_bare_pattern, quoted
from logtui.core.times import UNIT_NAMES, WEEKDAYS, format_instant, is_time, parse_period

_PREPOSITIONS: Mapping[str, str] = MappingProxyType(
    {
        "event_id": "with the id",
        "event_type": "of type",
        "severity": "of severity",
        "actor": "by",
        "actor_type": "by actors of type",
        "subject": "on",
        "subject_type": "on subjects of type",
        "source": "from the source",
        "trace_id": "in the trace",
        "device_id": "from the device",
        "ip": "from",
    }
)
"""Column name -> what stands before its value."""

_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "failure": "that are failures",
        "success": "of severity success",
        "warning": "of severity warning",
        "error": "of severity error",
        "anonymous": "without an actor",
        "unknown": "of types not in the catalogue",
        "late": "written more than 5 minutes late",
    }
)

_COMPARISONS: Mapping[str, str] = MappingProxyType({">": "above", ">=": "at least", "<": "below", "<=": "at most"})


def to_sentence(node: Node) -> str:
    """Return the query as one English phrase without a full stop."""
    match node:
        case Everything():
            return "all events"
        case Not(Everything()):
            return "no events"
        case And(children):
            return "events " + ", ".join(_phrase(child) for child in children)
        case _:
            return "events " + _phrase(node, is_alone=True)


def _phrase(node: Node, *, is_alone: bool = False) -> str:
    match node:
        case And(children) | Or(children):
            joint = " and " if isinstance(node, And) else " or "
            phrase = joint.join(_phrase(child) for child in children)
            return phrase if is_alone else f"({phrase})"
        case Not(child):
            return _negated(child)
        case Term():
            return _term(node, is_negated=False)
        case Word():
            return f"mentioning {_quoted_word(node)}"
        case Flag(name):
            return _FLAGS[name]
        case Between(start, end):
            return _between(start, end)
        case Since() | Until() | On() | Around():
            return _time(node)
        case Everything():
            return "of any kind"


def _negated(node: Node) -> str:
    match node:
        case Term():
            return _term(node, is_negated=True)
        case Word():
            return f"not mentioning {_quoted_word(node)}"
        case Flag("anonymous"):
            return "with an actor"
        case _:
            return f"not {_phrase(node)}"


def _quoted_word(word: Word) -> str:
    return quoted(word.text) if word.is_quoted or "*" not in word.text else f"{quoted(word.text)} (* is any text)"


# -- fields


def _term(term: Term, *, is_negated: bool) -> str:
    if term.values == (Exists(),):
        return f"{'without' if is_negated else 'with'} {_any_value(term.ref)}"
    negation = "not " if is_negated else ""
    values = _either([_value(value, term.ref) for value in term.values])
    if isinstance(term.ref, PayloadRef):
        return f"{negation}with {field_text(term.ref)} {values}"
    return f"{negation}{_PREPOSITIONS[term.ref.name]} {values}"


def _any_value(ref: FieldRef) -> str:
    name = field_text(ref) if isinstance(ref, PayloadRef) else BY_NAME[ref.name].title
    article = "an" if name[0] in "aeiou" else "a"
    return f"any {name}" if isinstance(ref, PayloadRef) else f"{article} {name}"


def _either(values: list[str]) -> str:
    return " or ".join([", ".join(values[:-1]), values[-1]]) if len(values) > 1 else values[0]


def _value(value: Value, ref: FieldRef) -> str:
    match value:
        case Literal(text):
            return _shown(text)
        case Wildcard(pattern):
            is_prefix = pattern.endswith(".*") and pattern.count("*") == 1
            return f"{pattern} (any depth)" if is_prefix and _is_type(ref) else f"like {pattern}"
        case Cidr(network):
            return f"the network {network}"
        case Regex(pattern):
            return f"matching /{pattern}/"
        case Compare(operator, operand):
            return f"{_COMPARISONS[operator]} {_shown(operand)}"
        case Range(low, high):
            return f"between {_shown(low)} and {_shown(high)}"
        case Exists():
            return "any"


def _shown(text: str) -> str:
    return text if is_bare_pattern(text) and "*" not in text else quoted(text)


def _is_type(ref: FieldRef) -> bool:
    return not isinstance(ref, PayloadRef) and ref.name == "event_type"


# -- times


def _time(term: Since | Until | On | Around) -> str:
    match term:
        case Since(time):
            return f"since {_moment(time)}"
        case Until(time):
            return f"before {_moment(time)}" if parse_period(time, 0).is_instant else f"until the end of {_day(time)}"
        case On(day):
            return f"on {_day(day)}"
        case Around(anchor, radius):
            what = _moment(anchor) if is_time(anchor) else f"the event {anchor}"
            return f"within {_length(radius)} of {what}"


def _moment(time: str) -> str:
    word = time.lower()
    if word[-1] in UNIT_NAMES and word[:-1].isdigit():
        return f"{_length(word)} ago"
    return _day(word) if word.isalpha() else time


def _day(day: str) -> str:
    word = day.lower()
    for name in WEEKDAYS:
        if word in (name, name[:3]):
            return name.capitalize()
    return word


def _length(duration: str) -> str:
    count, unit = int(duration[:-1]), UNIT_NAMES[duration[-1].lower()]
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _between(start: int | None, end: int | None) -> str:
    parts = []
    if start is not None:
        parts.append(f"since {format_instant(start)}")
    if end is not None:
        parts.append(f"before {format_instant(end)}")
    return " and ".join(parts) or "at any time"
