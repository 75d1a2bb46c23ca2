"""Ends the program in time, whatever it hangs in: a library that does not return, a line that takes nothing.

Leaving in good order waits for threads and for the terminal, and for the event loop before that. A thread that waits
for nothing else looks on.
"""

from __future__ import annotations

import os
import threading
import time
from queue import Empty, SimpleQueue

from logtui import crash_log
from logtui.tui.guardian import Guardian
from logtui.tui.terminal_state import Held, TerminalState

HASTY_SECONDS = 0.15
"""For a person who presses ctrl+c: after a fifth of a second things feel stuck."""
PATIENT_SECONDS = 5.0
"""For everything else: an unfinished export is removed meanwhile."""


class LastResort:
    """What has to be given back, and when at the latest."""

    def __init__(self, state: TerminalState, guardian: Guardian) -> None:
        self._state = state
        self._guardian = guardian
        self._held = Held.NOTHING
        self.crash: Exception | None = None
        """Why the program ends, if it is because of a mistake: nobody else may come to tell it."""
        # Signal handlers put into it: a lock would be held already if one interrupted another.
        self._ends = SimpleQueue[tuple[float, int]]()
        threading.Thread(target=self._run, name="logtui-last-resort", daemon=True).start()

    @property
    def held(self) -> Held:
        return self._held

    @held.setter
    def held(self, held: Held) -> None:
        self._held = held
        self._guardian.tell(held)

    def let_go(self) -> None:
        """The screen was left: give back the rest."""
        if self._held is not Held.NOTHING:
            self._state.restore(Held.ECHO)
            self.held = Held.NOTHING

    def end_within(self, seconds: float, code: int) -> None:
        """See to it that the process ends with `code` in this time; the first code and the earliest time count."""
        self._ends.put((time.monotonic() + seconds, code))

    def _run(self) -> None:
        at, code = self._ends.get()
        while (left := at - time.monotonic()) > 0:
            try:
                at = min(at, self._ends.get(timeout=left)[0])
            except Empty:
                break
        self._state.restore(self._held)
        if self.crash is not None:
            self._state.write(f"logtui: {crash_log.confession(self.crash)}\r\n".encode(errors="backslashreplace"))
        self._guardian.tell(Held.NOTHING)
        os._exit(code)
