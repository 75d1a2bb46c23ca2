"""Folding hides exactly what is inside, in any order of folds, while the tree is still being read."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.payload_tree import ROOT, Kind, PayloadTree
from logtui.tui.tree_rows import TreeRows

JSON_TREES = st.recursive(
    st.integers(0, 9) | st.just("text"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=25,
).map(lambda value: [value, {"last": value}])
STEPS = st.lists(st.tuples(st.sampled_from(["read", "fold", "text", "all", "none"]), st.integers(0, 60)), max_size=25)


class NaiveRows:
    """The same promises, kept by looking at every line every time."""

    def __init__(self, tree: PayloadTree) -> None:
        self.tree = tree
        self.folded: set[int] = set()
        self.texts: set[int] = set()

    def rows(self) -> list[int]:
        rows = []
        for line in range(len(self.tree)):
            outer = line
            while (outer := self.tree.parent(outer)) != ROOT:
                if outer in self.folded:
                    break
            if outer == ROOT:
                rows += [line] * (3 if line in self.texts else 1)
        return rows


class TestTreeRows:
    @given(JSON_TREES, STEPS)
    @settings(max_examples=200, deadline=None)
    def test_shows_what_the_folds_leave(self, value: object, steps: list[tuple[str, int]]) -> None:
        """Slices cut and put in give the same rows as a walk over all lines."""
        tree = PayloadTree(json.dumps(value))
        tree.read(3)
        rows, naive = TreeRows(tree), NaiveRows(tree)
        rows.extend()
        for step, number in steps:
            self.take(step, number, rows, naive)
            assert [rows.line(row) for row in range(len(rows))] == naive.rows()

    def take(self, step: str, number: int, rows: TreeRows, naive: NaiveRows) -> None:
        tree, shown = naive.tree, naive.rows()
        line = shown[number % len(shown)]
        if step == "read":
            tree.read(4)
            rows.extend()
        elif step == "all":
            rows.fold_all()
            naive.folded = {line for line in range(len(tree)) if tree.has_children(line)}
            naive.texts.clear()
        elif step == "none":
            rows.unfold_all()
            naive.folded.clear()
        elif step == "text" and line not in naive.texts and tree.kind(line) is Kind.STRING:
            rows.unfold_text(line, ["1", "2", "3"])
            naive.texts.add(line)
        elif step == "fold" and rows.is_open(line):
            rows.fold(line)
            naive.folded |= set() if line in naive.texts else {line}
            naive.texts.discard(line)
        elif step == "fold" and rows.is_folded(line):
            rows.unfold(line)
            naive.folded.discard(line)

    def test_reveals_a_line_however_deep_it_is_hidden(self) -> None:
        """Only what the line is in opens; the rest stays folded."""
        tree = PayloadTree('{"a": {"b": {"c": 1}}, "z": {"y": 2}}')
        tree.read(99)
        rows = TreeRows(tree)
        rows.extend()
        rows.fold_all()

        assert rows.reveal(2) == 2
        assert [rows.line(row) for row in range(len(rows))] == [0, 1, 2, 3]

    def test_gives_each_row_of_a_text_its_part(self) -> None:
        """An unfolded text has as many rows as parts, and divides anew for another width."""
        tree = PayloadTree('["x", "long"]')
        tree.read(99)
        rows = TreeRows(tree)
        rows.extend()
        rows.unfold_text(1, ["4 characters", "lo", "ng"])
        assert [rows.text(row) for row in range(len(rows))] == [None, "4 characters", "lo", "ng"]

        rows.rewrap(lambda line: ["4 characters", f"{line}: long"])

        assert [rows.text(row) for row in range(len(rows))] == [None, "4 characters", "1: long"]
        assert [rows.is_first(row) for row in range(len(rows))] == [True, True, False]
