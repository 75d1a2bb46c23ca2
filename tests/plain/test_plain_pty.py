"""The session without a screen on a real terminal: lines only, nothing painted, and announcements that wait."""

from __future__ import annotations

import re
import shlex
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from tests.asking import add, event, own_store
from tests.samples import small_events
from tests.terminal import Terminal

NOW_TEXT = "2026-10-04T12:00:00Z"


def command(store: Path, *arguments: str) -> list[str]:
    """Return the command line of a session."""
    return [sys.executable, "-m", "logtui", str(store), *arguments, "--now", NOW_TEXT]


def plain(store: Path, *arguments: str, **env: str) -> Terminal:
    """Open a session."""
    return Terminal(command(store, "--plain", *arguments), env={"TERM": "dumb", **env})


@pytest.mark.pty
class TestSession:
    def test_reads_asks_and_leaves_without_any_escape_sequence(self, small_store: Path) -> None:
        """Whatever is done: the terminal only prints, returns and goes back by backspaces."""
        with plain(small_store) as terminal:
            terminal.wait_for("90 events in all")
            for line, answer in (
                ("next", r"\n20\. "),
                ("previous", r"(?s)\n1\. .*\n10\. "),
                ("1", "event 1\n"),
                ("is:failure", "15 events in all"),
                ("type:sign(", r"not understood: .*\ncharacter 10"),
                ("facets actor", "most frequent values"),
                ("only 1", "in all"),
                ("back", "in all"),
                ("times", "stretches of"),
                ("nonsense:x", "not understood"),
                ("open 99999", "no event 99,999 has been told"),
                ("help follow", "announce new events"),
            ):
                terminal.send(f"{line}\r".encode())
                terminal.wait_for(answer)
                terminal.settle()
            terminal.send(b"abc\x02\x02\x7fx\x15\x0bquit\r")

            assert terminal.wait_exit() == 0
            assert terminal.echoes
            assert set(bytes(terminal.raw)) & (set(range(32)) | {127}) <= {0x08, 0x0A, 0x0D}

    def test_announces_what_came_but_not_into_a_line(self, tmp_path: Path) -> None:
        """It waits until the line is done; then it says how many."""
        store = own_store(tmp_path / "store", [event(1)])
        with plain(tmp_path / "store") as terminal:
            terminal.wait_for("1 event in all")
            terminal.send(b"cou")
            terminal.wait_for("> cou")
            add(store, [event(2), event(3)])
            terminal.settle(quiet=1.2)
            assert "new event" not in terminal.text
            assert terminal.text.rstrip().endswith("> cou")
            terminal.send(b"nt\r")
            terminal.wait_for("2 new events")
            assert re.search(r"> count\n.*\n", terminal.text)
            terminal.send(b"new\r")
            terminal.wait_for("3 events in all")
            terminal.send(b"\x04")
            assert terminal.wait_exit() == 0

    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
    def test_a_signal_restores_the_terminal(self, small_store: Path, number: signal.Signals, code: int) -> None:
        """Also in the middle of a line."""
        with plain(small_store) as terminal:
            terminal.wait_for("in all")
            terminal.send(b"half a li")
            terminal.wait_for("half a li")
            terminal.signal(number)

            assert terminal.wait_exit() == code
            assert terminal.echoes

    def test_hostile_values_are_told_as_text(self, tmp_path: Path) -> None:
        """Attackers write into logs what terminals obey."""
        hostile = replace(event(1), actor="\x1b]52;c;AAAA\x07\x9b31m\u202e", payload='{"a": "\\u001b[2J"}')
        own_store(tmp_path / "store", [hostile])
        with plain(tmp_path / "store") as terminal:
            terminal.wait_for("1 event in all")
            terminal.send(b"1\r")
            terminal.wait_for("payload.a: ")
            terminal.settle()
            terminal.send(b"q\r")

            assert terminal.wait_exit() == 0
            assert "actor ␛]52;c;AAAA␇\\x9b31m\\u202e" in terminal.text
            assert not re.search("[\x1b\x07\x80-\x9f\u202e]", bytes(terminal.raw).decode())


class TestPipe:
    def test_commands_come_from_a_pipe(self, small_store: Path) -> None:
        """Each is answered before the next is read; the end of the input leaves."""
        done = subprocess.run(
            command(small_store, "is:failure", "--plain"),
            input=b"count\nnext\nforward\n",
            capture_output=True,
            timeout=60,
            check=False,
        )

        assert (done.returncode, done.stderr) == (0, b"")
        assert b"\x1b" not in done.stdout
        assert b"\r" not in done.stdout
        text = done.stdout.decode()
        assert text.startswith("logtui, ")
        assert "1. " in text
        assert "there is no query after this one" in text
        # The total belongs to the answer where nobody types.
        assert text.index("10. ") < text.index("15 events in all") < text.index("11. ")

    def test_a_reader_who_has_read_enough_ends_it(self, small_store: Path) -> None:
        """As of every command in a pipe: no complaint, and no mistake."""
        shell = (
            f"yes next | head -2000 | {shlex.join(command(small_store, '--plain'))} | head -1; echo ${{PIPESTATUS[2]}}"
        )
        done = subprocess.run(["bash", "-c", shell], capture_output=True, timeout=60, check=True)

        assert (done.stdout.splitlines()[-1], done.stderr) == (b"0", b"")

    @pytest.mark.parametrize("kind", ["dumb", ""])
    def test_a_dumb_terminal_gets_lines(self, small_store: Path, kind: str) -> None:
        """Nobody has to know the option who has no other terminal."""
        with Terminal(command(small_store), env={"TERM": kind}) as terminal:
            terminal.wait_for(f"{len(small_events())} events in all")
            terminal.send(b"q\r")

            assert terminal.wait_exit() == 0
            assert b"\x1b" not in terminal.raw
