"""The terminal's life cycle, in a real one: bad bytes, hang-ups, signals, Escape, and a link that carries nothing."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import ptyprocess
import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.pty

# Counts keys and says what it got; told to, paints without end.
APP = """
import sys
from textual.app import App
from textual.screen import Screen
from textual.widgets import Static
from logtui.tui.driver import FrameGate, SshDriver

class Gated(FrameGate, Screen):
    pass

class Keys(App):
    ENABLE_COMMAND_PALETTE = False
    frames = 0
    def get_default_screen(self):
        return Gated(id="_default")
    def compose(self):
        yield Static("ready", markup=False)
    def on_key(self, event):
        self.query_one(Static).update(f"got {event.key}")
    def on_mount(self):
        if len(sys.argv) > 1:
            self.set_interval(1 / 60, self.paint)
    def paint(self):
        self.frames += 1
        self.query_one(Static).update(f"frame {self.frames} " + "x" * 2000)
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
        late = _read_until(process.fd, b"frame 9", deadline)
        assert late.count(b"frame ") < 30
    finally:
        process.kill(signal.SIGKILL)
        process.wait()
        process.close()


def _read_until(fd: int, wanted: bytes, deadline: float) -> bytes:
    seen = b""
    while wanted not in seen:
        assert time.monotonic() < deadline, f"never saw {wanted!r}"
        if select.select([fd], [], [], 0.1)[0]:
            seen += os.read(fd, 65536)
    return seen
