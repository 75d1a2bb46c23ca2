"""What changed between two payloads is told leaf by leaf."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.diff import MAX_CHANGES, Change, LeafChange, compare

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 3) | st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("xyz", max_size=1), inner, max_size=3),
    max_leaves=10,
)


class TestCompare:
    @pytest.mark.parametrize(
        ("before", "after", "changes"),
        [
            ('{"a": 1, "b": 2}', '{"b": 2, "a": 1}', []),
            ('{"a": 1}', '{"a": 1.0}', [(("a",), "1", "1.0")]),
            ('{"a": "1"}', '{"a": 1}', [(("a",), '"1"', "1")]),
            ('{"a": "\\u0065"}', '{"a": "e"}', []),
            ('{"a": 1}', "{}", [(("a",), "1", None)]),
            ('{"a": {}}', '{"a": {"b": [1, {}]}}', [(("a", "b", 0), None, "1"), (("a", "b", 1), None, "{}")]),
            ('{"a": [1, 2]}', '{"a": 3}', [(("a", 0), "1", None), (("a", 1), "2", None), (("a",), None, "3")]),
            ('{"a": {}}', '{"a": null}', [(("a",), "{}", "null")]),
            ("[1, 2, 3]", "[0, 1, 2, 3]", [((0,), None, "0")]),
            ("[1, 2, 3]", "[1, 9, 3]", [((1,), "2", "9")]),
            ("[1, 2, 3]", "[1, 3]", [((1,), "2", None)]),
            ('{"a": 1, "a": 2}', '{"a": 1, "a": 3}', [(("a",), "2", "3")]),
            ("1", "2", [((), "1", "2")]),
            ("[1]", "{}", [((), "[1]", "{}")]),
        ],
    )  # fmt: skip
    def test_names_the_leaves(
        self, before: str, after: str, changes: list[tuple[tuple[str | int, ...], str | None, str | None]]
    ) -> None:
        """Values come as they are written, with the path that leads to them."""
        assert [LeafChange(*change) for change in changes] == list(compare(before, after).changes)

    @given(JSON_VALUES, JSON_VALUES)
    @settings(max_examples=200, deadline=None)
    def test_is_empty_exactly_for_equal_values(self, before: object, after: object) -> None:
        """Whitespace and the order of keys are no change; everything else is."""
        found = compare(json.dumps(before, indent=1), json.dumps(after, sort_keys=True))

        assert (json.dumps(before, sort_keys=True) == json.dumps(after, sort_keys=True)) == (not found.changes)

    def test_says_what_kind_of_change_it_is(self) -> None:
        """The screen gives each its sign."""
        kinds = [change.change for change in compare('{"a": 1, "b": 1}', '{"a": 2, "c": 1}').changes]

        assert kinds == [Change.CHANGED, Change.ADDED, Change.REMOVED]


class TestLimits:
    @pytest.mark.parametrize(
        ("before", "after", "problem"),
        [
            ("not json", "{}", "the payload of the previous event is not JSON"),
            ("{}", "[" * 500 + "]" * 500, "the payload of the present event is nested too deeply to compare"),
            ('"' + "x" * 2_000_000 + '"', "{}", "the payload of the previous event is too large to compare"),
        ],
    )
    def test_what_cannot_be_compared_is_said(self, before: str, after: str, problem: str) -> None:
        """No comparison is not the same as no change."""
        assert compare(before, after).problem.startswith(problem)

    def test_more_changes_than_anyone_reads_are_cut_and_marked(self) -> None:
        """The list ends; the mark says that it does."""
        found = compare("[]", json.dumps(list(range(MAX_CHANGES + 1))))

        assert (len(found.changes), found.is_cut) == (MAX_CHANGES, True)
