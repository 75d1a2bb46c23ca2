"""Framing by lines: blocks of whole lines from chunks cut anywhere, and the records of a block."""

from __future__ import annotations

from collections.abc import Iterator

from logtui.services.ingest.record import KEPT_OF_SPOILED, LONGEST_RECORD, Lines, Piece, Record, Spoiled

_BRACKETS = frozenset({b"[", b"]", b"{", b"}", b"]}"})
"""Lines of an array that was printed with one element a line."""
AROUND = b" \t\r\n\xef\xbb\xbf"
"""White space, and the mark that some programs put before each file that they join."""


class LineFramer:
    """Gives blocks of whole lines; the last line counts without its line feed when the input ends.

    A line that is longer than `longest` is left out while it comes, with its beginning kept for the rejects.
    """

    def __init__(self, line: int = 1, *, longest: int = LONGEST_RECORD) -> None:
        self._line = line
        self._longest = longest
        self._parts: list[bytes] = []
        self._held = 0
        """Bytes of the line that has begun; those beyond `longest` are counted, not kept."""

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Take the next bytes, and yield what became whole."""
        for start in range(0, len(data), self._longest):
            yield from self._feed(data[start : start + self._longest])

    def finish(self) -> Iterator[Piece]:
        """Yield the rest."""
        if self._held > self._longest:
            yield self._spoiled(b"")
        elif self._held:
            yield Lines(b"".join(self._parts), self._line)
            self._line += 1
        self._parts, self._held = [], 0

    @property
    def held(self) -> int:
        """Bytes of a line that has begun and not ended."""
        return self._held

    @property
    def line(self) -> int:
        """The number of the line that is not whole yet."""
        return self._line

    def _feed(self, data: bytes) -> Iterator[Piece]:
        end = data.rfind(b"\n") + 1
        if not end:
            self._hold(data)
            return
        if self._held:
            first = data.find(b"\n") + 1
            if self._held + first - 1 > self._longest:
                yield self._spoiled(data[:first])
                block = data[first:end]
            else:
                block = b"".join((*self._parts, data[:end]))
            self._parts, self._held = [], 0
        else:
            block = data[:end] if end < len(data) else data
        if block:
            yield Lines(block, self._line)
            self._line += block.count(b"\n")
        if end < len(data):
            self._hold(data[end:])

    def _hold(self, data: bytes) -> None:
        if self._held <= self._longest:
            self._parts.append(data)
        self._held += len(data)

    def _spoiled(self, rest: bytes) -> Spoiled:
        """Return the line that `rest` ends, which is too long."""
        text = b"".join((*self._parts, rest))[: min(KEPT_OF_SPOILED, self._longest)]
        spoiled = Spoiled(Record(text, self._line), too_long(self._longest))
        self._line += 1
        return spoiled


def records_of(lines: Lines) -> Iterator[Record]:
    """Yield the records of a block: blank lines are none, and a comma behind a value is not of it."""
    for number, text in enumerate(lines.data.split(b"\n"), lines.line):
        record = text.strip(AROUND)
        if record.endswith(b",") and len(record) > 1:
            record = record[:-1].rstrip(AROUND)
        if record and record not in _BRACKETS:
            yield Record(record, number)


def too_long(longest: int) -> str:
    """Return the reason for rejecting a longer record."""
    size = f"{longest >> 20} MiB" if longest >= 1 << 20 else f"{longest:,} bytes"
    return f"the record is longer than {size}"
