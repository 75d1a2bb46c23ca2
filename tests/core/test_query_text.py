"""Canonical text: what is saved, shared and shown."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.query_strategies import BASE, nodes, raw_nodes

from logtui.core.errors import QuerySyntaxError
from logtui.core.page import TimeRange
from logtui.core.query.ast import (
    And,
    Between,
    ColumnRef,
    Everything,
    Literal,
    Node,
    Not,
    Or,
    PayloadRef,
    Regex,
    Since,
    Term,
    Word,
)
from logtui.core.query.normal import all_of, any_of
from logtui.core.query.parser import parse
from logtui.core.query.quoting import literal, quoted, unquoted, word
from logtui.core.query.resolve import resolve
from logtui.core.query.text import to_text


def _nothing_found(event_id: str) -> int | None:
    raise AssertionError(event_id)


@settings(max_examples=400)
@given(raw_nodes())
def test_every_tree_reads_back_from_its_text(node: Node) -> None:
    """Nothing is lost or changed by saving a query."""
    assert parse(to_text(node)) == node


@settings(max_examples=200)
@given(nodes())
def test_a_resolved_tree_reads_back_as_the_same_question(node: Node) -> None:
    """Absolute times are written so that they resolve to themselves."""
    text = to_text(node)

    resolved = resolve(parse(text), now=BASE, find_time=_nothing_found)
    assert resolved == resolve(_split_times(node), now=BASE, find_time=_nothing_found)


def _split_times(node: Node) -> Node:
    """Return the tree as text can say it: a start and an end are two conditions, no bound is none."""
    match node:
        case Between(None, None):
            return Everything()
        case Between(start, end) if start is not None and end is not None:
            return And((Between(start, None), Between(None, end)))
        case And(children):
            return _rebuilt(And, [_split_times(child) for child in children])
        case Or(children):
            return _rebuilt(Or, [_split_times(child) for child in children])
        case Not(child):
            return Not(_split_times(child))
        case _:
            return node


def _rebuilt(group: type[And] | type[Or], children: list[Node]) -> Node:
    return all_of(children) if group is And else any_of(children)


_SIGNS = st.sampled_from(
    [*'ab:"-*()/\\.,~<>= ORNT', "actor:", "p.x:", "p.", "ip:", "since:", "1h", "is:late", " OR ", "NOT "]
)


@settings(max_examples=600)
@given(st.lists(_SIGNS, max_size=10).map("".join))
def test_text_that_parses_has_one_canonical_form(text: str) -> None:
    """Writing and reading again changes nothing, and writing is stable."""
    try:
        node = parse(text)
    except QuerySyntaxError:
        return
    canonical = to_text(node)

    assert parse(canonical) == node
    assert to_text(parse(canonical)) == canonical


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("", ""),
        ("*", ""),
        ("  a   AND  b ", "a b"),
        ("NOT a OR (b c)", "-a OR (b c)"),
        ("a OR b c", "a OR (b c)"),
        ("-(a)", "-a"),
        ("-(a OR b)", "-(a OR b)"),
        ("-(-a)", "-(-a)"),
        ("p.user.email:x", "payload.user.email:x"),
        ('p."user"."a b":x', 'payload.user."a b":x'),
        ("is:failure,late x", "(is:failure OR is:late) x"),
        ("ip:203.0.113.7/24", "ip:203.0.113.0/24"),
        ("severity:>=WARNING", "severity:>=warning"),
        ("type:a, b", "type:a,b"),
        ("around:evt", "around:evt~5m"),
        (r"p.a:/x\/y/", r"payload.a:/x\/y/"),
        ('p.n:"1".."2 3"', 'payload.n:1.."2 3"'),
        ('"two words"', '"two words"'),
    ],
)
def test_canonical_text_is_short_and_plain(text: str, canonical: str) -> None:
    """One spelling for each question; quotes that the user wrote stay."""
    assert to_text(parse(text)) == canonical


@pytest.mark.parametrize(
    ("node", "text"),
    [
        (And(()), "*"),
        (Or((Word("a"),)), "a"),
        (And((Word("a"), And((Word("b"), Everything())))), "a (b *)"),
        (Not(Everything()), "-*"),
        (Word("two words"), '"two words"'),
        (Term(ColumnRef("actor"), (Literal("a b"), Literal("*"))), 'actor:"a b","*"'),
        (Term(ColumnRef("ip"), (Literal("10.0.0.0/8"),)), 'ip:"10.0.0.0/8"'),
        (Term(PayloadRef(("a.b", "")), (Regex(r"a\/b/"),)), r'payload."a.b"."":/a\/b\//'),
        (Between(BASE, BASE + 1), "since:2026-10-04T00:00:00Z until:2026-10-04T00:00:00.000001Z"),
        (Not(Between(BASE, BASE + 1)), "-(since:2026-10-04T00:00:00Z until:2026-10-04T00:00:00.000001Z)"),
        (Or((Between(None, None), Since("1h"))), "* OR since:1h"),
    ],
)
def test_a_tree_out_of_normal_form_is_written_so_that_it_means_the_same(node: Node, text: str) -> None:
    """Callers that build trees by hand get valid text, too."""
    assert to_text(node) == text
    parse(text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12))
def test_any_text_of_an_event_can_be_asked_for_exactly(text: str) -> None:
    """A pivot on a cell works whatever the cell holds; no sign in it becomes an operator."""
    for ref in (ColumnRef("actor"), ColumnRef("ip"), PayloadRef((text, "x"))):
        term = Term(ref, (literal(text, ref), literal(text, ref)))
        assert parse(f"a {to_text(term)} b") == And((Word("a"), term, Word("b")))
    if text:
        assert parse(to_text(word(text))) == word(text)


@given(st.text())
def test_quoting_is_undone_by_unquoting(text: str) -> None:
    """Quotes and backslashes are escaped, nothing else is touched."""
    assert unquoted(quoted(text)[1:-1]) == text


def test_equal_times_are_written_alike() -> None:
    """A range of one hour reads back as that hour."""
    text = to_text(Between(BASE, BASE + 3_600_000_000))

    assert resolve(parse(text), now=0, find_time=_nothing_found).range == TimeRange(BASE, BASE + 3_600_000_000)
