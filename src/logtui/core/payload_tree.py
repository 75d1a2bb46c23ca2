"""A JSON text as lines that can be folded: members and elements in their order, every scalar as it is written.

Nothing is converted: a number of 40 digits stays one, keys keep their order, repeated keys are all there. A line is a
few whole numbers that point into the text, so that ten megabytes can be shown. Reading goes in steps of a bounded
number of lines and knows no recursion; a screen reads the first step before it paints and the rest between keys.
"""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterator

from logtui.core.json_literal import NO_LITERAL, PIECE, literal_end
from logtui.core.json_parts import (
    AFTER_VALUE,
    BEGIN,
    CLOSING,
    COLON,
    ELEMENT,
    END,
    MEMBER,
    Break,
    Found,
    Kind,
    after_spaces,
)
from logtui.core.json_text import unescape

__all__ = ["MAX_LINES", "ROOT", "Break", "Kind", "PayloadTree"]

MAX_LINES = 200_000
ROOT = -1
"""The parent of the outermost lines: the braces around everything have no line of their own."""


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
        self._has_begun = False
        self._position = 0
        self._long: Generator[None, None, Found | None] | None = None
        self._scanned = 0  # characters of long literals that were looked at
        self._container, self._count, self._is_object = ROOT, 0, False
        self._stack: list[tuple[int, int, bool]] = []

    def __len__(self) -> int:
        return len(self._kinds)

    def read(self, line_count: int, characters: int | None = None) -> bool:
        """Read at least `line_count` lines more, or what is left; return whether everything has been read.

        With `characters`, stop after about as many of them, whatever was read.
        """
        wanted = len(self) + line_count
        if not self._has_begun:
            self._has_begun = True
            self._begin()
        before = self._position + self._scanned
        while not self.is_complete and len(self) < wanted:
            self._step()
            if characters is not None and self._position + self._scanned - before >= characters:
                break
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

    def key(self, line: int, limit: int | None = None) -> str | int:
        """The member's key, decoded, or the element's position in its array; of `limit` characters as written."""
        start, end = self._key_starts[line], self._key_ends[line]
        if start < 0:
            return end
        return unescape(self.text[start + 1 : end - 1 if limit is None else min(end - 1, start + 1 + limit)])

    def key_length(self, line: int) -> int:
        """How many characters the key has, as it is written; 0 for an element."""
        start = self._key_starts[line]
        return self._key_ends[line] - start - 2 if start >= 0 else 0

    def raw(self, line: int, limit: int | None = None) -> str:
        """The value as it is written, at most `limit` characters of it."""
        start, end = self._starts[line], self._value_ends[line] or len(self.text)
        return self.text[start : end if limit is None else min(end, start + limit)]

    def value(self, line: int) -> str:
        """The value as people mean it: a string decoded, everything else as written."""
        raw = self.raw(line)
        return unescape(raw[1:-1]) if self._kinds[line] == Kind.STRING else raw

    def path(self, line: int, limit: int | None = None) -> tuple[str | int, ...]:
        """The keys and positions that lead to the line, outermost first; none to a scalar that is all there is.

        Of each key at most `limit` characters as written.
        """
        if self.root is not None and self.root < Kind.OBJECT:
            return ()
        return tuple(reversed([self.key(each, limit) for each in self.way_to(line)]))

    def way_to(self, line: int) -> Iterator[int]:
        """The line and the lines that it is in, innermost first."""
        while line != ROOT:
            yield line
            line = self._parents[line]

    # -- many lines

    def children(self, line: int) -> Iterator[int]:
        """The lines directly inside `line`; of the outermost lines for `ROOT`."""
        child, end = line + 1, len(self) if line == ROOT else self.end(line)
        while child < end:
            yield child
            child = self.end(child)

    def containers(self) -> Iterator[int]:
        """The lines that have something inside."""
        count = len(self)
        return (line for line, end in enumerate(self._ends) if (end or count) > line + 1)

    def texts(self, line: int) -> Iterator[tuple[int, int]]:
        """Where in the text the line's key and its scalar stand, those that it has."""
        if (key_start := self._key_starts[line]) >= 0:
            yield key_start + 1, self._key_ends[line] - 1
        if self._kinds[line] < Kind.OBJECT:
            yield self._starts[line], self._value_ends[line]

    # -- reading: one step a line, with a stack of its own instead of recursion

    def _begin(self) -> None:
        match = BEGIN.match(self.text)
        if match is None:
            return
        self.root = Kind.OBJECT if match[1] == "{" else Kind.ARRAY
        self._position = match.end()
        self._is_object = self.root is Kind.OBJECT
        if self._closes_at_once():
            self._finish()

    def _step(self) -> None:
        """Read one member or element, and the ends of the containers that end with it; or a part of a long one."""
        if self._long is None:
            stop = self._position + PIECE
            match = (MEMBER if self._is_object else ELEMENT).match(self.text, self._position, stop)
            # Of a number that goes on behind the edge, two characters may be left out: `1.5e+`.
            if match is not None and (match.end() < stop - 2 or stop >= len(self.text)):
                group = match.lastindex or 0
                key = match.span(1) if self._is_object else None
                self._take((key, Kind(group - self._is_object), match.start(group), match.end()))
                return
            self._long = self._read_long()
        try:
            next(self._long)
            self._scanned += PIECE
        except StopIteration as end:
            self._long = None
            self._take(end.value)

    def _read_long(self) -> Generator[None, None, Found | None]:
        """Return a member or element that may be of any length, or None where there is none."""
        text, at, key = self.text, after_spaces(self.text, self._position), None
        if self._is_object:
            end = yield from literal_end(text, at)
            colon = None if end == NO_LITERAL else COLON.match(text, end)
            if colon is None:
                return None
            key, at = (at, end), colon.end()
        if text.startswith('"', at):
            end = yield from literal_end(text, at)
            return None if end == NO_LITERAL else (key, Kind.STRING, at, end)
        match = ELEMENT.match(text, at)
        return None if match is None else (key, Kind(match.lastindex or 0), at, match.end())

    def _take(self, found: Found | None) -> None:
        if found is None:
            self._break("a key and a value" if self._is_object else "a value")
            return
        if len(self._kinds) == self._max_lines:
            self.is_cut = self.is_complete = True
            return
        line = self._append(*found)
        self._position = found[3]
        if self.root is None:
            self.root = self.kind(line)
            self._finish()
            return
        if self._kinds[line] >= Kind.OBJECT:
            self._stack.append((self._container, self._count, self._is_object))
            self._container, self._count, self._is_object = line, 0, self._kinds[line] == Kind.OBJECT
            if not self._closes_at_once():
                return
            self._leave()
        self._after_value()

    def _closes_at_once(self) -> bool:
        closing = CLOSING.match(self.text, self._position)
        if closing is None or closing[1] != ("}" if self._is_object else "]"):
            return False
        self._position = closing.end()
        return True

    def _after_value(self) -> None:
        """Go to the next member or element, leaving the containers that end before it."""
        while True:
            closing = "}" if self._is_object else "]"
            after = AFTER_VALUE.match(self.text, self._position)
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

    def _append(self, key: tuple[int, int] | None, kind: Kind, start: int, end: int) -> int:
        line = len(self._kinds)
        key_start, key_end = key or (-1, self._count)
        self._kinds.append(kind)
        self._parents.append(self._container)
        self._depths.append(len(self._stack))
        self._ends.append(line + 1 if kind < Kind.OBJECT else 0)
        self._counts.append(0)
        self._key_starts.append(key_start)
        self._key_ends.append(key_end)
        self._starts.append(start)
        self._value_ends.append(end if kind < Kind.OBJECT else 0)
        self._count += 1
        return line

    def _finish(self) -> None:
        if END.match(self.text, self._position) is None:
            self._break("nothing more")
        self.is_complete = True

    def _break(self, expected: str) -> None:
        self.broken = Break(after_spaces(self.text, self._position), expected)
        self.is_complete = True
