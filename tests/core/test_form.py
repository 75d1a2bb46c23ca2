"""The filter form and the text are two views of one query."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.query_strategies import raw_nodes

from logtui.core.errors import FormFieldError
from logtui.core.query.ast import Node
from logtui.core.query.edit import Form, form_of, with_form
from logtui.core.query.form import FORM_FIELDS
from logtui.core.query.parser import parse
from logtui.core.query.text import to_text

FULL = (
    "type:sign_in.*,sign_up.* actor:user_2ab subject:org_91 trace:t device:d ip:203.0.113.0/24 "
    "since:24h until:2026-10-04T09:30"
)


def test_each_input_shows_the_values_of_its_field() -> None:
    """As one would write them after the colon."""
    assert form_of(parse(FULL)) == Form(
        type="sign_in.*,sign_up.*",
        actor="user_2ab",
        subject="org_91",
        trace="t",
        device="d",
        ip="203.0.113.0/24",
        since="24h",
        until="2026-10-04T09:30",
    )


def test_what_does_not_fit_into_an_input_has_none() -> None:
    """Negations, groups, other fields and a second condition on a field stay in the text."""
    query = parse("-actor:a (subject:b OR subject:c) source:d on:fri type:x.* type:*.y word")

    assert form_of(query) == Form(type="x.*")


def test_a_filled_form_is_a_query() -> None:
    """From nothing, in the order of the inputs."""
    assert to_text(with_form(parse(""), form_of(parse(FULL)))) == FULL


@pytest.mark.parametrize(
    ("query", "name", "text", "expected"),
    [
        ("a actor:x b", "actor", "y", "a actor:y b"),
        ("a actor:x b", "actor", "", "a b"),
        ("a actor:x b", "actor", "  ", "a b"),
        ("a b", "actor", "x", "a b actor:x"),
        ("a b", "type", "sign_in.*, sign_up.*", "a b type:sign_in.*,sign_up.*"),
        ("type:a type:b", "type", "c", "type:c type:b"),
        ("-actor:x", "actor", "x", "-actor:x actor:x"),
        ("a OR b", "actor", "x", "(a OR b) actor:x"),
        ("a", "actor", '"two words"', 'a actor:"two words"'),
        ("a", "actor", "/^us/", "a actor:/^us/"),
        ("a", "ip", "203.0.113.7/24", "a ip:203.0.113.0/24"),
        ("since:1h a", "since", "yesterday", "since:yesterday a"),
        ("a", "until", "2026-10-04 09:30", "a until:2026-10-04T09:30"),
        ("since:1h on:fri", "since", "", "on:fri"),
    ],
)
def test_an_edited_input_changes_only_its_condition(query: str, name: str, text: str, expected: str) -> None:
    """In its place; a new one goes to the end."""
    node = parse(query)

    assert to_text(with_form(node, replace(form_of(node), **{name: text}))) == expected


@pytest.mark.parametrize(
    ("name", "text", "column", "message"),
    [
        ("actor", "a b", 0, "more than one value"),
        ("actor", "a OR b", 0, "more than one value"),
        ("actor", "a) OR (b", 1, "no parenthesis is open here"),
        ("actor", "a since:1h", 0, "more than one value"),
        ("actor", 'a,"b', 2, "this quote is not closed"),
        ("actor", "a,,b", 2, "nothing stands after ,"),
        ("ip", "1.2.3.4/99", 0, "1.2.3.4/99 is not a network"),
        ("since", "soon", 0, '"soon" is not a time'),
        ("until", "next week", 0, '"next week" is not a time'),
        ("type", "/a(/", 1, "bad regex: missing ), unterminated subpattern"),
    ],
)
def test_a_wrong_input_is_named_with_the_place_in_it(name: str, text: str, column: int, message: str) -> None:
    """The form can mark the input; no text of one input becomes another condition."""
    with pytest.raises(FormFieldError) as caught:
        with_form(parse("x"), replace(Form(), **{name: text}))

    error = caught.value
    assert (error.field, error.column, error.message) == (name, column, message)
    assert str(error).startswith(f"{name}: {message} (column {column + 1})")


@settings(max_examples=200)
@given(raw_nodes())
def test_an_untouched_form_leaves_the_query_as_it_is(node: Node) -> None:
    """Opening and accepting the form is no edit."""
    assert with_form(node, form_of(node)) == node


@settings(max_examples=200)
@given(raw_nodes(), st.sampled_from(FORM_FIELDS[:5]), st.sampled_from(["fresh", "a,b", "x*", '"q q"', "*"]))
def test_an_edit_of_one_input_shows_in_that_input_alone(node: Node, name: str, text: str) -> None:
    """The other inputs keep their texts."""
    before = form_of(node)

    assert form_of(with_form(node, replace(before, **{name: text}))) == replace(before, **{name: text})
