"""The terminal of the session: whole lines out, keys in, and nothing else: no escape sequence is ever written.

On a terminal, keys come one by one and are echoed here, so that an announcement never lands in a line that is being
typed. Where stdin is a file or a pipe, its lines are taken and nothing is echoed.
"""

from __future__ import annotations

import os
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from textwrap import wrap
from types import FrameType

from logtui.core.sanitise import NO_LIMIT, ascii_only, visible
from logtui.plain.line_editor import Complete, LineEditor, Typed
from logtui.tui.terminal import is_ascii_only

PROMPT = "> "
_DEFAULT_WIDTH = 80


class LineTerminal:
    """One line is open at its foot: the prompt and what was typed behind it, or none while something is told."""

    def __init__(self, complete: Complete) -> None:
        self._in, self._out = 0, 1  # whatever Python has made of them
        self.is_typed = os.isatty(self._in)
        """Whether somebody types: then there is a prompt and an echo."""
        self._is_ascii = is_ascii_only()
        self._modes = termios.tcgetattr(self._in) if self.is_typed else None
        self._room = max(20, _width(self._out))
        self._editor = LineEditor(self._room - len(PROMPT), complete)
        self._has_prompt = False
        self._rest = b""

    @property
    def fileno(self) -> int:
        """What to wait on for keys."""
        return self._in

    @property
    def is_typing(self) -> bool:
        """Whether a line was begun."""
        return bool(self._editor.text)

    # -- out

    def say(self, *lines: str) -> None:
        """Write lines; an open prompt without text gives way to them, a line that is being typed is left behind."""
        text = "".join(f"{part}\n" for line in lines for part in self._parted(self._printable(line)))
        if self._has_prompt:
            # The prompt is shorter than anything that is said, so that it is written over.
            text = ("\n" if self._editor.text else "\r") + text
            self._has_prompt = False
        self._write(text)

    def prompt(self) -> None:
        """Show the prompt, and behind it what was typed already."""
        if self.is_typed and not self._has_prompt:
            self._write(PROMPT + self._echo(self._editor.shown))
            self._has_prompt = True

    def end_line(self) -> None:
        """Leave the prompt's line, if there is one."""
        if self._has_prompt:
            self._write("\n")
            self._has_prompt = False

    def _parted(self, line: str) -> list[str]:
        """Return a line in parts that fit: readers go by lines, and a word in two of them is none."""
        room = self._room - 1
        if not self.is_typed or len(line) <= room:
            return [line]
        return wrap(line, room, break_on_hyphens=False, replace_whitespace=False, expand_tabs=False)

    def _printable(self, line: str) -> str:
        text = visible(line, NO_LIMIT)
        return ascii_only(text) if self._is_ascii else text

    def _echo(self, text: str) -> str:
        return "\b".join(self._printable(part) for part in text.split("\b"))

    def _write(self, text: str) -> None:
        data = (text if self.is_typed else text.replace("\r", "")).encode("utf-8", "backslashreplace")
        while data:
            data = data[os.write(self._out, data) :]

    # -- in

    def read(self) -> Iterator[Typed]:
        """Take what came, echo it, and yield what it means; call it when there is something to read.

        Raises:
            EOFError: the terminal is gone.
        """
        try:
            data = os.read(self._in, 65536)
        except OSError as error:
            raise EOFError from error
        if not self.is_typed:
            yield from self._lines(data)
            return
        if not data:
            raise EOFError
        for typed in self._editor.take(data):
            if typed.echo and self._has_prompt:
                self._write(self._echo(typed.echo))
            if typed.line is not None:
                self.end_line()
            if typed.options:
                self.say(*typed.options)
            if typed.is_repeat:
                self.end_line()
                self.prompt()
            yield typed

    def _lines(self, data: bytes) -> Iterator[Typed]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if not data and self._rest:
            lines, self._rest = [self._rest], b""
        yield from (Typed(line=line.decode("utf-8", "replace").rstrip("\r")) for line in lines)
        if not data:
            yield Typed(is_end=True)

    # -- modes

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Get keys one by one; whatever happens, the terminal is put back, also while the program is stopped."""
        handlers = {
            number: signal.signal(number, handler)
            for number, handler in ((signal.SIGTSTP, self._stop), (signal.SIGCONT, self._go_on))
        }
        try:
            self._take()
            yield
        finally:
            for number, handler in handlers.items():
                signal.signal(number, handler)
            self._put_back()

    def _take(self) -> None:
        if self._modes is None:
            return
        modes = termios.tcgetattr(self._in)
        modes[0] &= ~(termios.IXON | termios.ICRNL)
        modes[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN)
        termios.tcsetattr(self._in, termios.TCSANOW, modes)

    def _put_back(self) -> None:
        if self._modes is not None:
            with suppress(termios.error):  # a terminal that is gone has no modes
                termios.tcsetattr(self._in, termios.TCSANOW, self._modes)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        self._put_back()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    def _go_on(self, _number: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGTSTP, self._stop)
        self._take()
        if self._has_prompt:
            self._has_prompt = False
            self._write("\n")
            self.prompt()


def _width(descriptor: int) -> int:
    try:
        return os.get_terminal_size(descriptor).columns or _DEFAULT_WIDTH
    except OSError:
        return _DEFAULT_WIDTH
