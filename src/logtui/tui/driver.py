"""The terminal at the other end of a bad line: bytes that are no text, hang-ups, signals, and links that are slow.

Differences from Textual's own driver for Linux and macOS:

- bytes that are not UTF-8 are replaced; there they end the program
- a terminal that is gone ends the program with code 129; there the input thread spins for ever
- SIGINT, SIGTERM, SIGHUP and SIGQUIT leave the terminal as it was, with codes 130, 143, 129 and 131
- a program that was stopped paints everything anew when it goes on, in the size of then, and only in the foreground
- ctrl+c ends a program whose event loop hangs
- the size is that of the terminal that is painted on, wherever stdout goes
- Escape counts as a key after ESCDELAY, not at the next tenth of a second
- a terminal without UTF-8 gets ASCII only
- columns stay in line behind characters whose width terminals disagree on
- `has_room` tells whether the line can take another frame
"""

from __future__ import annotations

import asyncio
import os
import re
import selectors
import signal
import threading
import time
from codecs import getincrementaldecoder
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import constants, events
from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from logtui.tui.anchoring import anchored
from logtui.tui.ascii_cells import ascii_cells
from logtui.tui.job_control import JobControl
from logtui.tui.last_resort import LastResort
from logtui.tui.output.flow import QUESTION, Flow
from logtui.tui.output.kernel import is_full
from logtui.tui.taken_terminal import ENDING, seconds_for
from logtui.tui.terminal import is_ascii_only
from logtui.tui.terminal_state import TO_THE_END, Held

if TYPE_CHECKING:
    from textual.app import App

_ANSWER = re.compile(r"\x1b\[\d+;\d+R")
"""The terminal's answer to `QUESTION`."""
_LOOK_AT_EXIT = 0.1
_MOST_URGENT = 2
"""Presses of ctrl+c that the program may leave without any effect."""
_LAST_ANSWERS = 0.05
"""How long answers of the terminal are waited for at the end, at most: seconds."""
_ANSWER_SECONDS = 0.1
"""How long the event loop may take for its present step when somebody presses ctrl+c."""


