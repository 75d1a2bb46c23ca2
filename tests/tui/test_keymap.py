"""Every key has one meaning where it is live, and a person's own keymap is applied or refused with a reason."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.widget import Widget

from logtui.tui.actions import ACTIONS, BY_ID, FOOTER, SCOPES
from logtui.tui.chords import Chords, Press
from logtui.tui.hints import hints
from logtui.tui.keymap import bindings, footer, key_label, keys_label, textual_keymap, validate


class TestActions:
    def test_no_key_has_two_meanings(self) -> None:
        """Checked with a keymap that changes nothing, because only keymaps are checked at the start."""
        assert validate({"feed.down": BY_ID["feed.down"].keys}) == ()

    def test_ids_are_unique_and_scopes_known(self) -> None:
        """Keymap files, help and docs name actions by id."""
        assert len(BY_ID) == len(ACTIONS)
        assert {action.scope for action in ACTIONS} == set(SCOPES)

    @pytest.mark.parametrize("scope", FOOTER)
    def test_a_footer_has_six_actions(self, scope: str) -> None:
        """Six is what fits and what anyone reads."""
        assert len(footer(scope)) == 6

    def test_every_binding_carries_the_id_that_a_keymap_names(self) -> None:
        """Without an id a key could not be changed."""
        for scope in SCOPES:
            for binding in bindings(scope):
                assert isinstance(binding, Binding)
                assert binding.id is not None
                assert binding.action == BY_ID[binding.id].name


class TestValidate:
    @pytest.mark.parametrize(
        ("keymap", "complaint"),
        [
            ({"feed.dwon": "x"}, 'keymap: there is no action "feed.dwon"; did you mean feed.down?'),
            ({"feed.left": "ctlr+q"}, 'keymap: feed.left: "ctlr+q" is not a key'),
            ({"feed.left": "h,"}, 'keymap: feed.left: "" is not a key'),
            ({"feed.up": "j"}, 'keymap: "j" is given to feed.down and to feed.up'),
            ({"feed.left": "?"}, 'keymap: "?" is given to feed.left and to app.help'),
            ({"explorer.mark": "j"}, 'keymap: "j" is given to feed.down and to explorer.mark'),
            ({"detail.find": "j"}, 'keymap: "j" is given to detail.find and to lines.down'),
            ({"explorer.mark": "z z"}, 'keymap: "z" is given to explorer.histogram and to explorer.mark'),
            ({"x\x1b[2J": "j"}, 'keymap: there is no action "x␛[2J"; `?` lists all actions'),
        ],
    )
    def test_says_what_is_wrong(self, keymap: dict[str, str], complaint: str) -> None:
        """One sentence for each mistake, with the id to look for."""
        assert validate(keymap) == (complaint,)

    @pytest.mark.parametrize(
        "keymap",
        [
            {},
            {"feed.down": "J"},
            {"feed.down": "k", "feed.up": "j"},
            {"explorer.mark": "none"},
            {"feed.newest": "g g,home"},
            {"feed.left": "ctrl+shift+a, f5, alt+left, ä"},
            {"tree.toggle_fold": "j"},
        ],
    )
    def test_accepts_what_works(self, keymap: dict[str, str]) -> None:
        """Also keys of other keyboards, swaps, chords, and inner scopes that win."""
        assert validate(keymap) == ()


class TestChords:
    def test_two_keys_make_one_action(self) -> None:
        """The first one waits, the second one acts; both are taken."""
        chords = Chords("feed", "explorer")

        assert chords.press("y") == Press(is_taken=True)
        assert ("i", BY_ID["explorer.copy_id"]) in chords.options
        assert chords.press("i") == Press(is_taken=True, action=BY_ID["explorer.copy_id"])
        assert chords.pressed == ()

    def test_a_key_that_leads_nowhere_ends_the_chord(self) -> None:
        """It does nothing else: a slip must not quit the program."""
        chords = Chords("explorer")
        chords.press("y")

        assert chords.press("x") == Press(is_taken=True)
        assert chords.press("x") == Press(is_taken=False)

    def test_own_chords_and_own_single_keys_work(self) -> None:
        """An action may gain a chord, and an action of a chord a key."""
        chords = Chords("feed", "explorer", keymap={"feed.newest": "g g", "explorer.copy_id": "?"})

        assert chords.press("g") == Press(is_taken=True)
        assert chords.press("g").action is BY_ID["feed.newest"]
        assert chords.press("question_mark").action is BY_ID["explorer.copy_id"]

    def test_an_inner_key_is_no_beginning_of_an_outer_chord(self) -> None:
        """The tree's keys win over those of what is around it, chords or not."""
        chords = Chords("tree", "detail", keymap={"detail.close": "h q", "tree.fold_all": "z M"})

        assert chords.press("h") == Press(is_taken=False)
        assert chords.press("z") == Press(is_taken=True)
        assert chords.press("M").action is BY_ID["tree.fold_all"]


class Pad(Widget, can_focus=True):
    """Has the feed's keys."""

    BINDINGS = bindings("feed")

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def action_down(self) -> None:
        self.done.append("down")

    def action_up(self) -> None:
        self.done.append("up")


class PadApp(App[None]):
    """One pad."""

    def compose(self) -> ComposeResult:
        yield Pad()


class TestTextualKeymap:
    async def test_own_keys_replace_the_defaults(self) -> None:
        """A moved action leaves its old keys, an unbound one has none."""
        app = PadApp()
        app.set_keymap(textual_keymap({"feed.down": "ctrl+n", "feed.up": "none", "feed.left": "j"}))
        async with app.run_test() as pilot:
            await pilot.press("ctrl+n", "j", "down", "k", "up")

            assert app.query_one(Pad).done == ["down"]


class TestLabels:
    @pytest.mark.parametrize(
        ("key", "label"), [("pagedown", "pgdn"), ("down", "↓"), ("?", "?"), ("y i", "yi"), ("ctrl+d", "ctrl+d")]
    )
    def test_keys_read_as_people_write_them(self, key: str, label: str) -> None:
        """Help, footer and complaints use the same words."""
        assert key_label(key) == label

    def test_follow_the_keymap(self) -> None:
        """What is shown is what works."""
        assert keys_label(BY_ID["feed.down"], {"feed.down": "ctrl+n,x"}) == "ctrl+n x"
        assert hints("feed", {"feed.open": "o", "explorer.query": "none"}, 22) == "o detail   a filters"

    def test_hints_leave_out_what_has_no_room(self) -> None:
        """Whole hints or none: half a word helps nobody."""
        assert hints("feed", {}, 25) == "enter detail   / query"
