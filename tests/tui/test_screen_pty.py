"""The real program on a real terminal: what only a terminal shows."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.asking import event, own_store
from tests.samples import small_events
from tests.terminal import Terminal

pytestmark = pytest.mark.pty

NEWEST = small_events()[-1]
ENTER_ALTERNATE, LEAVE_ALTERNATE = b"\x1b[?1049h", b"\x1b[?1049l"


def screen(store: Path, *arguments: str, **env: str) -> Terminal:
    """Open the screen on a store."""
    command = [sys.executable, "-m", "logtui", "open", str(store), *arguments, "--now", "2026-10-04T12:00:00Z"]
    return Terminal(command, env=env)


def test_rows_are_painted_and_quitting_restores_the_terminal(small_store: Path) -> None:
    """Start, look, `q`: exit code 0, nothing left behind."""
    with screen(small_store) as terminal:
        terminal.wait_for("1 of 90")
        terminal.press("q")

        assert terminal.wait_exit() == 0
        assert terminal.raw.rindex(LEAVE_ALTERNATE) > terminal.raw.rindex(ENTER_ALTERNATE)
        assert terminal.echoes
        assert b"?1000h" not in terminal.raw, "the mouse is off unless asked for"


STAYS_AT_TEXTUAL = """
import sys, threading
from logtui.__main__ import main
from logtui.tui import launch

class Staying:
    def find_spec(self, name, path=None, target=None):
        if name == "textual":
            threading.Event().wait(60)

