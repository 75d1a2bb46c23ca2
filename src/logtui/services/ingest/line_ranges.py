"""Parts of a file that hold whole lines, so that each can be read by itself."""

from __future__ import annotations

import os
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from logtui.services.ingest.decompression import CHUNK
from logtui.services.ingest.json_lines import LineFramer
from logtui.services.ingest.reading import Collector, InputReader
from logtui.services.ingest.record import LONGEST_RECORD, Lines, Piece
from logtui.services.ingest.rejects import Reject

_MOST, _LEAST = 40 << 20, 12 << 20
"""Bytes of a part: one batch of the store, and less towards the end, so that all readers end at about the same time."""
_SHARES = 5
_LINE = 1 << 12
"""Bytes within which a line is expected to end."""
_LOOKED_THROUGH = 1 << 20
"""Bytes that are read at a time to find or count line feeds."""


@dataclass(frozen=True, slots=True)
class LineRange:
    """`offset <= place < end` of a file."""

    offset: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.offset


def cut(descriptor: int, offset: int, size: int) -> Iterator[LineRange]:
    """Yield the parts of a file of `size` bytes from a line's beginning on. A line of any length is in one of them."""
    while offset < size:
        wanted = min(_MOST, max(_LEAST, (size - offset) // _SHARES))
        end = _line_end(descriptor, offset + wanted - 1, size)
        yield LineRange(offset, end)
        offset = end


class Places:
    """Where the block begins that is being read, which tells where a line is.

    Lines are counted only if somebody asks: while a part is read, a line's number is the offset of its block and its
    place in there together.
    """

    def __init__(self) -> None:
        self._offset = 0

    def begin(self, offset: int) -> None:
        """Note the next block."""
        self._offset = offset

    def of(self, line: int) -> tuple[int, int]:
        """Return the offset of the block, and how many lines of it stand before one that is being read."""
        return self._offset, line - self._offset


def read_range(
    descriptor: int, part: LineRange, reader: InputReader, places: Places, after: Callable[[int], None]
) -> None:
    """Have the lines of a part read.

    Args:
        places: gets to know what the numbers of lines mean.
        after: is called with the number of bytes after each block.
    """
    offset = part.offset
    while offset < part.end:
        places.begin(offset)
        end = _line_end(descriptor, min(offset + CHUNK, part.end) - 1, part.end)
        for piece in _pieces(descriptor, offset, end):
            reader.take(piece)
        after(end - offset)
        offset = end


def _pieces(descriptor: int, offset: int, end: int) -> Iterator[Piece]:
    if end - offset <= CHUNK + LONGEST_RECORD:
        yield Lines(os.pread(descriptor, end - offset, offset), offset)
        return
    # The last line is of monstrous size.
    framer = LineFramer(offset)
    for start in range(offset, end, CHUNK):
        yield from framer.feed(os.pread(descriptor, min(CHUNK, end - start), start))
    yield from framer.finish()


class Renumbered:
    """Gives what is read of a part to the `Collector` of the whole, with the name and the lines of the whole."""

    def __init__(self, collector: Collector, name: str, number: Callable[[int], int]) -> None:
        """Take what turns a line's number in the part into that in the whole."""
        self._name = name
        self._number = number
        self.add = collector.add
        self.add_table = collector.add_table
        self._reject = collector.reject

    def reject(self, reject: Reject) -> None:
        self._reject(replace(reject, file=self._name, line=self._number(reject.line)))


class LineNumbers:
    """The numbers of lines in a file, counted only when somebody asks."""

    def __init__(self, descriptor: int, offset: int, line: int) -> None:
        """Take where one line begins, and its number."""
        self._descriptor = descriptor
        self._offsets, self._lines = [offset], [line]

    def at(self, offset: int) -> int:
        """Return the number of the line that begins at `offset`, behind that first one."""
        known = bisect_right(self._offsets, offset)
        place, line = self._offsets[known - 1], self._lines[known - 1]
        if place == offset:
            return line
        while place < offset:
            data = os.pread(self._descriptor, min(_LOOKED_THROUGH, offset - place), place)
            if not data:
                break
            line += data.count(b"\n")
            place += len(data)
        self._offsets.insert(known, offset)
        self._lines.insert(known, line)
        return line


def last_line_end(descriptor: int, offset: int, size: int) -> int:
    """Return the place behind the last line feed in a file of `size` bytes; `offset` if there is none behind that."""
    while size > offset:
        start = max(offset, size - _LOOKED_THROUGH)
        end = os.pread(descriptor, size - start, start).rfind(b"\n") + 1
        if end:
            return start + end
        size = start
    return offset


def _line_end(descriptor: int, offset: int, size: int) -> int:
    """Return the place behind the first line feed from `offset` on."""
    count = _LINE
    while offset < size:
        data = os.pread(descriptor, min(count, size - offset), offset)
        end = data.find(b"\n") + 1
        if end or not data:
            return offset + end if data else size
        offset += len(data)
        count = min(2 * count, _LOOKED_THROUGH)
    return size
