"""Lines of a screen as cells, and where two of them differ.

Cells and their pens are strings of the same length, one character for a cell, because comparing and cutting strings is
what Python does quickly. A line with characters that are not one cell wide has a tuple of cells instead: about their
width terminals disagree, so such a line is written whole or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from operator import ne, or_
from typing import NamedTuple

from rich.cells import split_graphemes
from textual.strip import Strip

from logtui.tui.output.pens import Pens

# One cell wide on every terminal: no marks that combine, no East Asian or pictorial widths, nothing invisible.
_PLAIN = re.compile(
    r"[ -~\xa1-\xac\xae-\u02ff\u0386-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2199"
    r"\u2200-\u22ff\u2400-\u2426\u2500-\u25a9\u25ac-\u25b5\u25b8-\u25bf\u25c2-\u25fa\u2713\u2717\u2800-\u28ff]*"
)

_STRETCH = re.compile(rb"\x01+(?:\x00{1,3}\x01+)*")
"""Cells that differ, and few between them that do not: to skip those costs as many bytes as writing them."""


class Line(NamedTuple):
    """One line of the screen."""

    cells: str | tuple[str, ...]
    """What each cell shows: a character or grapheme, and nothing in the second half of a wide one."""
    pens: str
    """Its pen, see `Pens`."""

    @property
    def is_plain(self) -> bool:
        """Every character is one cell wide."""
        return isinstance(self.cells, str)

    def with_piece(self, x: int, piece: Line) -> Line:
        """Return the line with other cells from `x` on."""
        end = x + len(piece.pens)
        pens = self.pens[:x] + piece.pens + self.pens[end:]
        if isinstance(self.cells, str) and isinstance(piece.cells, str):
            return Line(self.cells[:x] + piece.cells + self.cells[end:], pens)
        before, after = [*self.cells[:x]], [*self.cells[end:]]
        # Of a wide character that is cut in two, blanks stay.
        if self.cells[x : x + 1] == ("",):
            before[-1:] = " "
        if after[:1] == [""]:
            after[:1] = " "
        return Line((*before, *piece.cells, *after), pens)


def unknown(width: int) -> Line:
    """Return a line that differs from all others: nothing is known of it."""
    return Line("\0" * width, "\0" * width)


def line_of(strips: Iterable[Strip], pens: Pens) -> Line:
    """Return strips, side by side, as a line.

    Raises:
        ValueError: they hold something that is no text: control codes, links.
    """
    cells: list[str | tuple[str, ...]] = []
    codes: list[str] = []
    is_plain = True
    for strip in strips:
        for text, style, control in strip:
            if control or (style is not None and style.link):
                raise ValueError("only text has cells")
            code = pens.of(style)
            if is_plain_text(text):
                cells.append(text)
                # Blanks at its end are mostly there to fill a column: their colour is not seen.
                inked = len(text.rstrip(" "))
                codes.append(code * inked + pens.blank(code) * (len(text) - inked))
            else:
                is_plain = False
                wide = _graphemes(text)
                cells.append(wide)
                codes.append(code * len(wide))
    if is_plain:
        return Line("".join(cells), "".join(codes))  # type: ignore[arg-type]
    return Line(tuple(cell for piece in cells for cell in piece), "".join(codes))


@lru_cache(maxsize=4096)
def is_plain_text(text: str) -> bool:
    """Tell whether all characters are one cell wide, without doubt."""
    return _PLAIN.fullmatch(text) is not None


def differences(old: Line, new: Line) -> list[tuple[int, int]]:
    """Return the stretches of cells, from and to, that have to be written where one plain line is to become another."""
    differs = bytes(map(or_, map(ne, old.cells, new.cells), map(ne, old.pens, new.pens)))
    return [match.span() for match in _STRETCH.finditer(differs)]


def blank_from(line: Line) -> int:
    """Return where the blanks of one pen begin that a plain line ends with."""
    return max(len("".join(line.cells).rstrip(" ")), len(line.pens.rstrip(line.pens[-1:])))


def _graphemes(text: str) -> tuple[str, ...]:
    spans, _ = split_graphemes(text)
    cells: list[str] = []
    for start, end, width in spans:
        if width:
            cells += [text[start:end], *[""] * (width - 1)]
        elif cells:
            cells[-1] += text[start:end]
    return tuple(cells)
