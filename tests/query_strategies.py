"""Hypothesis strategies for queries and events over one small pool of values, so that they meet often.

`raw_nodes` are trees that the parser can produce, `nodes` are resolved ones; both in normal form. `events` are events
for them to match.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from logtui.core.clock import DAY, MINUTE
from logtui.core.columns import COLUMNS, Kind
from logtui.core.event import Event, Severity
from logtui.core.query.ast import (
    Around,
    Between,
    Cidr,
    ColumnRef,
    Compare,
    Exists,
    FieldRef,
    Flag,
    Node,
    Not,
    On,
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
from logtui.core.query.flags import FLAGS
from logtui.core.query.normal import all_of, any_of
from logtui.core.query.quoting import literal, word
from logtui.core.query.ranges import is_reversed

BASE = 1_791_072_000_000_000
"""2026-10-04T00:00:00Z; the events lie in the three days before and the one after."""

TYPES = (
    "sign_in.password.failed",
    "sign_in.created",
    "Sign_In.Created",
    "user.created",
    "user.locked",
    "session.token_revoked",
    "invoice.paid",
    "ÄRGER.Σας",
)
IDS = (
    "user_2ab",
    "USER_2AB",
    "user_2abc",
    "user%2ab",
    "org_91",
    "sess\\91",
    'the "boss"',
    "it's",
    "a,b (c)",
    "-dash",
    "über",
    "日本",
    "a..b",
    "/x/",
    "*",
    "",
)
IPS = (
    "203.0.113.7",
    "203.0.113.200",
    "10.0.0.1",
    "2001:db8::1",
    "2001:DB8:0:0:0:0:0:1",
    "::ffff:10.0.0.1",
    "localhost",
)
NETWORKS = ("203.0.113.0/24", "203.0.113.0/25", "10.0.0.0/8", "2001:db8::/32", "0.0.0.0/0", "::/0", "203.0.113.7/32")
NUMBERS = ("0", "3", "3.0", "3.5", "-1", "10", "1e1", "007", "9007199254740993")
KEYS = ("email", "user", "attempts", "tags", "user-agent", "a.b", "odd key", '"', "0", "1", "*")
WORDS = ("password", "SIGN_IN", "2ab", "ärger", "σας", "reset it", "a*d", "%", "_", "\\", '"', "OR", "日", "e", "true")
REGEXES = (
    r"^sign_",
    r"\.failed$",
    "2ab|91",
    "[A-Z]+_2",
    r"u.er",
    r"\d{2,3}",
    "a/b",
    r"\\",
    "(?i)ab",
    r"\bx",
    "e +d",
    '"',
    "ä",
)
PATTERNS = ("sign_in.*", "*.created", "user_*", "*2*", "s*in*d", "*%*", "*\\*", "ä*", "*_2ab", "203.*", "*.*.*", "1*")

_FILTERED = tuple(ColumnRef(column.name) for column in COLUMNS if column.field is not None)
_POOL: dict[str, tuple[str, ...]] = {
    "event_type": TYPES,
    "severity": (*(severity.value for severity in Severity), "WARNING", "fatal"),
    "ip": IPS,
}


# A strategy that is made anew for each draw costs more than all that is drawn from it: those that `flatmap` asks for
# again and again are kept.


@cache
def texts(ref: FieldRef) -> st.SearchStrategy[str]:
    """Texts that `ref` may hold, and now and then any text at all."""
    if isinstance(ref, PayloadRef):
        usual = st.sampled_from((*NUMBERS, *WORDS, *IDS, "true"))
    else:
        usual = st.sampled_from(_POOL.get(ref.name, IDS))
    anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=4)
    return st.one_of(usual, usual, usual, anything)


def refs() -> st.SearchStrategy[FieldRef]:
    """Columns that have a query field, and payload paths."""
    paths = st.lists(st.sampled_from(KEYS), min_size=1, max_size=3)
    return st.one_of(st.sampled_from(_FILTERED), st.builds(PayloadRef, paths.map(tuple)))


def values(ref: FieldRef) -> st.SearchStrategy[Value]:
    """Every kind of value that the parser can give `ref`."""
    # Whatever the path, it takes the same values.
    return _values(PayloadRef(("any",)) if isinstance(ref, PayloadRef) else ref)


@cache
def _values(ref: FieldRef) -> st.SearchStrategy[Value]:
    operands = texts(ref).filter(bool)
    if ref == ColumnRef("severity"):
        operands = st.sampled_from(tuple(severity.value for severity in Severity))
    kinds: list[st.SearchStrategy[Value]] = [
        texts(ref).map(lambda text: literal(text, ref)),
        texts(ref).map(lambda text: literal(text, ref)),
        st.sampled_from(PATTERNS).map(Wildcard),
        st.sampled_from(REGEXES).map(Regex),
        st.builds(Compare, st.sampled_from((">", ">=", "<", "<=")), operands),
        st.builds(Range, operands, operands).filter(lambda wanted: not is_reversed(wanted, ref)),
        st.just(Exists()),
    ]
    if ref == ColumnRef("ip"):
        kinds.append(st.sampled_from(NETWORKS).map(Cidr))
    return st.one_of(kinds)


@cache
def terms_of(ref: FieldRef, most: int = 3) -> st.SearchStrategy[Term]:
    """One to `most` values of a field."""
    return st.lists(values(ref), min_size=1, max_size=most).map(lambda found: Term(ref, tuple(found)))


def terms() -> st.SearchStrategy[Term]:
    """A field that has any of one to three values."""
    return refs().flatmap(terms_of)


def words() -> st.SearchStrategy[Word]:
    """Quoted and unquoted words."""
    patterns = ("pass*d", "*2ab", "sign*", "s*i*n", "%*")
    return st.one_of(
        st.sampled_from(WORDS).map(word),
        st.sampled_from(WORDS).map(lambda text: Word(text, is_quoted=True)),
        st.sampled_from(patterns).map(Word),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=3).map(word),
    )


def times() -> st.SearchStrategy[int]:
    """Instants around the events, often exactly a whole minute, as the events' are."""
    minutes = st.integers(-3 * 24 * 60, 24 * 60).map(lambda minute: BASE + minute * MINUTE)
    return st.one_of(minutes, st.sampled_from((BASE, BASE - DAY, BASE + 1, BASE - 1)))