class SshDriver(JobControl, LinuxDriver):
    """A driver for sessions that last, over lines that do not."""

    _is_ascii = False
    _urgent_pressed = 0
    times_taken = 0
    """How often the terminal was taken: each time it shows something else."""

    def __init__(self, app: App[Any], **options: Any) -> None:
        super().__init__(app, **options)
        self._last_resort: LastResort | None = getattr(app, "last_resort", None)
        self._urgent_keys: tuple[str, ...] = getattr(app, "urgent_keys", ())
        self._wake_reading, self._wake_writing = os.pipe()
        self.flow = Flow(time.monotonic)

    @property
    def backlog(self) -> int:
        """How many writes wait for the terminal to take them."""
        thread = self._writer_thread
        return thread._queue.qsize() if thread is not None else 0  # noqa: SLF001 - there is no other way to ask

    def has_room(self) -> bool:
        """Tell whether the line can take another frame: nothing waits here, in the kernel, or on the way."""
        return not self.backlog and not is_full(self.fileno) and self.flow.has_room()

    def write_frame(self, data: str) -> None:
        """Write a frame, and what tells when the terminal has shown it."""
        is_asking = self.flow.sending(len(data))
        self.write(data + QUESTION if is_asking else data)

    def write(self, data: str) -> None:
        """Write to the terminal; nothing, once it is gone: its thread has ended and would never empty the queue."""
        if self._writer_thread is not None and self._writer_thread.is_alive():
            super().write(ascii_cells(data) if self._is_ascii else anchored(data, self._columns))

    def _columns(self) -> int:
        return self._get_terminal_size()[0]

    def is_writer(self, thread: threading.Thread | None) -> bool:
        """Tell whether a thread is the one that writes to the terminal."""
        return thread is not None and thread is self._writer_thread

    def close(self) -> None:
        """Wait until all is written, if it can be."""
        if self._writer_thread is not None and self._writer_thread.is_alive():
            super().close()

    def start_application_mode(self) -> None:
        """Take the terminal, and see to it that it is given back."""
        self._is_ascii = is_ascii_only()
        if self._last_resort is not None:
            self._last_resort.held = Held.SCREEN
        self.times_taken += 1
        self.flow = Flow(time.monotonic)
        super().start_application_mode()  # type: ignore[no-untyped-call]
        loop = asyncio.get_running_loop()
        for number in ENDING:
            # What a supervisor has switched off (nohup) stays off.
            if signal.getsignal(number) is not signal.SIG_IGN:
                loop.add_signal_handler(number, partial(self._end, 128 + number))
                # Also heard while the loop is in one long step. The loop still learns of it.
                signal.signal(number, self._prepare_end)

    def stop_application_mode(self) -> None:
        """Give the terminal back, before anything else is waited for."""
        self.write(TO_THE_END)
        super().stop_application_mode()
        self.close()
        if self._last_resort is not None:
            self._last_resort.let_go()

    def disable_input(self) -> None:
        """End the input thread now, not when it looks at the exit the next time, but with the answers that are due."""
        if not self.exit_event.is_set():
            self.flow.wait(_LAST_ANSWERS)
        with suppress(OSError):
            os.write(self._wake_writing, b"!")
        super().disable_input()
        with suppress(OSError):
            os.set_blocking(self._wake_reading, False)
            os.read(self._wake_reading, 4096)

    def run_input_thread(self) -> None:
        """Read keys until the program ends or the terminal is gone."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        wait = _LOOK_AT_EXIT
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._wake_reading, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = {key.fd for key, _ in selector.select(wait)}
                wait = _LOOK_AT_EXIT
                if self._wake_reading in ready:
                    self.exit_event.wait(_LOOK_AT_EXIT)
                    break
                if ready:
                    data = self._read()
                    if not data:
                        self._loop.call_soon_threadsafe(self.hang_up)
                        break
                    # Half a character decodes to nothing, which the parser would take for the end.
                    for event in parser.feed(text) if (text := self._without_answers(decode(data))) else ():
                        self.process_message(event)
                    # What was read may have ended in a lone Escape.
                    wait = min(wait, constants.ESCAPE_DELAY)
                for event in parser.tick():
                    self.process_message(event)
        _finish(parser)

    def _run_input_thread(self) -> None:
        # Textual would print a traceback.
        try:
            self.run_input_thread()
        except Exception as error:  # noqa: BLE001 - told by the program's end
            self._loop.call_soon_threadsafe(self._app._handle_exception, error)  # noqa: SLF001

    def process_message(self, message: Message) -> None:
        """Hand a key on; one that is urgent is not allowed to wait. Answers to `QUESTION` are not the app's."""
        if isinstance(message, events.CursorPosition):
            self.flow.answered()
            return
        if isinstance(message, events.Key) and message.key in self._urgent_keys:
            self._press_urgent()
        super().process_message(message)

    def _without_answers(self, text: str) -> str:
        # Behind alt and a letter, the parser would take an answer's escape for the end of something unknown.
        text, count = _ANSWER.subn("", text)
        for _ in range(count):
            self.flow.answered()
        return text

    def _press_urgent(self) -> None:
        """End the program if its event loop hangs, or if it has not taken the press before."""
        if self._last_resort is None:
            return
        self._urgent_pressed += 1
        is_alive = threading.Event()
        self._loop.call_soon_threadsafe(is_alive.set)
        if not is_alive.wait(_ANSWER_SECONDS) or self._urgent_pressed > _MOST_URGENT:
            self._last_resort.end_within(0, 128 + signal.SIGINT)

    def urgent_key_was_taken(self) -> None:
        """An urgent key has its effect."""
        self._urgent_pressed = 0

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

    def _prepare_end(self, number: int, _frame: object) -> None:
        self.is_ending = True
        if self._last_resort is not None:
            self._last_resort.end_within(seconds_for(128 + number), 128 + number)

    def hang_up(self) -> None:
        """Leave: the terminal is gone."""
        self._end(128 + signal.SIGHUP)

    def _end(self, code: int) -> None:
        self.is_ending = True
        self._app.exit(return_code=code)


def _finish(parser: XTermParser) -> None:
    try:
        for _ in parser.feed(""):
            pass
    except (EOFError, ParseError):
        pass
