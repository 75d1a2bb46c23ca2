"""The terminal's life cycle, in a real one: bad bytes, hang-ups, signals, Escape, and a link that carries nothing."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import ptyprocess
import pyte
import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.pty

# Counts keys and says what it got; told to, paints without end.
APP = """
import sys
from textual.widgets import Static
from logtui.tui.driver import SshDriver
from logtui.tui.output.light_app import LightApp

class Keys(LightApp):
    ENABLE_COMMAND_PALETTE = False
    frames = 0
    def compose(self):
        yield Static("ready", markup=False)
    def on_key(self, event):
        self.query_one(Static).update(f"got {event.key}")
    def on_mount(self):
        if len(sys.argv) > 1:
            self.set_interval(1 / 60, self.paint)
    def paint(self):
        self.frames += 1
        self.query_one(Static).update(f"frame {self.frames} " + chr(65 + self.frames % 26) * 2000)
        if self.frames == 90:
            open(sys.argv[1], "w").close()

app = Keys(driver_class=SshDriver)
app.run(mouse=False)
sys.exit(app.return_code)
"""
RUN = [sys.executable, "-c", APP]
GIVEN_BACK = b"\x1b[?1049l"


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    with Terminal(RUN, columns=60, rows=5, env={"ESCDELAY": "25"}) as terminal:
        terminal.wait_for("ready")
        yield terminal


@pytest.mark.parametrize("noise", [b"\xe9", b"\xff\xfe\xc3", b"\x1b[M\xa0\xf1\xf2", b"\xc3"])
def test_bytes_that_are_no_text_do_not_end_the_program(terminal: Terminal, noise: bytes) -> None:
    terminal.send(noise)
    terminal.settle()
    terminal.press("x", "tab")
    terminal.wait_for("got tab")


def test_escape_is_reported_without_waiting_for_the_next_poll(terminal: Terminal) -> None:
    """Textual's own driver takes a tenth of a second, each time."""
    taken = []
    for _ in range(5):
        terminal.press("a")
        terminal.wait_for("got a")
        terminal.settle()
        taken.append(terminal.react("escape", quiet=0.15).settled)
        terminal.wait_for("got escape")
    assert min(taken) < 0.09


def test_escape_sequences_stay_whole(terminal: Terminal) -> None:
    for key in ("up", "pagedown", "home"):
        terminal.press(key)
        terminal.wait_for(f"got {key}")


def test_alt_and_a_letter_are_one_key_also_before_an_answer(terminal: Terminal) -> None:
    """The terminal answers when it has shown a frame, whatever is being typed."""
    terminal.send(b"\x1bs\x1b[1;1R")
    terminal.wait_for(r"got alt\+s")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_signals_give_the_terminal_back(terminal: Terminal, number: signal.Signals, code: int) -> None:
    terminal.signal(number)
    assert terminal.wait_exit() == code
    terminal.settle()
    assert GIVEN_BACK in terminal.raw


def test_hang_up_ends_the_program(terminal: Terminal) -> None:
    terminal.hang_up()
    assert terminal.wait_exit() == 129


def test_hang_up_ends_the_program_that_ignores_hang_ups() -> None:
    """As under nohup and some supervisors: the input ends, and goes on ending."""
    with Terminal(["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *RUN], columns=60, rows=5) as terminal:
        terminal.wait_for("ready")
        terminal.hang_up()
        assert terminal.wait_exit() == 129


def test_a_link_that_carries_nothing_stops_no_work_and_gets_no_stale_frames(tmp_path: Path) -> None:
    """Nobody reads while the program paints 90 frames. Then it reads what fits into the line, and the newest frame."""
    done = tmp_path / "done"
    process = ptyprocess.PtyProcess.spawn([*RUN, str(done)], dimensions=(40, 60))
    try:
        deadline = time.monotonic() + 15
        while not done.exists():
            assert time.monotonic() < deadline, "the program waits for the terminal"
            select.select([], [], [], 0.02)
        frames = _read_frames(process.fd, deadline)
        assert len(frames) < 30
    finally:
        process.kill(signal.SIGKILL)
        process.wait()
        process.close()


def _read_frames(fd: int, deadline: float) -> list[int]:
    """Return the numbers of the frames that are on the screen, one after the other, up to the newest."""
    screen = pyte.Screen(60, 40)
    stream = pyte.ByteStream(screen)
    numbers: list[int] = []
    while not numbers or numbers[-1] < 90:
        assert time.monotonic() < deadline, f"saw the frames {numbers} only"
        if not select.select([fd], [], [], 0.1)[0]:
            continue
        # Frames end with the cursor at home; what pyte does not know is not in them.
        for piece in re.split(rb"(?<=\x1b\[H)", os.read(fd, 65536)):
            stream.feed(re.sub(rb"\x1b\[[?<>][0-9;]*[$a-z]+", b"", piece))
            shown = re.match(r"frame (\d+)", screen.display[0])
            if shown and [int(shown[1])] != numbers[-1:]:
                numbers.append(int(shown[1]))
    return numbers
