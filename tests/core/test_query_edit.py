"""Edits of a query: pivots, included and excluded values, times."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.query_strategies import raw_nodes, refs, texts

from logtui.core.errors import UsageError
from logtui.core.query.ast import MAX_PAYLOAD_DEPTH, ColumnRef, FieldRef, Node, Not, PayloadRef, Since, Term
from logtui.core.query.edit import add, conditions, exclude, include, pivot, set_time, time_terms, without
from logtui.core.query.parser import parse
from logtui.core.query.quoting import literal
from logtui.core.query.text import to_text

ACTOR = ColumnRef("actor")


@pytest.mark.parametrize(
    ("query", "value", "expected"),
    [
        ("", "a", "actor:a"),
        ("x since:1h", "a", "x since:1h actor:a"),
        ("actor:a", "a", "actor:a"),
        ("actor:b x", "a", "actor:b,a x"),
        ("actor:a,b x", "a", "actor:a x"),
        ("actor:us* x", "user_1", "actor:user_1 x"),
        ("actor:* x", "a", "actor:a x"),
        ("-actor:a x", "a", "x actor:a"),
        ("-actor:a,b x", "a", "-actor:b x actor:a"),
        ("-actor:* x", "a", "x actor:a"),
        ("(actor:b OR x)", "a", "(actor:b OR x) actor:a"),
        ("x", "a b*", 'x actor:"a b*"'),
        ("x", None, "x -actor:*"),
        ("actor:a x", None, "x -actor:*"),
        ("-actor:*", None, "-actor:*"),
    ],
)
def test_including_a_value_narrows_to_it_or_adds_it_to_a_list(query: str, value: str | None, expected: str) -> None:
    """The rows left all have the value, unless others had been listed beside it."""
    assert to_text(include(parse(query), ACTOR, value)) == expected


@pytest.mark.parametrize(
    ("query", "value", "expected"),
    [
        ("", "a", "-actor:a"),
        ("x", "a", "x -actor:a"),
        ("-actor:b x", "a", "-actor:b,a x"),
        ("-actor:a x", "a", "-actor:a x"),
        ("-actor:b* x", "a", "-actor:b* x -actor:a"),
        ("actor:a,b x", "a", "actor:b x"),
        ("actor:a x", "a", "x -actor:a"),
        ("actor:a,b* x", "a", "actor:b* x -actor:a"),
        ("actor:us* x", "user_1", "actor:us* x -actor:user_1"),
        ("x", None, "x actor:*"),
        ("-actor:* x", None, "x actor:*"),
        ("actor:*", None, "actor:*"),
    ],
)
def test_excluding_a_value_takes_it_off_the_list_or_negates_it(query: str, value: str | None, expected: str) -> None:
    """Exclusions on one field gather in one condition."""
    assert to_text(exclude(parse(query), ACTOR, value)) == expected


def test_a_pivot_keeps_the_time_and_drops_the_rest() -> None:
    """Everything this actor did, in the time one was looking at."""
    query = parse("type:sign_in.* since:24h -is:failure until:now (a OR b)")

    assert to_text(pivot(query, ACTOR, "user_2ab")) == "actor:user_2ab since:24h until:now"
    assert to_text(pivot(query, ACTOR, None)) == "-actor:* since:24h until:now"


@settings(max_examples=200)
@given(raw_nodes(), refs(), st.data())
def test_an_included_value_is_asked_for_and_an_excluded_one_is_not(
    node: Node, ref: FieldRef, data: st.DataObject
) -> None:
    """Whatever the query was, exactly that value is in, or out, afterwards, and the text of it reads back."""
    value = data.draw(texts(ref))
    wanted = literal(value, ref)

    with_it = include(node, ref, value)
    assert any(
        isinstance(part, Term) and part.ref == ref and wanted.text in _literals(part) for part in conditions(with_it)
    )
    assert parse(to_text(with_it)) == with_it
    out = exclude(node, ref, value)
    assert not any(
        isinstance(part, Term) and part.ref == ref and wanted.text in _literals(part) for part in conditions(out)
    )
    assert parse(to_text(out)) == out


def _literals(term: Term) -> list[str]:
    return [value.text for value in term.values if hasattr(value, "text")]


@settings(max_examples=100)
@given(raw_nodes(), st.sampled_from(["a", "b c", "*", ""]))
def test_excluding_undoes_including(node: Node, value: str) -> None:
    """On a field of its own, + and then - leave the opposite condition only."""
    ref = PayloadRef(("nowhere",))

    assert exclude(include(node, ref, value), ref, value) == add(node, Not(Term(ref, (literal(value, ref),))))


def test_a_value_that_no_query_can_hold_is_refused() -> None:
    """Better than a query that cannot be saved."""
    with pytest.raises(UsageError, match="search for a part of it"):
        include(parse(""), ACTOR, "a\0b")
    with pytest.raises(UsageError, match="keys deep"):
        exclude(parse(""), PayloadRef(("k",) * (MAX_PAYLOAD_DEPTH + 1)), "x")


def test_conditions_are_the_parts_that_must_all_hold() -> None:
    """These are the chips that can be dropped one by one."""
    query = parse("a (b OR c) -d since:1h")

    assert [to_text(part) for part in conditions(query)] == ["a", "b OR c", "-d", "since:1h"]
    assert conditions(parse("")) == ()
    assert conditions(parse("a OR b")) == (parse("a OR b"),)


def test_one_condition_is_dropped_and_the_rest_stays() -> None:
    """Dropping the last one leaves all events; dropping what is not there changes nothing."""
    query = parse("a b a")

    assert without(query, parse("a")) == parse("b a")
    assert without(parse("a"), parse("a")) == parse("")
    assert without(query, parse("c")) == query


def test_a_condition_is_not_added_twice() -> None:
    """Pressing a key again does not make the query longer."""
    assert add(parse("a b"), parse("a")) == parse("a b")
    assert add(parse("a b"), parse("c")) == parse("a b c")


def test_a_new_time_replaces_all_times() -> None:
    """A preset is the time, whatever was set before; only what must hold anyway counts as set."""
    query = parse("since:1h a until:now (b OR on:today) around:evt~5m on:fri")

    assert to_text(set_time(query, Since("7d"))) == "a (b OR on:today) since:7d"
    assert to_text(set_time(query)) == "a (b OR on:today)"
    assert [to_text(term) for term in time_terms(query)] == ["since:1h", "until:now", "around:evt~5m", "on:fri"]