def between() -> st.SearchStrategy[Between]:
    """Resolved time terms, also open, empty and reversed ones."""
    return st.builds(Between, st.none() | times(), st.none() | times())


def time_terms() -> st.SearchStrategy[Node]:
    """Time terms as written, in canonical form."""
    days = st.sampled_from(("today", "yesterday", "fri", "2026-10-03"))
    moments = st.one_of(
        days,
        st.sampled_from(("15m", "24h", "7d", "4w", "now", "09:30", "2026-10-03T09:30", "2026-10-04T09:30:00.5+02:00")),
    )
    anchors = st.one_of(
        moments, st.sampled_from(("evt_01J8", "evt with space", "a~b", 'q"', "12:99", "*", "-", "a..b"))
    )
    return st.one_of(
        moments.map(Since),
        moments.map(Until),
        days.map(On),
        st.builds(Around, anchors, st.sampled_from(("5m", "30s", "1h", "0s"))),
    )


def _trees(leaves: st.SearchStrategy[Node], max_leaves: int) -> st.SearchStrategy[Node]:
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=4).map(all_of),
            st.lists(inner, min_size=2, max_size=4).map(any_of),
            inner.map(Not),
        ),
        max_leaves=max_leaves,
    )


def _conditions() -> st.SearchStrategy[Node]:
    return st.one_of(terms(), terms(), terms(), words(), st.sampled_from(tuple(FLAGS)).map(Flag))


def nodes(max_leaves: int = 8) -> st.SearchStrategy[Node]:
    """Resolved trees in normal form, with absolute times."""
    return _trees(st.one_of(_conditions(), between()), max_leaves) | st.just(all_of(()))


def raw_nodes(max_leaves: int = 8) -> st.SearchStrategy[Node]:
    """Trees in normal form as the parser gives them, with times as written."""
    return _trees(st.one_of(_conditions(), time_terms()), max_leaves) | st.just(all_of(()))


def payloads() -> st.SearchStrategy[str]:
    """Payload texts: objects over `KEYS`, now and then other JSON, or no JSON at all."""
    scalars = st.one_of(
        st.sampled_from((*WORDS, *IDS, *NUMBERS)),
        st.sampled_from((0, 3, 3.0, 3.5, -1, 10, 9007199254740993, True, False, None)),
    )
    documents = st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
        max_leaves=8,
    )
    objects = st.dictionaries(st.sampled_from(KEYS), documents, max_size=4)
    as_text = st.booleans().flatmap(
        lambda is_ascii: st.one_of(objects, objects, documents).map(
            lambda value: json.dumps(value, ensure_ascii=is_ascii)
        )
    )
    broken = st.sampled_from(("", "not json", '{"email": ', '{"email": "a"} x', '{"email":"first","email":"second"}'))
    return st.one_of(as_text, as_text, as_text, broken)


def events() -> st.SearchStrategy[Event]:
    """Events over the same pool; every optional column may be missing."""

    def column(name: str) -> st.SearchStrategy[str | None]:
        return st.none() | st.sampled_from(_POOL.get(name, IDS))

    optional = {column_.name: column(column_.name) for column_ in COLUMNS if column_.kind is not Kind.TIME}
    return st.builds(
        _ingested,
        st.builds(
            Event,
            **{
                **optional,
                "event_time": times(),
                "event_id": st.sampled_from([*IDS[:-1], *(f"evt_{number}" for number in range(20))]),
                "event_type": st.sampled_from(TYPES),
                "payload": payloads(),
            },
        ),
        st.sampled_from((0, 1, MINUTE, 5 * MINUTE, 5 * MINUTE + 1, DAY)),
    )


def _ingested(event: Event, delay: int) -> Event:
    return replace(event, ingested_at=event.event_time + delay)
