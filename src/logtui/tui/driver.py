"""The terminal at the other end of a bad line: bytes that are no text, hang-ups, signals, and links that are slow.

Differences from Textual's own driver for Linux and macOS:

- bytes that are not UTF-8 are replaced; there they end the program
- a terminal that is gone ends the program with code 129; there the input thread spins for ever
- SIGINT, SIGTERM and SIGHUP leave the terminal as it was, with codes 130, 143 and 129
- the size is that of the terminal that is painted on, wherever stdout goes
- Escape counts as a key after ESCDELAY, not at the next tenth of a second
- a terminal without UTF-8 gets ASCII only
- columns stay in line behind characters whose width terminals disagree on
- `backlog` tells how many frames a slow link still has to carry
"""

from __future__ import annotations

import asyncio
import os
import selectors
import signal
from codecs import getincrementaldecoder
from functools import partial
from typing import TYPE_CHECKING

from textual import constants
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from logtui.tui.anchoring import anchored
from logtui.tui.ascii_cells import ascii_cells
from logtui.tui.terminal import is_ascii_only

if TYPE_CHECKING:
    from textual.app import App

HUNG_UP = 128 + signal.SIGHUP
"""Exit code after a hang-up."""

_ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGTERM)
_LOOK_AT_EXIT = 0.1


class SshDriver(LinuxDriver):
    """A driver for sessions that last, over lines that do not."""

    _is_ascii = False

    @property
    def backlog(self) -> int:
        """How many writes wait for the terminal to take them."""
        thread = self._writer_thread
        return thread._queue.qsize() if thread is not None else 0  # noqa: SLF001 - there is no other way to ask

    def write(self, data: str) -> None:
        """Write to the terminal; nothing, once it is gone: its thread has ended and would never empty the queue."""
        if self._writer_thread is not None and self._writer_thread.is_alive():
            super().write(ascii_cells(data) if self._is_ascii else anchored(data, self._columns))

    def _columns(self) -> int:
        return self._get_terminal_size()[0]

    def close(self) -> None:
        """Wait until all is written, if it can be."""
        if self._writer_thread is not None and self._writer_thread.is_alive():
            super().close()

    def start_application_mode(self) -> None:
        """Take the terminal, and see to it that it is given back."""
        self._is_ascii = is_ascii_only()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        loop = asyncio.get_running_loop()
        for number in _ENDING:
            # What a supervisor has switched off (nohup) stays off.
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, partial(self._end, 128 + number))

    def run_input_thread(self) -> None:
        """Read keys until the program ends or the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        wait = _LOOK_AT_EXIT
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                is_ready = bool(selector.select(wait))
                wait = _LOOK_AT_EXIT
                if is_ready:
                    data = self._read()
                    if not data:
                        self._loop.call_soon_threadsafe(self._end, HUNG_UP)
                        break
                    # Half a character decodes to nothing, which the parser would take for the end.
                    for event in parser.feed(text) if (text := decode(data)) else ():
                        self.process_message(event)
                    # What was read may have ended in a lone Escape.
                    wait = min(wait, constants.ESCAPE_DELAY)
                for event in parser.tick():
                    self.process_message(event)
        _finish(parser)

    def _get_terminal_size(self) -> tuple[int, int]:
        # Textual asks stdout, which may be a file, and believes COLUMNS and LINES, which do not follow a resize.
        try:
            return os.get_terminal_size(self.fileno)
        except OSError:
            return super()._get_terminal_size()

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 4096)
        except OSError:
            return b""

    def _end(self, code: int) -> None:
        self._app.exit(return_code=code)


def _finish(parser: XTermParser) -> None:
    try:
        for _ in parser.feed(""):
            pass
    except (EOFError, ParseError):
        pass


class FrameGate:
    """Mixed into a screen: paints no frame while an earlier one waits to be written.

    Textual queues 30 writes and then blocks: a key that was held is followed by seconds of stale frames on a slow link,
    and a link that stalls stops the program. With the gate the state goes on and is painted when there is room.
    """

    if TYPE_CHECKING:
        app: App[object]

    def _on_timer_update(self) -> None:
        driver = self.app._driver  # noqa: SLF001
        if isinstance(driver, SshDriver) and driver.backlog:
            return  # the timer goes on, and comes back
        super()._on_timer_update()  # type: ignore[misc]
