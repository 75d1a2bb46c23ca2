"""Completion of the query line at a caret: fields, flags, types by segment, values that were seen, time words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from logtui.core.catalogue import Catalogue, load
from logtui.core.columns import BY_FIELD
from logtui.core.event import Severity
from logtui.core.query.ast import ColumnRef, FieldRef, PayloadRef
from logtui.core.query.caret import Place, place_at
from logtui.core.query.fields import FIELDS, FLAG_FIELD, PAYLOAD_FIELD, TIME_FIELDS
from logtui.core.query.flags import FLAGS
from logtui.core.query.fold import fold
from logtui.core.query.quoting import literal
from logtui.core.query.text import values_text
from logtui.core.times import WEEKDAYS

MAX_OPTIONS = 50

Seen = Callable[[str], Sequence[str]]
"""Query field -> values that the store was seen to hold, the most frequent first. For `payload` it gives the known
paths as a query writes them (`user.email`), for `payload.<path>` the values there."""


@dataclass(frozen=True, slots=True)
class Option:
    """One way to go on; `text` replaces what stands between `start` and `end`."""

    text: str
    meaning: str = ""


@dataclass(frozen=True, slots=True)
class Completion:
    """What may stand between the characters `start` and `end` of the query, likeliest first."""

    start: int
    end: int
    options: tuple[Option, ...] = ()


_KEYWORDS = (
    Option("OR", "one of two conditions"),
    Option("NOT", "the next condition does not hold"),
    Option("AND", "both conditions, as without it"),
)
_DAYS = (
    Option("today", "from midnight UTC"),
    Option("yesterday", "the day before today"),
    *(Option(name[:3], f"the last {name.capitalize()}") for name in WEEKDAYS),
)
_INSTANTS = (
    Option("15m", "15 minutes ago"),
    Option("1h", "an hour ago"),
    Option("24h", "24 hours ago"),
    Option("7d", "7 days ago"),
    Option("30d", "30 days ago"),
    Option("now", "this moment"),
)
_RADII = (Option("1m", "a minute"), Option("5m", "5 minutes"), Option("15m", "15 minutes"), Option("1h", "an hour"))
_OPERATOR = re.compile(r"[<>]=?")


def complete(text: str, cursor: int, *, seen: Seen, catalogue: Catalogue | None = None) -> Completion:
    """Return what could be typed at the caret; no options where nothing is known.

    Args:
        text: the query so far; it need not be valid.
        cursor: the caret, in characters from 0.
    """
    place = place_at(text, cursor)
    if place is None:
        return Completion(cursor, cursor)
    known = load() if catalogue is None else catalogue
    found = _heads(place, seen, known) if place.field is None else _values(place, place.field, seen, known)
    typed = text[place.start : place.end]
    options = tuple(islice((option for option in _unique(found) if option.text != typed), MAX_OPTIONS))
    return Completion(place.start, place.end, options)


# -- before the colon


def _heads(place: Place, seen: Seen, catalogue: Catalogue) -> Iterator[Option]:
    prefix = place.prefix
    if prefix.startswith((f"{PAYLOAD_FIELD}.", "p.")):
        path = prefix.partition(".")[2]
        for name in _matching(path, seen(PAYLOAD_FIELD)):
            yield Option(f"{PAYLOAD_FIELD}.{name}:", "a leaf of the payload")
        return
    for name, meaning in FIELDS.items():
        if name.startswith(prefix.lower()):
            yield Option(f"{name}." if name == PAYLOAD_FIELD else f"{name}:", meaning)
    if not prefix:
        return
    yield from (option for option in _KEYWORDS if option.text.startswith(prefix))
    yield from (Option(f"{FLAG_FIELD}:{name}", FLAGS[name]) for name in _matching(prefix, FLAGS))
    for option in _types(prefix, seen, catalogue):
        text = f"{option.text}*" if option.text.endswith(".") else option.text
        yield Option(f"type:{text}", option.meaning)


# -- after the colon


def _values(place: Place, field: str, seen: Seen, catalogue: Catalogue) -> Iterator[Option]:
    if field in TIME_FIELDS:
        return _times(place, field, seen) if place.is_first else iter(())
    if field == FLAG_FIELD:
        return (Option(name, FLAGS[name]) for name in _matching(place.prefix, FLAGS))
    operator = _OPERATOR.match(place.prefix)
    lead = operator[0] if operator is not None and not place.is_quoted else ""
    prefix = place.prefix[len(lead) :]
    if field == "type" and not lead and not place.is_quoted:
        return _types(prefix, seen, catalogue)
    if field.startswith("p."):
        field = PAYLOAD_FIELD + field[1:]
    values = (*(severity.value for severity in Severity), *seen(field)) if field == "severity" else seen(field)
    ref = _ref(field)
    return (Option(lead + values_text((literal(value, ref),), ref)) for value in _matching(prefix, values))


def _ref(field: str) -> FieldRef:
    column = BY_FIELD.get(field)
    return ColumnRef(column.name) if column is not None else PayloadRef((field,))


def _times(place: Place, field: str, seen: Seen) -> Iterator[Option]:
    if field != "around":
        options = _DAYS if field == "on" else (*_INSTANTS, *_DAYS)
        yield from (option for option in options if option.text.startswith(place.prefix.lower()))
        return
    anchor, tilde, radius = place.prefix.rpartition("~")
    if tilde:
        yield from (
            Option(f"{anchor}~{option.text}", f"{option.meaning} before and after")
            for option in _RADII
            if option.text.startswith(radius)
        )
        return
    for name in _matching(place.prefix, seen("id")):
        yield Option(f"{values_text((literal(name, ColumnRef('event_id')),), ColumnRef('event_id'))}~5m", "this event")


def _types(prefix: str, seen: Seen, catalogue: Catalogue) -> Iterator[Option]:
    """Yield types and groups of types one segment further than `prefix`, else types that hold it anywhere."""
    names = tuple(dict.fromkeys((*catalogue.types, *seen("type"))))
    wanted = fold(prefix)
    below = [name for name in names if fold(name).startswith(wanted)]
    if not below:
        yield from (_type(name, catalogue) for name in names if wanted in fold(name))
        return
    depth = prefix.count(".") + 1
    if prefix.endswith("."):
        yield Option(f"{prefix}*", f"all {len(below)}, any depth")
    groups: dict[str, list[str]] = {}
    for name in below:
        groups.setdefault(".".join(name.split(".")[:depth]), []).append(name)
    for group, members in groups.items():
        if members[0] == group:
            yield _type(group, catalogue)
        if len(members) > 1 or members[0] != group:
            yield Option(f"{group}.", f"{len(members)} types")


def _type(name: str, catalogue: Catalogue) -> Option:
    entry = catalogue.get(name)
    ref = ColumnRef("event_type")
    return Option(values_text((literal(name, ref),), ref), entry.description if entry is not None else "")


# -- choosing


def _matching(prefix: str, values: Iterable[str]) -> Iterator[str]:
    """Yield the values that begin with the prefix, then those that hold it."""
    wanted = fold(prefix)
    known = list(values)
    yield from (value for value in known if fold(value).startswith(wanted))
    yield from (value for value in known if wanted in fold(value))


def _unique(options: Iterable[Option]) -> Iterator[Option]:
    done: set[str] = set()
    for option in options:
        if option.text not in done:
            done.add(option.text)
            yield option
