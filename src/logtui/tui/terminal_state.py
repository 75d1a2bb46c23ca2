"""How the terminal was before the screen, and the way back to it from wherever the program ends."""

from __future__ import annotations

import os
import signal
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from typing import Any

TO_THE_END = "\x1b[0m\x1b[999;1H\r\n"
"""Where a shell goes on if the terminal has no other screen to return to: the Linux console, GNU screen as it comes."""
_RESET = (
    b"\x1b\\"  # ends a sequence that was cut off in the middle
    b"\x1b[?2026l\x1b[?2048l\x1b[?1004l"  # synchronized output, reports of size, of focus
    b"\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # the mouse
    b"\x1b[?7h\x1b[r\x1b[0m"  # line wrap, scroll region, colours
    b"\x1b[<u"  # keys as bytes again; before the screen is left, which has a mode of its own
    + TO_THE_END.encode()
    + b"\x1b[?1049l\x1b[?25h"
)
_PASTES_AS_KEYS = b"\x1b[?2004l"
_PATIENCE_SECONDS = 0.05
"""For a terminal that takes nothing, such as one behind a line that is stuck."""


class Held(Enum):
    """How much of the terminal the program has taken, and must give back."""

    NOTHING = b"\0nothing\n"
    ECHO = b"\0echo\n"
    PREVIEW = b"\0preview\n"
    SCREEN = b"\0screen\n"


class TerminalState:
    """The modes of one terminal, as they were found.

    `file` is a descriptor of its own, which does not wait for room: the one that is painted on may be stuck.
    """

    def __init__(self, painted_on: int) -> None:
        """Look at the terminal.

        Raises:
            OSError: there is none.
        """
        self.file = _opened_anew(painted_on)
        try:
            self._attributes: list[Any] = termios.tcgetattr(self.file)
        except termios.error as error:
            os.close(self.file)
            raise OSError(*error.args) from error

    def restore(self, held: Held) -> None:
        """Give back what is held. Waits for nothing, and does not fail if the terminal is gone.

        A shell that has the terminal again may have set other things, so nothing more is touched.
        """
        is_ours = held in (Held.ECHO, Held.PREVIEW) or (held is Held.SCREEN and self._has_no_signal_keys())
        if held in (Held.PREVIEW, Held.SCREEN):
            self.write((_PASTES_AS_KEYS if is_ours else b"") + _RESET)
        if is_ours:
            with suppress(termios.error), _unstopped():
                termios.tcsetattr(self.file, termios.TCSANOW, self._attributes)

    def _has_no_signal_keys(self) -> bool:
        """Tell whether the terminal is still set as for the screen: after a sudden death a shell may be quicker."""
        try:
            return not termios.tcgetattr(self.file)[3] & termios.ISIG
        except termios.error:
            return False

    def silence(self) -> None:
        """Keep the terminal from echoing keys and from waiting for the end of a line."""
        attributes = termios.tcgetattr(self.file)
        attributes[3] &= ~(termios.ECHO | termios.ICANON)
        # Enter that is typed ahead stays what it is, and does not become ctrl+j.
        attributes[0] &= ~termios.ICRNL
        termios.tcsetattr(self.file, termios.TCSANOW, attributes)

    def write(self, data: bytes) -> None:
        """Write what the terminal takes."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while data and time.monotonic() < deadline:
            try:
                data = data[os.write(self.file, data) :]
            except BlockingIOError:
                time.sleep(0.005)
            except OSError:
                return

    def close(self) -> None:
        """Let go of the terminal."""
        os.close(self.file)


def _opened_anew(descriptor: int) -> int:
    # A duplicate would share the mode of waiting with everybody who has the terminal open.
    flags = os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        return os.open(os.ttyname(descriptor), flags)
    except OSError:
        pass
    try:
        return os.open("/dev/tty", flags)
    except OSError:
        return os.dup(descriptor)


@contextmanager
def _unstopped() -> Iterator[None]:
    """Keep the system from stopping this thread for changing a terminal that another job has."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTTOU])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
