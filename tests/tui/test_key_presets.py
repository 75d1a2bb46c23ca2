"""Presets are whole sets of keys, and no key of ours depends on one that somebody else takes first."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input

from logtui.config import KEY_PRESETS, Settings
from logtui.tui.actions import BY_ID, Action
from logtui.tui.key_presets import MEANINGS, PRESETS, keymap_of
from logtui.tui.keymap import validate
from logtui.tui.reserved_keys import conflicts
from tests.tui.explorer_pilot import explore


class TestPresets:
    def test_the_configuration_knows_all(self) -> None:
        """What can be written in the file is what there is."""
        assert tuple(PRESETS) == tuple(MEANINGS) == KEY_PRESETS

    @pytest.mark.parametrize("name", PRESETS)
    def test_has_no_mistakes(self, name: str) -> None:
        """A preset is checked like a person's own keymap: ids, keys, and one meaning for each key."""
        assert validate(PRESETS[name]) == ()

    def test_own_keys_go_on_top(self) -> None:
        """The preset is where they begin."""
        keymap = keymap_of("vim", {"feed.newest": "ctrl+t"})

        assert keymap["feed.newest"] == "ctrl+t"
        assert keymap["explorer.query"] == "i"


class TestConflicts:
    def test_default_keys_avoid_what_others_take(self) -> None:
        """tmux, screen, flow control, readline: only `~`, which ssh may take, is left, and it has another key."""
        found = {(each.action.id, each.key): each.is_only for each in conflicts(PRESETS["default"])}

        assert found == {("explorer.zone", "~"): False}

    @pytest.mark.parametrize("name", PRESETS)
    def test_every_action_has_a_key_that_arrives(self, name: str) -> None:
        """A preset may keep the keys its people know, if there is a way around each."""
        assert [each for each in conflicts(PRESETS[name]) if each.is_only] == []

    @pytest.mark.parametrize(
        ("action", "key"),
        [
            (BY_ID["feed.down"], "ctrl+b"),
            (BY_ID["feed.down"], "y ctrl+s"),
            (BY_ID["query.submit"], "ctrl+u"),
            (BY_ID["app.help"], "ctrl+c"),
        ],
    )
    def test_finds_them(self, action: Action, key: str) -> None:
        """Also in chords, and those that matter only where people type."""
        assert [each.is_only for each in conflicts({action.id: key}, [action])] == [True]

    def test_leaves_editing_keys_to_places_without_inputs(self) -> None:
        """In the feed, ctrl+d turns half a page, as it does in every pager."""
        assert list(conflicts({}, [BY_ID["feed.half_down"]])) == []


class TestKeysAtWork:
    async def test_chords_work_in_feed_and_detail(self, small_store: Path) -> None:
        """`gg` and the folds are in reach of a hand that knows vim."""
        async with explore(small_store, settings=Settings(keys="vim")) as person:
            await person.press("G")
            assert person.explorer.feed.position != 0
            await person.press("g")
            assert "newest" in person.text
            await person.press("g")
            assert person.explorer.feed.position == 0

    async def test_own_chords_work_in_any_place(self, small_store: Path) -> None:
        """What docs/keys.md shows is true."""
        async with explore(small_store, settings=Settings(keymap={"feed.oldest": "o e"})) as person:
            await person.press("o", "e")
            assert person.explorer.feed.position == person.explorer.feed.row_count - 1


class TestHiddenKeys:
    async def test_no_place_has_a_key_that_help_does_not_list(self, small_store: Path) -> None:
        """Every key in `?`: Textual's own are only those of inputs and of the palette, which the help lists as well."""
        hidden = set()
        async with explore(small_store) as person:
            for keys in (
                (), ("z",), ("escape", "/"), ("escape", "a"), ("escape", "F"), ("escape", "c"), ("escape", "v"),
                ("f4",), ("escape", "escape", "ctrl+e"), ("escape", "R"), ("h",), ("escape", "escape", "?"),
                ("escape", "ctrl+f"), ("escape", "ctrl+g"), ("escape", "t"), ("escape", "!"), ("escape", "enter"),
                ("2",),
            ):  # fmt: skip
                await person.press(*keys)
                hidden |= {
                    (type(node).__name__, key)
                    for node, found in person.app.screen._binding_chain
                    for key, bound in found.key_to_bindings.items()
                    if not isinstance(node, Input) and any(each.id not in BY_ID for each in bound)
                }

        assert hidden == set()
