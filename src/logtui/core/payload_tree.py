"""A JSON text as lines that can be folded: members and elements in their order, every scalar as it is written.

Nothing is converted: a number of 40 digits stays one, keys keep their order, repeated keys are all there. A line is a
few whole numbers that point into the text, so that ten megabytes can be shown. Reading goes in steps of a bounded
number of lines and knows no recursion; a screen reads the first step before it paints and the rest between keys.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain

from logtui.core.json_text import unescape

MAX_LINES = 200_000
ROOT = -1
"""The parent of the outermost lines: the braces around everything have no line of their own."""


class Kind(IntEnum):
    """What stands at a line. The numbers follow the groups of the patterns below."""

    STRING = 1
    NUMBER = 2
    WORD = 3
    """true, false or null."""
    OBJECT = 4
    ARRAY = 5


@dataclass(frozen=True, slots=True)
class Break:
    """Where the text stops being JSON."""

    position: int
    """Characters from 0."""
    expected: str


_SPACE = r"[ \t\n\r]*+"
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_VALUE = rf"(?:({_STRING})|({_NUMBER})|(true|false|null)|(\{{)|(\[))"
_ELEMENT = re.compile(_SPACE + _VALUE)
_MEMBER = re.compile(rf"{_SPACE}({_STRING}){_SPACE}:{_SPACE}{_VALUE}")
_AFTER_VALUE = re.compile(rf"{_SPACE}([,}}\]])")
_CLOSING = re.compile(rf"{_SPACE}([}}\]])")
_SPACES = re.compile(_SPACE)
_END = re.compile(rf"{_SPACE}\Z")


class PayloadTree:
    """The lines of one text. Lines are numbered from 0 in the order of the text.

    Attributes:
        text: the JSON text.
        is_complete: nothing is left to read: the end, a break or the limit was reached.
        is_cut: there are more lines than `max_lines`.
        broken: where the text is not JSON, or None as far as was read.
        root: what the whole text is; None when it is nothing.
    """

    def __init__(self, text: str, max_lines: int = MAX_LINES) -> None:
        self.text = text
        self.is_complete = False
        self.is_cut = False
        self.broken: Break | None = None
        self.root: Kind | None = None
        self._max_lines = max_lines
        self._kinds = bytearray()
        self._parents = array("i")
        self._depths = array("i")
        self._ends = array("i")  # 0 while the container is still being read
        self._counts = array("i")
        self._key_starts = array("i")  # of the literal with its quotes; -1 for an element of an array
        self._key_ends = array("i")  # or the element's position in the array
        self._starts = array("i")
        self._value_ends = array("i")
        self._position = 0
        self._container, self._count, self._is_object = ROOT, 0, False
        self._stack: list[tuple[int, int, bool]] = []

    def __len__(self) -> int:
        return len(self._kinds)

    def read(self, line_count: int) -> bool:
        """Read at least `line_count` lines more, or what is left; return whether everything has been read."""
        wanted = len(self) + line_count
        if self.root is None and not self.is_complete:
            self._begin()
        while not self.is_complete and len(self) < wanted:
            self._step()
        return self.is_complete

    # -- one line

    def kind(self, line: int) -> Kind:
        return Kind(self._kinds[line])

    def depth(self, line: int) -> int:
        """How many containers it is in; 0 for the outermost lines."""
        return self._depths[line]

    @property
    def deepest(self) -> int:
        """The largest depth of any line that was read."""
        return max(self._depths, default=0)

    def parent(self, line: int) -> int:
        """The line of the container around it, or `ROOT`."""
        return self._parents[line]

    def end(self, line: int) -> int:
        """The line after the last one inside it; the next line where nothing is inside."""
        return self._ends[line] or len(self)

    def has_children(self, line: int) -> bool:
        return self.end(line) > line + 1

    def count(self, line: int) -> int | None:
        """How many members or elements the container has; None while it is being read."""
        return self._counts[line] if self._ends[line] else None

    def key(self, line: int) -> str | int:
        """The member's key, decoded, or the element's position in its array."""
        start, end = self._key_starts[line], self._key_ends[line]
        return unescape(self.text[start + 1 : end - 1]) if start >= 0 else end

    def raw(self, line: int, limit: int | None = None) -> str:
        """The value as it is written, at most `limit` characters of it."""
        start, end = self._starts[line], self._value_ends[line] or len(self.text)
        return self.text[start : end if limit is None else min(end, start + limit)]

    def value(self, line: int) -> str:
        """The value as people mean it: a string decoded, everything else as written."""
        raw = self.raw(line)
        return unescape(raw[1:-1]) if self._kinds[line] == Kind.STRING else raw

    def path(self, line: int) -> tuple[str | int, ...]:
        """The keys and positions that lead to the line, outermost first; none to a scalar that is all there is."""
        path: list[str | int] = []
        if self.root is not None and self.root < Kind.OBJECT:
            return ()
        while line != ROOT:
            path.append(self.key(line))
            line = self._parents[line]
        return tuple(reversed(path))

    # -- many lines

    def children(self, line: int) -> Iterator[int]:
        """The lines directly inside `line`; of the outermost lines for `ROOT`."""
        child, end = line + 1, len(self) if line == ROOT else self.end(line)
        while child < end:
            yield child
            child = self.end(child)

    def find(self, pattern: re.Pattern[str], start: int, *, is_backwards: bool = False) -> int | None:
        """Return the next line whose key or scalar matches, among those read; `start` comes last, after all others."""
        count = len(self)
        ahead, behind = range(start + 1, count), range(min(start + 1, count))
        order = chain(reversed(behind[:-1]), reversed(ahead), behind[-1:]) if is_backwards else chain(ahead, behind)
        return next((line for line in order if self._matches(line, pattern)), None)

    def _matches(self, line: int, pattern: re.Pattern[str]) -> bool:
        key_start = self._key_starts[line]
        if key_start >= 0 and pattern.search(self.text, key_start + 1, self._key_ends[line] - 1):
            return True
        is_scalar = self._kinds[line] < Kind.OBJECT
        return is_scalar and pattern.search(self.text, self._starts[line], self._value_ends[line]) is not None

    # -- reading: one step a line, with a stack of its own instead of recursion

    def _begin(self) -> None:
        match = _ELEMENT.match(self.text)
        if match is None:
            self._break("a value")
            return
        self.root = Kind(match.lastindex or 0)
        if self.root < Kind.OBJECT:
            self._append(match)
        self._position = match.end()
        self._is_object = self.root is Kind.OBJECT
        if self.root < Kind.OBJECT or self._closes_at_once():
            self._finish()

    def _step(self) -> None:
        """Read one member or element, and the ends of the containers that end with it."""
        match = (_MEMBER if self._is_object else _ELEMENT).match(self.text, self._position)
        if match is None:
            self._break("a key and a value" if self._is_object else "a value")
            return
        if len(self._kinds) == self._max_lines:
            self.is_cut = self.is_complete = True
            return
        line = self._append(match)
        self._position = match.end()
        if self._kinds[line] >= Kind.OBJECT:
            self._stack.append((self._container, self._count, self._is_object))
            self._container, self._count, self._is_object = line, 0, self._kinds[line] == Kind.OBJECT
            if not self._closes_at_once():
                return
            self._leave()
        self._after_value()

    def _closes_at_once(self) -> bool:
        closing = _CLOSING.match(self.text, self._position)
        if closing is None or closing[1] != ("}" if self._is_object else "]"):
            return False
        self._position = closing.end()
        return True

    def _after_value(self) -> None:
        """Go to the next member or element, leaving the containers that end before it."""
        while True:
            closing = "}" if self._is_object else "]"
            after = _AFTER_VALUE.match(self.text, self._position)
            if after is None or after[1] not in (",", closing):
                self._break(f"a comma or {closing}")
                return
            self._position = after.end()
            if after[1] == ",":
                return
            if self._container == ROOT:
                self._finish()
                return
            self._leave()

    def _leave(self) -> None:
        line = self._container
        self._ends[line] = len(self._kinds)
        self._counts[line] = self._count
        self._value_ends[line] = self._position
        self._container, self._count, self._is_object = self._stack.pop()

    def _append(self, match: re.Match[str]) -> int:
        line = len(self._kinds)
        is_member = match.re is _MEMBER
        group = match.lastindex or 0
        kind = group - is_member
        self._kinds.append(kind)
        self._parents.append(self._container)
        self._depths.append(len(self._stack))
        self._ends.append(line + 1 if kind < Kind.OBJECT else 0)
        self._counts.append(0)
        self._key_starts.append(match.start(1) if is_member else -1)
        self._key_ends.append(match.end(1) if is_member else self._count)
        self._starts.append(match.start(group))
        self._value_ends.append(match.end() if kind < Kind.OBJECT else 0)
        self._count += 1
        return line

    def _finish(self) -> None:
        if _END.match(self.text, self._position) is None:
            self._break("nothing more")
        self.is_complete = True

    def _break(self, expected: str) -> None:
        space = _SPACES.match(self.text, self._position)
        self.broken = Break(space.end() if space else self._position, expected)
        self.is_complete = True
