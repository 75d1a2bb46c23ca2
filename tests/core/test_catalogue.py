"""The catalogue of known event types."""

from __future__ import annotations

import json

import pytest

from logtui.core.catalogue import Entry, load, read


def test_every_type_of_the_list_has_a_category() -> None:
    """The list that ships is whole."""
    catalogue = load()

    assert len(catalogue) == len(catalogue.types) > 200
    assert all(catalogue.category(name) for name in catalogue.types)


def test_the_category_comes_from_the_list() -> None:
    """Not from the first segment of the type."""
    catalogue = load()

    assert catalogue.category("sign_in_token.created") == "Sign-in token events"
    assert catalogue.category("SIGN_UP.Created") == "Sign-up events"


def test_an_unknown_type_is_normal() -> None:
    """It has no entry, and asking is no error."""
    catalogue = load()

    assert (catalogue.get("made.up"), catalogue.category("made.up"), "made.up" in catalogue) == (None, None, False)


def test_a_later_list_may_have_more_keys_and_fewer_values() -> None:
    """What is added is ignored, what is missing is empty."""
    rows = [
        {"type": "a.b", "category": "A", "since": 3},
        {"type": "a.c", "category": "A", "versions": ["1"], "subcategory": "S"},
    ]

    catalogue = read(json.dumps(rows))

    assert catalogue.get("a.b") == Entry("a.b", "A")
    assert catalogue.get("a.c") == Entry("a.c", "A", subcategory="S", versions=("1",))
    assert catalogue.types == ("a.b", "a.c")


@pytest.mark.parametrize("text", ["{}x", '[{"type": "a"}]', "[1]", "3", "null"])
def test_what_is_no_list_of_types_is_refused(text: str) -> None:
    """A broken list is not half read."""
    with pytest.raises(ValueError, match=r"."):
        read(text)
