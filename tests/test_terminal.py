"""The terminal that other tests and the benchmarks look through."""

from __future__ import annotations

import sys
import threading

import pytest

from tests.terminal import Terminal

pytestmark = pytest.mark.pty


def test_the_time_is_that_of_the_chunk_with_which_the_screen_matched() -> None:
    """Neither that of one before, nor that of what arrived while the screen was looked at."""
    # Each line is written when the one before was answered, so they come in chunks of their own.
    code = "import sys\nfor word in ('one', 'two', 'three'):\n    print(word, flush=True)\n    sys.stdin.readline()"
    with Terminal([sys.executable, "-c", code]) as terminal:
        times = []
        for word in ("one", "two", "three"):
            times.append(terminal.wait_for(f"^{word}$"))
            terminal.press("enter")
        again = terminal.wait_for("^three$")

    assert 0 < times[0] < times[1] < times[2] <= again


def test_what_is_on_the_screen_before_later_chunks_is_found_in_its_time() -> None:
    """Chunks that have arrived unseen are looked at one by one, also when the last of them has wiped the match out."""
    code = (
        "import sys\nprint('ready', flush=True)\nsys.stdin.readline()\n"
        "print('match', flush=True)\nsys.stdin.readline()\nprint('\\x1b[2Jend', flush=True)\nsys.stdin.readline()"
    )
    with Terminal([sys.executable, "-c", code]) as terminal:
        terminal.wait_for("ready")
        terminal.press("enter")
        arrived(terminal, b"match")
        terminal.press("enter")
        arrived(terminal, b"end")
        end = terminal._last_at

        assert 0 < terminal.wait_for("match") < end - terminal.started_at


def arrived(terminal: Terminal, text: bytes) -> None:
    """Wait for bytes without looking at the screen."""
    waiting = threading.Event()
    for _ in range(2000):
        if text in terminal.raw:
            return
        waiting.wait(0.005)
    raise AssertionError(f"never got {text!r}")