launch._PATIENCE_SECONDS = 60
sys.meta_path.insert(0, Staying())
main()
"""
"""However slow or quick the machine is, the first rows come, and the import of Textual goes on until a signal comes."""


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_the_first_rows_are_there_before_the_program_is(small_store: Path, number: signal.Signals, code: int) -> None:
    """A signal that comes while Textual is still being imported leaves a usable terminal, too."""
    command = [sys.executable, "-c", STAYS_AT_TEXTUAL, "open", str(small_store), "--now", "2026-10-04T12:00:00Z"]
    with Terminal(command) as terminal:
        terminal.wait_written(lambda raw: NEWEST.event_type.encode() in raw)
        assert b"following" not in terminal.raw
        terminal.signal(number)

        assert terminal.wait_exit() == code
        assert terminal.raw.rindex(LEAVE_ALTERNATE) > terminal.raw.rindex(ENTER_ALTERNATE)
        assert terminal.echoes


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "</dev/null >/dev/null 2>/dev/null"])
def test_the_terminal_is_found_without_the_standard_files(small_store: Path, closed: str) -> None:
    """Whatever started the program gave it others or none: the screen opens on the terminal all the same."""
    # The shell stays, as an interactive one does: without it nobody would have the terminal open for a moment.
    command = f'"$@" {closed}; exit $?'
    program = [sys.executable, "-m", "logtui", "open", str(small_store), "--now", "2026-10-04T12:00:00Z"]
    with Terminal(["sh", "-c", command, "sh", *program]) as terminal:
        terminal.wait_for("1 of 90")
        terminal.press("j")
        terminal.wait_for("2 of 90")
        terminal.press("q")

        assert terminal.wait_exit() == 0
        assert terminal.echoes


def test_a_query_that_comes_in_one_burst_is_typed_not_obeyed(small_store: Path) -> None:
    """A slow line delivers `/` and the query behind it together; no letter of it may act on the feed."""
    with screen(small_store) as terminal:
        terminal.wait_for("1 of 90")
        terminal.settle(0.3)
        terminal.send(b"/type:sign_in.* actor:user_ada\r")
        terminal.wait_for("1 of 15")

        assert "query type:sign_in.* actor:user_ada" in terminal.text
        assert b"\x1b]52;" not in terminal.raw, "nothing was copied"
        assert "following" in terminal.text


@pytest.mark.parametrize(
    "query",
    [b"type:sign_in.* actor:user_ada", b"\x1b[200~type:sign_in.* actor:user_ada\x1b[201~"],
    ids=["typed", "pasted"],
)
def test_keys_typed_ahead_have_their_effects_one_after_another(small_store: Path, query: bytes) -> None:
    """Enter leaves the query, so what is behind it is a key again; and what is behind that is for what it opened."""
    with screen(small_store) as terminal:
        terminal.wait_for("1 of 90")
        terminal.send(b"/" + query + b"\r?histogram")
        terminal.wait_for("(?s)histogram.*histogram")
        terminal.press("escape")
        terminal.wait_for(r"(?s)\A(?!.*keys and queries).*1 of 15")
        terminal.send(b"/is:failure\rq")

        assert terminal.wait_exit() == 0


def test_ctrl_c_with_nothing_to_cancel_quits(small_store: Path) -> None:
    """There is always a way out."""
    with screen(small_store) as terminal:
        terminal.wait_for("1 of 90")
        terminal.press("ctrl+c")

        assert terminal.wait_exit() == 130


def test_a_store_that_does_not_exist_is_told_without_a_screen(tmp_path: Path) -> None:
    """The message names the path; the exit code is 1."""
    with screen(tmp_path / "nowhere") as terminal:
        terminal.wait_for("nowhere: there is no such store")

        assert terminal.wait_exit() == 1
        assert ENTER_ALTERNATE not in terminal.raw


def test_hostile_text_never_reaches_the_terminal(hard_store: Path) -> None:
    """No control character of an event is obeyed, in the feed or in the detail."""
    with screen(hard_store) as terminal:
        terminal.wait_for("1 of 14")
        for _ in range(14):
            terminal.press("enter")
            terminal.wait_for(r"\[overview\]")
            terminal.press("tab")
            terminal.wait_for(r"\[payload\]")
            terminal.press("shift+tab", "q", "j")
            terminal.wait_for("14  all events|of 14")
        terminal.press("q")
        terminal.wait_exit()

        written = re.sub(rb"\x1b\]22;[a-z]*\x07", b"", terminal.raw)  # the pointer's shape, Textual's own
        for forbidden in (b"\x1b[31mred", b"\xc2\x9b2J", b"\x07", "\u202e".encode(), "\u2066".encode(), b"\x00"):
            assert forbidden not in written


def test_nothing_is_sent_when_nothing_changes(small_store: Path) -> None:
    """No clock, no cursor that blinks: an open session over SSH that nobody touches is silent."""
    quiet = 1.2
    with screen(small_store) as terminal:
        terminal.wait_for("1 of 90")
        for key in ("/", "escape", "a", "escape", ":"):
            terminal.react(key, quiet=0.2)
            terminal.settle(quiet, timeout=6)
            assert time.perf_counter() - terminal.last_at >= quiet, f"after {key}:\n{terminal.text}"


def test_hostile_values_are_not_obeyed_where_a_pivot_puts_them(tmp_path: Path) -> None:
    """The query line and the form show the values that pivots, inclusion and completion bring there."""
    hostile = ["\x1b]2;OWNED\x1b\\", "\x1b]52;c;ZXZpbA==\x07", "\x1b[2J\x1b[HWIPED", "a\r\nb\x9b31m\u202e\u2066c\x7f"]
    store = own_store(
        tmp_path / "store",
        [
            replace(event(number, event_type=text), actor=text, subject=text, trace_id=text, device_id=text, ip=text)
            for number, text in enumerate(hostile)
        ],
    )
    with screen(store) as terminal:
        terminal.wait_for("1 of 4")
        shown = ""
        for row in range(len(hostile)):
            for key in "ASTDI+":
                # Rows that come only later would take the cursor back to the first.
                terminal.wait_for(r"\n\d of 4  all events|is no field")
                terminal.press("g", *"j" * row)
                terminal.wait_for(rf"\n{row + 1} of 4")
                terminal.press(key)
                terminal.wait_for(r"query (?!for instance)\S|is no field")
                terminal.press("a")
                terminal.wait_for("enter search")
                shown += terminal.text
                terminal.press("escape")  # what follows at once would be another key
                terminal.wait_for("enter detail")
                terminal.press("X")
                terminal.wait_for("query for instance")
        terminal.react("/")
        terminal.send(b"actor:")
        terminal.settle(0.2)
        terminal.press("ctrl+c")
        terminal.wait_exit()

        assert re.search('query actor:"?␛', shown)
        written = re.sub(rb"\x1b\]22;[a-z]*\x07", b"", bytes(terminal.raw))
        for forbidden in ("\x1b]2;", "\x1b]52;", "\x1b[HWIPED", "\x9b31m", "\x7f", "a\r\nb", "\u202e", "\u2066"):
            assert forbidden.encode() not in written


@pytest.mark.parametrize(
    "env",
    [
        {"NO_COLOR": "1"},
        {"TERM": "linux", "COLORTERM": ""},
        {"TERM": "vt100", "COLORTERM": ""},
        {"TERM": "screen", "COLORTERM": ""},
        {"TERM": "tmux-256color", "COLORTERM": ""},
        {"TERM": "xterm", "COLORTERM": "", "LC_ALL": "de_DE.ISO-8859-1"},
        {"LANG": "C", "LC_ALL": "C"},
    ],
)
def test_plain_terminals_show_the_same(small_store: Path, env: dict[str, str]) -> None:
    """Without colours, with few, or without UTF-8, the feed is there."""
    with screen(small_store, **env) as terminal:
        terminal.wait_for("1 of 90")

        assert NEWEST.event_type in terminal.text
        if "LC_ALL" in env or env.get("TERM") == "vt100":
            assert terminal.text.isascii()
        if "NO_COLOR" in env or env.get("COLORTERM") == "":
            assert not re.search(rb"\x1b\[(?:[0-9;]*;)?[34]8;2;[0-9;]*m", terminal.raw), "no colours but its own"
        if "NO_COLOR" in env or env.get("TERM") in ("linux", "vt100", "screen", "xterm"):
            assert not re.search(rb"\x1b\[(?:[0-9;]*;)?[34]8;5;[0-9;]*m", terminal.raw)


@pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not there")
def test_it_looks_the_same_in_tmux(small_store: Path, tmp_path: Path) -> None:
    """A terminal emulator that is not ours: scrolled lines, a dialog and back, another size, and the end."""

    def tmux(*arguments: str) -> str:
        command = ["tmux", "-S", str(tmp_path / "socket"), "-f", os.devnull, *arguments]
        return subprocess.run(command, capture_output=True, check=True, text=True, env=environment).stdout

    def wait_for(pattern: str) -> str:
        deadline = time.monotonic() + 20
        while not re.search(pattern, shown := tmux("capture-pane", "-p")):
            assert time.monotonic() < deadline, shown
        return "\n".join(line.rstrip() for line in shown.rstrip("\n").split("\n"))

    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    tmux("new-session", "-d", "-x", "100", "-y", "30", "sh")
    try:
        tmux("send-keys", f"{sys.executable} -m logtui open {small_store} --now 2026-10-04T12:00:00Z", "Enter")
        wait_for("1 of 90")
        tmux("send-keys", *["j"] * 30, "C-d", "k", "k", "k")
        wait_for("37 of 90")
        tmux("send-keys", "?")
        wait_for("keys and queries")
        tmux("send-keys", "Escape")
        inside = wait_for(r"(?s)\A(?!.*keys and queries)")
        with screen(small_store, TERM="screen", COLORTERM="") as terminal:
            terminal.resize(100, 30)
            terminal.wait_for(r"(?s)\A.*1 of 90.*\? help\s*\Z")
            terminal.settle()
            terminal.press(*["j"] * 30, "ctrl+d", "k", "k", "k")
            terminal.wait_for("37 of 90")
            terminal.settle()
            assert terminal.text.split("\n")[1:-1] == inside.split("\n")[1:-1]
        tmux("send-keys", "C-c")
        # What is typed before the program has left is the program's.
        wait_for(r"(?m)^\S+\s*\Z")
        tmux("send-keys", "echo code=$?", "Enter")
        assert "following" not in wait_for("code=130")
    finally:
        tmux("kill-server")


def test_the_mouse_is_taken_only_when_asked_for(small_store: Path) -> None:
    """Else the terminal selects text by itself."""
    with screen(small_store, "--mouse") as terminal:
        terminal.wait_for("1 of 90")
        terminal.settle()
        assert b"?1000h" in terminal.raw
        terminal.press("q")

        assert terminal.wait_exit() == 0
        assert b"?1000l" in terminal.raw
