"""Framing by values: the values of JSON text, wherever lines break, from chunks cut anywhere.

Elements of an array, or of the array of a container such as `{"Records": […]}`, are values of their own, so that one of
any size passes with the memory of one element.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from logtui.services.ingest.json_lines import LineFramer, too_long
from logtui.services.ingest.json_scanner import Ending, Scanner, guess_end
from logtui.services.ingest.record import KEPT_OF_SPOILED, LONGEST_RECORD, Piece, Record, Spoiled

_LARGEST_WHOLE = 4 << 20
"""A larger container is given out element by element; a smaller one as one record, to be looked at whole."""
_MOST_RESTARTS = 100
"""Values that do not end are looked for anew behind their first line so often; then every line is one record."""

_LONGEST_INDENT = 256
_BETWEEN = re.compile(rb"[\s,\xef\xbb\xbf]*+")
_CONTAINER = re.compile(
    rb'\{\s*(?:"[^"\\]{0,64}"\s*:\s*(?:"[^"\\]{0,4096}"|[0-9a-z.+-]{1,32}|\{\s*\})\s*,\s*){0,16}'
    rb'"(?:records|events|value|items|data|entries|logs)"\s*:\s*\[',
    re.IGNORECASE,
)
_REASONS = {
    Ending.OPEN: "not JSON: the value does not end",
    Ending.CUT: "not JSON: the input ends inside the value",
    Ending.TORN: "not JSON: a line ends inside a string",
    Ending.STRAY: "not JSON: a bracket closes nothing",
}

_Waiting = None
"""What the walk over the text yields when it needs more of it."""


class ValueFramer:
    """Gives each value at the top of the text, or in an array or a container there, as one record.

    Where the text is damaged, it goes on at the next line that begins as the damaged value does.
    """

    def __init__(self, line: int = 1, *, longest: int = LONGEST_RECORD, largest_whole: int = _LARGEST_WHOLE) -> None:
        self._longest = longest
        self._largest_whole = min(largest_whole, longest)
        self._buffer = b""
        self._start = 0
        """Where in the buffer the value begins that is looked at; what is before it is done with."""
        self._at = 0
        """How far the value was scanned."""
        self._line = line
        """The line of `_start`."""
        self._is_end = False
        self._is_in_array = self._is_in_container = False
        self._indent = b""
        """What stands between the last line feed and the value; "x" where that is not only white space."""
        self._restarts = 0
        self._walking = self._walk()

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Take the next bytes, and yield what became whole."""
        self._buffer = self._buffer[self._start :] + data
        self._at -= self._start
        self._start = 0
        return self._found()

    def finish(self) -> Iterator[Piece]:
        """Yield the rest."""
        self._is_end = True
        return self._found()

    def _found(self) -> Iterator[Piece]:
        for piece in self._walking:
            if piece is _Waiting:
                return
            yield piece

    def _walk(self) -> Generator[Piece | None]:
        while (yield from self._to_value()):
            stop = min(len(self._buffer), self._start + self._largest_whole)
            guessed = guess_end(self._buffer, self._start, stop)
            if guessed is not None:
                yield self._record(guessed)
                continue
            scanner = Scanner()
            ending = yield from self._scan(scanner, self._largest_whole)
            if ending is Ending.OPEN:
                if not self._is_in_array and self._enter_container():
                    continue
                ending = yield from self._scan(scanner, self._longest)
            if ending is Ending.WHOLE:
                yield self._record(self._at)
            else:
                yield from self._recover(scanner, ending)
            if self._restarts > _MOST_RESTARTS:
                yield from self._walk_by_line()
                return

    # -- between values

    def _to_value(self) -> Generator[Piece | None, None, bool]:
        """Move to the next value; False when there is none."""
        while True:
            between = _BETWEEN.match(self._buffer, self._start)
            assert between is not None
            self._indent = (self._indent + between[0]).rpartition(b"\n")[2][-_LONGEST_INDENT:]
            self._move(between.end())
            first = self._buffer[self._start : self._start + 1]
            if not first:
                if self._is_end:
                    return False
                yield _Waiting
            elif first == b"[" and not self._is_in_array:
                self._is_in_array = True
                self._move(self._start + 1)
                self._indent = b"x"
            elif first == b"]" and self._is_in_array:
                self._move(self._start + 1)
                if self._is_in_container:
                    yield from self._pass_over(Scanner(depth=1))
                self._is_in_array = self._is_in_container = False
            else:
                return True

    def _enter_container(self) -> bool:
        """Go on inside the array of the container that begins here; False if none does."""
        match = _CONTAINER.match(self._buffer, self._start)
        if match is None:
            return False
        self._move(match.end())
        self._is_in_array = self._is_in_container = True
        return True

    def _move(self, to: int) -> None:
        self._line += self._buffer.count(b"\n", self._start, to)
        self._start = self._at = to

    # -- inside a value

    def _record(self, end: int) -> Record:
        record = Record(self._buffer[self._start : end], self._line)
        self._move(end)
        self._indent = b"x"
        return record

    def _scan(self, scanner: Scanner, most: int) -> Generator[Piece | None, None, Ending]:
        """Look for the end of the value in its first `most` bytes; `OPEN` if it is longer."""
        while True:
            stop = min(len(self._buffer), self._start + most)
            self._at, ending = scanner.advance(self._buffer, self._at, stop)
            if ending is not Ending.OPEN:
                return ending
            if len(self._buffer) > self._start + most:
                return Ending.OPEN
            if self._is_end:
                return Ending.WHOLE if scanner.is_scalar else Ending.CUT
            yield _Waiting

    def _pass_over(self, scanner: Scanner) -> Generator[Piece | None, None, Ending]:
        """Move behind the value, or to where it is damaged, without keeping it."""
        while True:
            if self._at < len(self._buffer):
                at, ending = scanner.advance(self._buffer, self._at, len(self._buffer))
                self._move(at)
                if ending is not Ending.OPEN:
                    return ending
            if self._is_end:
                self._move(len(self._buffer))
                return Ending.CUT
            yield _Waiting

    # -- damage

    def _recover(self, scanner: Scanner, ending: Ending) -> Generator[Piece | None]:
        """Reject the value, and move to where the next one may begin."""
        opening = self._opening()
        if ending in (Ending.OPEN, Ending.CUT):
            restart = self._buffer.find(b"\n" + opening, self._start, self._start + self._longest)
            if restart >= 0:
                self._restarts += 1
                yield self._spoiled(restart, _REASONS[ending])
                self._move(restart + 1)
                self._indent = b""
                return
        if ending is Ending.OPEN:
            spoiled = self._spoiled(self._start + self._longest, too_long(self._longest))
            ending = yield from self._pass_over(scanner)
        else:
            spoiled = self._spoiled(self._at + 1, _REASONS[ending])
            self._move(self._at)
        yield spoiled
        self._indent = b"x"
        if ending is not Ending.WHOLE:
            self._restarts += 1
            yield from self._to_line(opening)

    def _opening(self) -> bytes:
        """Return how the line of the value begins: its indentation and its bracket."""
        first = self._buffer[self._start : self._start + 1]
        if first in b"}]":
            return b"{"
        return first if self._indent.strip(b" \t") else self._indent + first

    def _spoiled(self, end: int, reason: str) -> Spoiled:
        text = self._buffer[self._start : end].rstrip()
        return Spoiled(Record(text[:KEPT_OF_SPOILED], self._line), reason)

    def _to_line(self, opening: bytes) -> Generator[Piece | None]:
        """Move to the next line that begins so."""
        is_at_line_start = False
        while True:
            rest = self._buffer[self._start : self._start + len(opening)]
            if is_at_line_start and rest == opening:
                self._indent = b""
                return
            if is_at_line_start and opening.startswith(rest) and not self._is_end:
                yield _Waiting
                continue
            line_end = self._buffer.find(b"\n", self._start)
            is_at_line_start = line_end >= 0
            self._move(line_end + 1 if is_at_line_start else len(self._buffer))
            if not is_at_line_start:
                if self._is_end:
                    return
                yield _Waiting

    def _walk_by_line(self) -> Generator[Piece | None]:
        lines = LineFramer(self._line, longest=self._longest)
        while True:
            yield from lines.feed(self._buffer[self._start :])
            self._start = self._at = len(self._buffer)
            if self._is_end:
                break
            yield _Waiting
        yield from lines.finish()


def values_in(text: bytes, line: int = 1) -> list[Piece]:
    """Return the values of a text that is whole: those at its top, or the elements of an array there.

    Args:
        line: the line on which the text begins.
    """
    framer = ValueFramer(line, longest=max(len(text), 1))
    return [*framer.feed(text), *framer.finish()]
