"""The payload's tree at its limits: deep, long, empty, scalar, and on screens that change."""

from __future__ import annotations

import json
import time

import pytest

from logtui.core.query.ast import PayloadRef
from logtui.tui.widgets.json_tree import JsonTree
from tests.tui.feed_app import OneWidget


def at(tree: JsonTree, row: int) -> JsonTree:
    """Put the cursor on a row."""
    tree.move_to(row)
    return tree


class TestShapes:
    @pytest.mark.parametrize(
        ("payload", "rows"),
        [
            ("{}", ["no keys"]),
            ("[]", ["no items"]),
            ('"text"', ['  "text"']),
            ("17", ["  17"]),
            ('[1, {"a": null}]', ["  0: 1", "▾ 1: 1 key", "    a: null"]),
            ('{"a": {}, "a": [], "b": -1.50e3}', ["  a: {}", "  a: []", "  b: -1.50e3"]),
        ],
    )
    async def test_every_kind_of_payload_is_shown(self, payload: str, rows: list[str]) -> None:
        """As it is written, repeated keys and odd numbers included."""
        tree = JsonTree()
        app = OneWidget(tree)
        async with app.run_test(size=(40, 6)) as pilot:
            tree.show(payload)
            await pilot.pause()

            assert [line for line in app.lines if line] == rows

    async def test_follows_the_width_of_the_screen(self) -> None:
        """An unfolded text is wrapped anew; the cursor stays on its line."""
        tree = JsonTree()
        app = OneWidget(tree)
        async with app.run_test(size=(40, 20)) as pilot:
            tree.show(json.dumps({"first": 1, "text": "word " * 40, "last": 2}))
            at(tree, 1).action_toggle_fold()
            tree.action_bottom()
            before = tree.row_count
            await pilot.resize_terminal(20, 20)
            await pilot.pause()

            assert tree.row_count > before
            assert tree.line == 2
            assert "".join(app.lines[1:18]).count("word") > 20

    async def test_what_is_left_after_folding_is_shown_from_its_beginning(self) -> None:
        """No empty screen with the one remaining line at its top."""
        tree = JsonTree()
        app = OneWidget(tree)
        async with app.run_test(size=(40, 6)) as pilot:
            tree.show(json.dumps({"first": 1, "many": list(range(50))}))
            tree.action_bottom()
            tree.action_fold_all()
            await pilot.pause()

            assert app.lines[0] == "  first: 1"
            assert app.lines[1].startswith("▸ many: 50 items  [0, 1")


class TestLimits:
    @pytest.mark.parametrize(
        ("payload", "row", "problem"),
        [
            ('{"a": {"b": 1}}', 0, "only a leaf"),
            ("[1]", 0, "no name to filter on"),
            ('{"a":{"b":{"c":{"d":{"e":{"f":{"g":1}}}}}}}', 6, "6 keys deep"),
            (json.dumps({"a": "x" * 501}), 0, "500 characters"),
            (json.dumps({"a": "\x01" * 5_000}), 0, "500 characters"),
        ],
    )
    async def test_what_no_query_can_ask_for_is_said(self, payload: str, row: int, problem: str) -> None:
        """The reason, not an error later."""
        tree = JsonTree()
        async with OneWidget(tree).run_test():
            tree.show(payload)
            picked = at(tree, row).picked()

            assert picked is not None
            assert picked.ref is None
            assert problem in picked.problem

    async def test_as_long_as_a_query_may_be_escapes_or_not(self) -> None:
        """Characters count, not the escapes that spell them."""
        tree = JsonTree()
        async with OneWidget(tree).run_test():
            tree.show(json.dumps({"a": "é" * 500}))
            picked = tree.picked()

            assert picked is not None
            assert (picked.ref, picked.value) == (PayloadRef(("a",)), "é" * 500)

    @pytest.mark.parametrize(
        "payload", ["[" * 30_000 + "1" + "]" * 30_000, json.dumps(["\x01" * 1_000_000, "\u202e" * 1_000_000])]
    )
    async def test_a_step_costs_what_is_on_the_screen(self, payload: str) -> None:
        """Depth and length of what is not seen do not slow down keys."""
        tree = JsonTree()
        app = OneWidget(tree)
        async with app.run_test(size=(80, 24)) as pilot:
            tree.show(payload)
            while not tree.json.is_complete:
                await pilot.pause(0.001)
            tree.action_bottom()
            start = time.process_time()
            for _ in range(20):
                tree.action_up()
                tree.picked()
                tree.action_down()
                tree.picked()

            assert time.process_time() - start < 0.4  # 10 ms a step; decoding the text would take 250
