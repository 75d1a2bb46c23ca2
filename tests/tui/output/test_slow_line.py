"""A line of 9,600 bytes a second, in a real terminal: counted in bytes, because those are the same on any machine."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from logtui.core.clock import MINUTE
from logtui.storage.segment_writer import init_store
from tests.asking import add, event
from tests.terminal import Terminal

pytestmark = pytest.mark.pty

RATE = 9_600
KEY_SECONDS = 1 / 30


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("slow") / "store"
    init_store(root)
    kinds = ["sign_in.created", "user.passkey.created", "organization.updated"]
    add(root, [event(number * MINUTE, f"evt_{number:04}", event_type=kinds[number % 3]) for number in range(4000)])
    return root


@pytest.mark.parametrize(("key", "count", "place"), [("down", 60, "61 of 4,000"), ("pagedown", 45, r"1,\d+ of 4,000")])
def test_after_a_held_key_the_newest_state_is_there_within_a_second(
    store: Path, key: str, count: int, place: str
) -> None:
    """Of bytes; a line that is full of stale frames has 19 kB of them in the kernel alone."""
    command = [sys.executable, "-m", "logtui", "open", str(store), "--now", "2026-10-04T12:00:00Z"]
    with Terminal(command, bytes_per_second=RATE) as terminal:
        terminal.wait_for("1 of 4,000")
        terminal.settle(0.5)
        pause = threading.Event()
        for _ in range(count):
            terminal.press(key)
            pause.wait(KEY_SECONDS)
        held = len(terminal.raw)
        terminal.wait_for(place)
        terminal.settle(0.5)
        assert len(terminal.raw) - held <= RATE
