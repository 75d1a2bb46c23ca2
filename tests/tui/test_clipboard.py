"""What is copied can be pasted anywhere without acting, means the same, and is never cut."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.cli import main as command_line
from logtui.core.sanitise import multiline
from logtui.tui import clipboard
from tests.samples import small_events
from tests.tui.dialog_app import HOSTILE

EVENT = small_events()[0]


class Recorder:
    """A terminal that keeps what it is told to copy."""

    def __init__(self) -> None:
        self.copied: list[str] = []

    def copy_to_clipboard(self, text: str) -> None:
        """Keep the text."""
        self.copied.append(text)


@pytest.fixture(autouse=True)
def _outside_tmux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)


class TestSend:
    def test_says_sent_and_not_copied(self) -> None:
        """Nobody answers whether the terminal obeyed."""
        terminal = Recorder()

        assert clipboard.send(terminal, "evt_1", "the id") == "the id sent to the terminal's clipboard"
        assert terminal.copied == ["evt_1"]

    def test_tmux_gets_a_note(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """By default tmux keeps the clipboard to itself."""
        monkeypatch.setenv("TMUX", "/tmp/tmux-0/default,1,0")

        assert "set-clipboard on" in clipboard.send(Recorder(), "evt_1", "the id")

    @pytest.mark.parametrize(("text", "reason"), [("", "is empty"), ("ü" * 40_000, "too large")])
    def test_what_cannot_arrive_is_not_sent(self, text: str, reason: str) -> None:
        """Half a text would be worse than none."""
        terminal = Recorder()

        assert reason in clipboard.send(terminal, text, "the payload")
        assert terminal.copied == []

    @given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
    @settings(max_examples=100, deadline=None)
    def test_carries_no_hidden_character(self, text: str) -> None:
        """Whoever forgets to sanitise: here it ends, and any text can be encoded."""
        terminal = Recorder()
        clipboard.send(terminal, text, "it")

        assert all(multiline(copied) == copied for copied in terminal.copied)


class TestTexts:
    def test_an_event_is_one_object_with_its_payload_inside(self) -> None:
        """As `logtui query --format ndjson` prints it."""
        text = clipboard.event_text(EVENT)
        assert isinstance(text, str)
        values = json.loads(text)

        assert "\n" not in text
        assert values["event_id"] == EVENT.event_id
        assert values["event_time"] == "2026-09-21T01:00:00.000000Z"
        assert values["payload"] == json.loads(EVENT.payload or "")

    def test_a_hostile_event_means_the_same(self) -> None:
        """Hidden characters become JSON escapes; nothing is lost."""
        event = replace(EVENT, actor=HOSTILE, payload=json.dumps({HOSTILE: 1}, ensure_ascii=False))
        text = clipboard.event_text(event)

        assert isinstance(text, str)
        assert multiline(text) == text
        assert json.loads(text)["actor"] == HOSTILE
        assert json.loads(text)["payload"] == {HOSTILE: 1}

    def test_what_is_refused_is_not_spelled_out_first(self) -> None:
        """Ten hostile megabytes are refused at once, by whichever way they come."""
        huge = "\x1b\u202e" * 5_000_000
        event = replace(EVENT, payload=huge)
        texts = (clipboard.value_text(huge), clipboard.json_text(huge), clipboard.event_text(event))
        for text in (*texts, clipboard.event_text(replace(EVENT, actor=huge))):
            terminal = Recorder()
            assert "too large" in clipboard.send(terminal, text, "it")
            assert terminal.copied == []

    @pytest.mark.parametrize(
        ("value", "text"),
        [(None, ""), (0, "1970-01-01T00:00:00.000000Z"), ("a\x1b\nb", "a␛␊b"), ("x" * 9999, "x" * 9999)],
    )
    def test_a_value_is_visible_text(self, value: str | int | None, text: str) -> None:
        """Pasting a value must not press enter."""
        assert clipboard.value_text(value) == text


class TestCommand:
    @pytest.mark.parametrize(
        "query", ["", "type:sign_in.* -actor:system", "-is:failure", '"it\'s $HOME `x`" since:24h']
    )
    def test_prints_what_the_feed_shows(
        self, query: str, small_store: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The command line reads its own words, whatever the query holds."""
        words = shlex.split(clipboard.command_text(small_store, query, columns=("event_id", "event_type")))
        assert words[0] == "logtui"

        assert command_line.main([*words[1:], "--limit", "1", "--format", "csv"]) == 0
        assert capsys.readouterr().out.splitlines()[0] == '"event_id","event_type"'

    def test_default_columns_are_left_out(self) -> None:
        """A command is read by people, too."""
        assert clipboard.command_text(Path("/srv/my logs"), "is:failure") == "logtui query '/srv/my logs' is:failure"
