"""A second process that outlives the program by a moment, if it must: it puts the terminal back after a sudden death.

No code of the program's own runs after SIGKILL, when memory has run out, or when a library crashes. The guardian waits
at the end of a pipe. The system closes the other end when the program ends, in whatever way, and what came through the
pipe tells in which: a word of farewell, the stacks of all threads (`faulthandler`), what libraries wrote to stderr, or
nothing.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from logtui.tui.terminal_state import Held, TerminalState

_FAREWELL = b"\0farewell\n"
_PATIENCE_SECONDS = 10
"""For all that the guardian does; a terminal that takes nothing must not keep it."""
_MOST_SAID = 200_000
_CRASHED = re.compile(rb"^Fatal Python error: ([^\n]+)", re.MULTILINE)


class Guardian:
    """The program's end of the pipe."""

    def __init__(self, state: TerminalState, clean_up: Callable[[], None]) -> None:
        """Start the process; without any, where the system has no room for one.

        Args:
            clean_up: called there when the program is dead.
        """
        reading, self.pipe = os.pipe()
        self._process = 0
        try:
            self._process = os.fork()
        except OSError:
            os.close(reading)
            os.close(self.pipe)
            self.pipe = os.open(os.devnull, os.O_WRONLY | os.O_CLOEXEC)
            return
        if self._process == 0:
            _guard(reading, state, clean_up)
        os.close(reading)

    def dismiss(self) -> None:
        """Let it go: the terminal is as it was and all is cleaned up."""
        self._say(_FAREWELL)
        os.close(self.pipe)
        self.pipe = -1
        if self._process:
            with suppress(ChildProcessError):
                os.waitpid(self._process, 0)

    def tell(self, held: Held) -> None:
        """Tell what it has to give back from now on."""
        self._say(held.value)

    def _say(self, word: bytes) -> None:
        with suppress(OSError):
            os.write(self.pipe, word)


def _guard(reading: int, state: TerminalState, clean_up: Callable[[], None]) -> NoReturn:
    """Be the other process."""
    try:
        # Neither keys nor hang-ups are meant for it, and nothing of the program's stays open because of it.
        os.setsid()
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGTSTP, signal.SIGPIPE):
            signal.signal(number, signal.SIG_IGN)
        _close_all_but(reading, state.file)
        said, held = _listen(reading)
        if not said.endswith(_FAREWELL):
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_PATIENCE_SECONDS)
            state.restore(held)
            if held is not Held.NOTHING:
                _tell(said, state)
            clean_up()
    finally:
        os._exit(0)


def _listen(reading: int) -> tuple[bytes, Held]:
    """Return what was said to the end, and what was held then."""
    said, held = b"", Held.ECHO
    while data := os.read(reading, 65_536):
        said = (said + data)[-_MOST_SAID:]
        held = max(Held, key=lambda each: said.rfind(each.value)) if b"\0" in data else held
    return said, held


def _close_all_but(*kept: int) -> None:
    most = os.sysconf("SC_OPEN_MAX")
    low = 0
    for number in sorted(kept):
        os.closerange(low, number)
        low = number + 1
    os.closerange(low, most if most > 0 else 65_536)


def _tell(said: bytes, state: TerminalState) -> None:
    """Say on the terminal, and with all there is in the log, what became of the program."""
    from logtui import crash_log

    crash = _CRASHED.search(said)
    if crash is None:
        state.write(b"logtui: it was killed, perhaps because memory ran out; the terminal was put back\r\n")
        return
    place = crash_log.record_text(said.decode(errors="backslashreplace"))
    where = f"; details are in {place}" if place else ""
    name = crash[1].decode(errors="replace")
    state.write(f"logtui: internal error: {name}{where}\r\n".encode())
