"""A payload is shown as it is written, of any size, depth and state of health."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core import json_literal, payload_tree
from logtui.core.json_text import readable, text_pattern, unescape
from logtui.core.payload_search import search
from logtui.core.payload_tree import ROOT, Break, Kind, PayloadTree

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)


def read(text: str) -> PayloadTree:
    """Return the whole tree."""
    tree = PayloadTree(text)
    while not tree.read(7):
        pass
    return tree


def found(tree: PayloadTree, pattern: re.Pattern[str], start: int, *, is_backwards: bool = False) -> int | None:
    """Return the line that a search comes to."""
    return next((line for line in search(tree, pattern, start, is_backwards=is_backwards) if line is not None), None)


def rebuilt(tree: PayloadTree, line: int, kind: Kind) -> object:
    """Return the Python value that the lines inside `line` stand for."""
    children = [(tree.key(child), rebuilt_line(tree, child)) for child in tree.children(line)]
    return dict(children) if kind is Kind.OBJECT else [value for _, value in children]


def rebuilt_line(tree: PayloadTree, line: int) -> object:
    kind = tree.kind(line)
    if kind >= Kind.OBJECT:
        return rebuilt(tree, line, kind)
    return tree.value(line) if kind is Kind.STRING else json.loads(tree.raw(line))


class TestReading:
    @given(JSON_VALUES, st.booleans(), st.sampled_from([None, 1]))
    @settings(max_examples=200, deadline=None)
    def test_lines_say_what_the_text_says(self, value: object, is_ascii: bool, indent: int | None) -> None:
        """Values rebuilt from the lines are the values that Python's own reader finds."""
        tree = read(json.dumps(value, ensure_ascii=is_ascii, indent=indent))

        assert tree.broken is None
        assert tree.root is not None
        actual = rebuilt(tree, ROOT, tree.root) if tree.root >= Kind.OBJECT else rebuilt_line(tree, 0)
        assert value == actual

    @given(JSON_VALUES, st.booleans(), st.integers(0, 3), st.integers(0, 60))
    @settings(max_examples=200, deadline=None)
    def test_texts_that_are_read_in_pieces_are_the_same(
        self, value: object, is_ascii: bool, indent: int, cut: int
    ) -> None:
        """Where pieces end, also within an escape, cannot be seen; where the text breaks off, neither."""
        text = json.dumps({"é\n\u202e" * 5: value}, ensure_ascii=is_ascii, indent=indent or None)
        for whole in (text, text[:cut]):
            expected, tree = read(whole), PayloadTree(whole)
            with pytest.MonkeyPatch.context() as patch:
                for module in (json_literal, payload_tree):
                    patch.setattr(module, "PIECE", 8)
                while not tree.read(3, characters=20):
                    pass

            lines = range(len(expected))
            assert (tree.broken, tree.root, len(tree)) == (expected.broken, expected.root, len(expected))
            assert [(tree.path(line), tree.raw(line)) for line in lines] == [
                (expected.path(line), expected.raw(line)) for line in lines
            ]

    @pytest.mark.parametrize("text", ['"' + "\\u0041" * 200_000 + '"', '["' + "x" * 2_000_000 + '"]', "x" * 10, ""])
    def test_no_step_reads_much_more_than_was_asked_for(self, text: str) -> None:
        """Keys are read between steps, so none may take a text of megabytes at once."""
        tree, steps = PayloadTree(text), 1
        while not tree.read(1_500, characters=200_000):
            steps += 1

        assert steps >= len(text) // 400_000

    def test_numbers_and_order_stay_as_written(self) -> None:
        """Nothing passes through a float or a dictionary."""
        tree = read('{"z": 1.10, "a": 12345678901234567890123, "z": -0e+1, "b": [1E5]}')

        assert [tree.key(line) for line in range(len(tree))] == ["z", "a", "z", "b", 0]
        assert [tree.raw(line) for line in range(len(tree))] == [
            "1.10",
            "12345678901234567890123",
            "-0e+1",
            "[1E5]",
            "1E5",
        ]

    def test_knows_where_containers_end(self) -> None:
        """Folding a line hides exactly what is inside it."""
        tree = read('{"a": {"b": [1, {"c": 2}], "d": {}}, "e": 3}')

        assert [(line, tree.end(line)) for line in range(len(tree))] == [
            (0, 6),
            (1, 5),
            (2, 3),
            (3, 5),
            (4, 5),
            (5, 6),
            (6, 7),
        ]
        assert [tree.count(line) for line in (0, 1, 5)] == [2, 2, 0]
        assert tree.path(4) == ("a", "b", 1, "c")
        assert [tree.parent(line) for line in range(len(tree))] == [ROOT, 0, 1, 1, 3, 0, ROOT]

    def test_goes_as_deep_as_it_takes(self) -> None:
        """A hundred thousand brackets are no reason to give up."""
        tree = read("[" * 100_000 + "1" + "]" * 100_000)

        assert tree.broken is None
        assert tree.deepest == 99_999
        assert tree.raw(99_999) == "1"

    def test_reads_no_further_than_asked(self) -> None:
        """A long payload is read between keys, a step at a time."""
        tree = PayloadTree(json.dumps(list(range(100))))

        assert not tree.read(10)
        assert len(tree) == 10
        assert tree.read(1000)
        assert len(tree) == 100

    def test_an_open_container_reaches_as_far_as_was_read(self) -> None:
        """Half a tree can be shown: its last container has no count yet."""
        tree = PayloadTree('{"a": {"b": 1, "c": 2}}')
        tree.read(2)

        assert (tree.end(0), tree.count(0)) == (2, None)

    def test_stops_at_the_limit_and_says_so(self) -> None:
        """A cut tree is marked; the text has the rest."""
        tree = PayloadTree("[1,2,3,4]", max_lines=3)
        tree.read(99)

        assert (len(tree), tree.is_cut, tree.is_complete, tree.broken) == (3, True, True, None)

    @pytest.mark.parametrize(
        ("text", "position"),
        [
            ("", 0),
            ("plain words", 0),
            ("{", 1),
            ('{"a": 1,}', 8),
            ('{"a": 1 "b": 2}', 8),
            ('{"a": 1]', 7),
            ("[1] x", 4),
            ("01", 1),
            ('["a\x1b"]', 1),
            ("[NaN]", 1),
            ('["half', 1),
        ],
    )
    def test_says_where_the_text_breaks(self, text: str, position: int) -> None:
        """What was read until then stays."""
        broken = read(text).broken

        assert isinstance(broken, Break)
        assert broken.position == position

    @given(st.text(alphabet='{}[]",:0 a\\', max_size=20))
    @settings(max_examples=300, deadline=None)
    def test_accepts_what_is_json_and_nothing_else(self, text: str) -> None:
        """It agrees with Python's reader on every text."""
        try:
            json.loads(text)
            is_json = True
        except ValueError:
            is_json = False

        assert is_json == (read(text).broken is None)


