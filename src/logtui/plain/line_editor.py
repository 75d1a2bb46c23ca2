"""The line that is being typed: keys in, what to print out. Pure, and prints nothing but text and backspaces.

The keys are those of a shell. The terminal echoes nothing itself, so that the program knows whether somebody is typing
and keeps its announcements back until the line is done.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from logtui.core.sanitise import one_for_one

_MOST_LINES = 200
_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;]*[A-Za-z~]|O[A-Za-z]|[^\[O])")
_UNFINISHED = re.compile(r"\x1b(?:\[[0-9;]*|O)?\Z")
_NAMES = {
    "\x01": "home", "\x02": "left", "\x04": "delete", "\x05": "end", "\x06": "right", "\x08": "backspace",
    "\t": "complete", "\n": "enter", "\x0b": "kill_after", "\x0c": "repeat", "\r": "enter", "\x0e": "next",
    "\x10": "previous", "\x15": "kill_before", "\x17": "kill_word", "\x7f": "backspace",
    "\x1b[A": "previous", "\x1b[B": "next", "\x1b[C": "right", "\x1b[D": "left", "\x1b[H": "home", "\x1b[F": "end",
    "\x1b[1~": "home", "\x1b[3~": "delete", "\x1b[4~": "end", "\x1bOA": "previous", "\x1bOB": "next",
    "\x1bOC": "right", "\x1bOD": "left", "\x1bOH": "home", "\x1bOF": "end",
}  # fmt: skip
"""What a terminal sends -> what is done."""

Complete = Callable[[str, int], tuple[str, tuple[str, ...]]]
"""Text and cursor -> what to insert there, and the ways to go on if there are several."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What keys led to. `echo` is printed first; it holds no control characters but backspaces."""

    echo: str = ""
    line: str | None = None
    """The line is done."""
    options: tuple[str, ...] = ()
    """Ways to go on, to be told before the line is shown again."""
    is_repeat: bool = False
    """The line is to be shown again, on a line of its own."""
    is_end: bool = False
    """There is nothing more to come."""


class LineEditor:
    """One line at a time, with those before it to go back to."""

    def __init__(self, width: int = 80, complete: Complete = lambda _text, _at: ("", ())) -> None:
        """Make an editor.

        Args:
            width: cells that one line of the terminal has, less the prompt. Backspaces do not go up a line, so what
                is longer is shown again where another terminal would move about in it.
        """
        self.text = ""
        self.at = 0
        """Characters before the cursor."""
        self._width = width
        self._complete = complete
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._held = ""
        self._lines: list[str] = []
        self._line = 0

    def take(self, data: bytes) -> list[Typed]:
        """Take what a terminal sent; one answer for each key."""
        text = self._held + self._decode(data)
        unfinished = _UNFINISHED.search(text)
        self._held = text[unfinished.start() :] if unfinished else ""
        text = text[: len(text) - len(self._held)]
        answers, place = [], 0
        while place < len(text):
            sequence = _SEQUENCE.match(text, place)
            key = sequence[0] if sequence else text[place]
            place += len(key)
            answers.append(self._press(key))
        return answers

    @property
    def shown(self) -> str:
        """The whole line and the way back to the cursor, to print behind a prompt."""
        return _safe(self.text) + self._back(self.text[self.at :])

    # -- keys

    def _press(self, key: str) -> Typed:
        name = _NAMES.get(key)
        if name is None:
            return self._insert(key) if len(key) == 1 and key >= " " else Typed()
        answer: Typed = getattr(self, f"_press_{name}")()
        return answer

    def _insert(self, text: str) -> Typed:
        rest = self.text[self.at :]
        self.text = self.text[: self.at] + text + rest
        self.at += len(text)
        if rest and self._is_long:
            return Typed(is_repeat=True)
        return Typed(_safe(text + rest) + self._back(rest))

    def _press_enter(self) -> Typed:
        echo, line = _safe(self.text[self.at :]), self.text
        if line.strip() and line != (self._lines[-1] if self._lines else None):
            self._lines = [*self._lines, line][-_MOST_LINES:]
        self.text, self.at, self._line = "", 0, 0
        return Typed(echo, line)

    def _press_backspace(self) -> Typed:
        return self._cut(max(0, self.at - 1), self.at)

    def _press_delete(self) -> Typed:
        return self._cut(self.at, self.at + 1) if self.text else Typed(is_end=True)

    def _press_kill_before(self) -> Typed:
        return self._cut(0, self.at)

    def _press_kill_after(self) -> Typed:
        return self._cut(self.at, len(self.text))

    def _press_kill_word(self) -> Typed:
        before = self.text[: self.at].rstrip()
        return self._cut(before.rfind(" ") + 1, self.at)

    def _press_left(self) -> Typed:
        return self._go(max(0, self.at - 1))

    def _press_right(self) -> Typed:
        return self._go(min(len(self.text), self.at + 1))

    def _press_home(self) -> Typed:
        return self._go(0)

    def _press_end(self) -> Typed:
        return self._go(len(self.text))

    def _press_previous(self) -> Typed:
        return self._recall(1)

    def _press_next(self) -> Typed:
        return self._recall(-1)

    def _press_repeat(self) -> Typed:
        return Typed(is_repeat=True)

    def _press_complete(self) -> Typed:
        inserted, options = self._complete(self.text, self.at)
        typed = self._insert(inserted) if inserted else Typed()
        return Typed(typed.echo, options=options, is_repeat=typed.is_repeat or bool(options))

    # -- what is printed

    def _cut(self, start: int, end: int) -> Typed:
        was_long = self._is_long
        gone, rest = self.text[start:end], self.text[end:]
        back = self._back(self.text[start : self.at])
        self.text, self.at = self.text[:start] + rest, start
        if was_long:
            return Typed(is_repeat=True)
        blank = " " * _cells(gone)
        return Typed(back + _safe(rest) + blank + "\b" * len(blank) + self._back(rest))

    def _go(self, at: int) -> Typed:
        before, self.at = self.at, at
        if self._is_long:
            return Typed(is_repeat=True)
        return Typed(_safe(self.text[before:at]) if at > before else self._back(self.text[at:before]))

    def _recall(self, step: int) -> Typed:
        line = max(0, min(self._line + step, len(self._lines)))
        if line == self._line:
            return Typed()
        erased = self._go(len(self.text)), self._cut(0, len(self.text))
        self._line, self.text = line, self._lines[-line] if line else ""
        self.at = len(self.text)
        if any(each.is_repeat for each in erased):
            return Typed(is_repeat=True)
        return Typed("".join(each.echo for each in erased) + _safe(self.text))

    @property
    def _is_long(self) -> bool:
        return _cells(self.text) >= self._width

    def _back(self, text: str) -> str:
        return "\b" * (0 if self._is_long else _cells(text))


def _safe(text: str) -> str:
    return one_for_one(text)


def _cells(text: str) -> int:
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in _safe(text)
    )
