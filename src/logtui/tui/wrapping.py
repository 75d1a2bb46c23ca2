"""Where a text breaks into rows of a screen, found a piece at a time; what is wide, hidden or spelled out included.

Rows are offsets into the text, so that ten megabytes can be wrapped and only visible rows are ever copied. Pure.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache

from rich.cells import cell_len

from logtui.core.payload_search import longest_match, search_order
from logtui.core.sanitise import narrow, visible

PIECE_ROWS = 400
"""Rows' worth of characters that one step looks at."""
MAX_ROWS = 1_000_000
_SEARCHED_ROWS = 500


class Wrapping:
    """The rows of a text at a width. Line feeds end rows and are not shown; every other character is."""

    def __init__(self, text: str, width: int) -> None:
        self.text = text
        self.width = max(8, width)
        self.is_complete = not text
        self.is_cut = False
        self._starts = array("q")
        self._ends = array("q")
        self._position = 0

    def __len__(self) -> int:
        return len(self._starts)

    def row(self, number: int) -> str:
        """Return the visible text of a row."""
        return narrow(visible(self.text[self._starts[number] : self._ends[number]]))

    def step(self) -> bool:
        """Wrap the next piece; return whether the text is at its end."""
        rows = 0
        while rows < PIECE_ROWS and not self.is_complete:
            rows += self._wrap_piece()
            self.is_cut = len(self) >= MAX_ROWS and self._position < len(self.text)
            self.is_complete = self.is_cut or self._position >= len(self.text)
        return self.is_complete

    def search(self, pattern: re.Pattern[str], row: int, *, is_backwards: bool = False) -> Iterator[int | None]:
        """Yield None at every pause, and at last the next row in which a match begins, if there is one.

        Looks at the rows there are when it begins; `row` itself comes last.
        """
        for looked_at, number in enumerate(search_order(len(self), row, is_backwards=is_backwards), 1):
            if self._begins_in(pattern, number):
                yield number
                return
            if looked_at % _SEARCHED_ROWS == 0:
                yield None

    def _begins_in(self, pattern: re.Pattern[str], row: int) -> bool:
        # A match may go on in the next row.
        match = pattern.search(self.text, self._starts[row], self._ends[row] + longest_match(pattern))
        return match is not None and match.start() < max(self._ends[row], self._starts[row] + 1)

    def _wrap_piece(self) -> int:
        """Wrap up to the next line feed, or a bounded part of a longer line; return how many rows that made."""
        start, stop = self._position, min(len(self.text), self._position + PIECE_ROWS * self.width)
        line_feed = self.text.find("\n", start, stop)
        end = stop if line_feed < 0 else line_feed
        self._position = end + (line_feed >= 0)
        breaks = self._breaks(start, end)
        self._starts.extend((start, *breaks))
        self._ends.extend((*breaks, end))
        return len(breaks) + 1

    def _breaks(self, start: int, end: int) -> Sequence[int]:
        """Return where rows begin within a line, after its first one."""
        piece = self.text[start:end]
        if piece.isascii() and piece.isprintable():
            return range(start + self.width, end, self.width)
        breaks, used = [], 0
        for place, char in enumerate(piece, start):
            cells = _cells(char)
            if used + cells > self.width:
                breaks.append(place)
                used = 0
            used += cells
        return breaks


@lru_cache(maxsize=4096)
def _cells(char: str) -> int:
    return cell_len(narrow(visible(char)))
