"""Did you mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from logtui.core import catalogue
from logtui.core.query.suggest import near_types, nearest, nearest_words

WORDS = ("type", "actor", "subject", "severity", "since", "until")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("actr", "actor"),
        ("acotr", "actor"),
        ("ACTOR", "actor"),
        ("actors", "actor"),
        ("sinec", "since"),
        ("sev", "severity"),
        ("subjekt", "subject"),
        ("typ", "type"),
        ("xyzzy", ""),
        ("", ""),
        ("s", ""),
    ],
)
def test_the_nearest_word_is_found(word: str, meant: str) -> None:
    """A letter too many, too few, wrong or swapped, the wrong case, or only the beginning; not just any word."""
    assert nearest(word, WORDS) == meant


def test_near_words_come_nearest_first() -> None:
    """Of equally near words the first given comes first."""
    assert nearest_words("cat", ("cart", "bat", "cat", "dog"), limit=3) == ("cat", "cart", "bat")


@pytest.mark.parametrize(
    ("written", "first"),
    [
        ("sign_in", "sign_in.*"),
        ("sign_in.password", "sign_in.password.*"),
        ("password.failed", "sign_in.password.failed"),
        ("sign_in.pasword.failed", "sign_in.password.failed"),
        ("Sign_In.Pasword.Failed", "sign_in.password.failed"),
        ("signin", "sign_in.*"),
        ("user.create", "user.created"),
        ("organization.membership", "organization_membership.*"),
    ],
)
def test_a_type_that_no_event_has_leads_to_those_that_were_meant(written: str, first: str) -> None:
    """A group gets its wildcard, a part its whole, a slip its correction."""
    assert near_types(written, catalogue.load().types)[0] == first


@pytest.mark.parametrize("written", ["user.created", "USER.CREATED", "xyzzy.plugh", "", "."])
def test_nothing_is_suggested_where_nothing_is_near(written: str) -> None:
    """Nor for a type that is known: then the store has no such event, and that is all."""
    assert near_types(written, catalogue.load().types) == ()


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=6))
def test_suggestions_are_known_words(word: str, words: list[str]) -> None:
    """Nothing is invented, and no text fails."""
    assert nearest(word, words) in ("", *words)
    assert len(near_types(word, words)) <= 3
