"""What the terminal moves by itself shows the same as what is painted anew, whatever keys come, and costs a tenth."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from typing import Any

import pytest

from logtui.core.clock import MINUTE
from logtui.storage.segment_writer import init_store
from tests.asking import add, event
from tests.terminal import Terminal

INDEX, REVERSE_INDEX = b"\x1bD", b"\x1bM"
KEYS = ["j"] * 12 + ["k"] * 8 + ["space", "b", "ctrl+d", "ctrl+u", "g", "l", "h"]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("scroll") / "store"
    init_store(root)
    add(
        root,
        [event(number * MINUTE, f"evt_{number:04}", event_type=f"user.kind_{number % 7}") for number in range(600)],
    )
    return root


def screen(store: Path, **env: str) -> Terminal:
    command = [sys.executable, "-m", "logtui", "open", str(store), "--now", "2026-10-04T12:00:00Z"]
    return Terminal(command, columns=100, rows=30, env=env)


def painted_anew(terminal: Terminal) -> list[list[Any]]:
    """Return the screen after all of it was sent again."""
    assert terminal.react("ctrl+l", quiet=0.15).byte_count > 3000
    return terminal.cells


@pytest.mark.pty
@pytest.mark.parametrize("seed", range(3))
def test_keys_leave_the_screen_as_painting_it_anew_would(store: Path, seed: int) -> None:
    """Quick bursts and single keys, in both directions, across pages that load meanwhile."""
    dice = random.Random(seed)
    with screen(store) as terminal:
        terminal.wait_for("1 of 600")
        for _ in range(25):
            terminal.react("j", quiet=0.01)
        bursts = [["j"] * 40, *([dice.choice(KEYS) for _ in range(dice.randint(1, 30))] for _ in range(6))]
        for burst in bursts:
            for key in burst:
                terminal.press(key)
                if dice.random() < 0.3:
                    terminal.settle(0.005)
            # A mark is always to be seen, so that what came before it has been, too.
            terminal.react("m", quiet=0.3)
            scrolled = terminal.cells

            assert scrolled == painted_anew(terminal)
        assert INDEX in terminal.raw


@pytest.mark.pty
def test_scrolling_by_a_line_sends_that_line_only(store: Path) -> None:
    """Down and up: less than a tenth of the screen."""
    with screen(store) as terminal:
        terminal.wait_for("1 of 600")
        for _ in range(40):
            terminal.press("j")
        terminal.settle(0.2)
        steps = [terminal.react("j").byte_count for _ in range(10)]
        for _ in range(30):
            terminal.press("k")
        terminal.settle(0.2)
        steps += [terminal.react("k").byte_count for _ in range(10)]

        assert sorted(steps)[len(steps) // 2] < 1000
        assert REVERSE_INDEX in terminal.raw


@pytest.mark.pty
def test_a_live_event_moves_the_feed_without_painting_it(tmp_path: Path) -> None:
    """At the top, while following."""
    root = tmp_path / "store"
    init_store(root)
    add(root, [event(number * MINUTE, f"evt_{number:04}") for number in range(60)])
    with screen(root) as terminal:
        terminal.wait_for("1 of 60")
        terminal.settle(0.3)
        add(root, [event(100 * MINUTE, event_type="user.latest")])
        terminal.wait_for("user.latest")
        terminal.settle(0.2)
        scrolled = terminal.cells

        assert REVERSE_INDEX in terminal.raw
        assert scrolled[9:-2] == painted_anew(terminal)[9:-2]
