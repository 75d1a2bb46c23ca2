"""Doing something that is asked for often only now and then: at once, and then not again for a while."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.timer import Timer

if TYPE_CHECKING:
    from textual.widget import Widget


class Pace:
    """Calls `action` when asked, but not sooner than `seconds` after the last time; nothing that was asked is lost."""

    def __init__(self, owner: Widget, seconds: float, action: Callable[[], object]) -> None:
        self._owner = owner
        self._seconds = seconds
        self._action = action
        self._timer: Timer | None = None
        self._done_at = float("-inf")

    def ask(self) -> None:
        """Call the action now, or as soon as it is its time again."""
        if self._timer is not None:
            return
        pause = self._done_at + self._seconds - time.monotonic()
        if pause <= 0:
            self.call()
        else:
            self._timer = self._owner.set_timer(pause, self.call)

    def call(self) -> None:
        """Call the action now."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
        self._done_at = time.monotonic()
        self._action()
