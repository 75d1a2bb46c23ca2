"""A line of 9,600 bytes a second, in a real terminal: counted in bytes, because those are the same on any machine."""

from __future__ import annotations

import random
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from logtui.core.clock import MINUTE
from logtui.storage.segment_writer import init_store
from tests.asking import add, event
from tests.terminal import Terminal

pytestmark = pytest.mark.pty

RATE = 9_600
KEY_SECONDS = 1 / 30
PAGES = 50


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Rows that have little in common, so that a page is 4 kB."""
    root = tmp_path_factory.mktemp("slow") / "store"
    init_store(root)
    dice = random.Random(1)

    def name(prefix: str) -> str:
        return prefix + "".join(dice.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=30))

    add(
        root,
        [
            replace(
                event(number * MINUTE, f"evt_{number:04}", event_type=name("user.")),
                actor=name("user_"),
                subject=name("org_"),
                source=name(""),
                trace_id=name(""),
            )
            for number in range(4000)
        ],
    )
    return root


def test_after_a_held_key_the_newest_state_is_there_within_a_second(store: Path) -> None:
    """Of bytes; of stale pages there would be 19 kB in the kernel alone."""
    command = [sys.executable, "-m", "logtui", "open", str(store), "--now", "2026-10-04T12:00:00Z"]
    with Terminal(command, bytes_per_second=RATE) as terminal:
        terminal.wait_for("1 of 4,000")
        terminal.settle(0.5)
        before, pause = len(terminal.raw), threading.Event()
        for _ in range(PAGES):
            terminal.press("pagedown")
            pause.wait(KEY_SECONDS)
        held = len(terminal.raw)
        terminal.wait_for(r"^1,\d+ of 4,000")
        terminal.settle(0.5)
        assert len(terminal.raw) - held <= RATE
        assert held - before > PAGES * KEY_SECONDS * RATE / 3, "the line was hardly used"