class TestStrings:
    @given(st.text(max_size=10))
    @settings(max_examples=100, deadline=None)
    def test_unescape_undoes_every_escape(self, text: str) -> None:
        """With and without escapes for letters beyond ASCII."""
        assert text == unescape(json.dumps(text)[1:-1])
        assert text == unescape(json.dumps(text, ensure_ascii=False)[1:-1])

    def test_readable_decodes_letters_only(self) -> None:
        """What could act or confuse stays an escape."""
        assert readable(r"caf\u00e9 \ud83d\ude00 \u001b[2J \n \" \u202e \u0022") == (
            r"café 😀 \u001b[2J \n \" \u202e \u0022"
        )

    def test_a_cut_literal_keeps_its_last_half_escape(self) -> None:
        """Display cuts before it decodes."""
        assert unescape(r"abc\u00") == r"abc\u00"


class TestFinding:
    TREE = read('{"Name": "x", "list": [{"name": "caf\\u00e9"}, "name"], "n": 17, "name": {}}')

    def test_goes_around_once_in_either_direction(self) -> None:
        """Keys and scalars match in either case; the line where it starts is looked at last."""
        name = text_pattern("NAME")
        forward, backward = [0], [0]
        for _ in range(4):
            forward.append(found(self.TREE, name, forward[-1]) or 0)
            backward.append(found(self.TREE, name, backward[-1], is_backwards=True) or 0)

        assert forward == [0, 3, 4, 6, 0]
        assert backward == [0, 6, 4, 3, 0]

    def test_finds_letters_however_they_are_escaped(self) -> None:
        """Nobody knows how the sender escaped."""
        assert found(self.TREE, text_pattern("Café"), 0) == 3

    def test_does_not_find_punctuation(self) -> None:
        """Braces and quotes between the values are not content."""
        assert found(self.TREE, text_pattern("{"), 0) is None
        assert found(self.TREE, text_pattern('":'), 0) is None

    def test_finds_nothing_in_nothing(self) -> None:
        """An empty payload is searched, too."""
        assert found(read("{}"), text_pattern("a"), 0) is None


class TestSearch:
    def test_pauses_also_within_one_text(self) -> None:
        """A key that is pressed meanwhile does not wait for ten megabytes."""
        tree = read(json.dumps({"big": "x" * 1_000_000 + "needle"}))
        found = [*search(tree, text_pattern("needle"), ROOT)]

        assert found[-1] == 0
        assert len(found) > 5
