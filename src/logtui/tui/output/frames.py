"""What the terminal shows, what it should show, and the fewest bytes between the two.

Textual paints a frame by sending every line that a widget asked to have painted again, with all its blanks and all its
attributes. This keeps the screen as cells, as curses does, and sends the cells that differ:

- lines that moved are moved by the terminal itself (VT100: DECSTBM, IND, RI)
- unchanged cells are skipped, blanks at the end of a line are erased
- attributes are changed, not set anew; a blank takes what there is

Frames that could not be sent cost nothing: the next one starts from what the terminal shows.

Its two classes of updates are what Textual keeps to itself and this reads: in this module, and nowhere else. An update
that is not as it should be raises, and is to be sent as Textual would; `tests/tui/output` tells when that happens.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Offset, Size
from textual.strip import Strip

from logtui.tui.output.abilities import Abilities
from logtui.tui.output.lines import Line, blank_from, differences, line_of, unknown
from logtui.tui.output.pens import Pens

_RUN = re.compile(r"(.)\1*", re.DOTALL)

_LEAST_ERASED = 4
"""Blanks that are worth an erase sequence."""
_LEAST_MOVED = 3
"""Lines that are worth a scroll region."""


class Frames:
    """The screen of one terminal."""

    def __init__(self, pens: Pens, abilities: Abilities) -> None:
        self._pens = pens
        self._can = abilities
        self.size = Size(0, 0)
        """That of the last screen."""
        self._shown: list[Line] = []
        self._wanted: list[Line] = []
        self._cursor: Offset | None = None
        # Within a frame: what was written, and where and with what the terminal would write next.
        self._out: list[str] = []
        self._at: tuple[int, int] | None = None
        self._pen = pens.plain

    def forget(self) -> None:
        """Something else may have written to the terminal: send everything with the next frame."""
        self._shown = [unknown(self.size.width)] * self.size.height
        self._cursor = None

    def take(self, update: object, size: Size) -> None:
        """Note what an update of Textual's shows, on a screen of this size.

        Raises:
            AttributeError, LookupError, TypeError, ValueError: it is not what is known of updates, or it is a part of a
                screen that was not taken whole.
        """
        if self._pens.is_full:
            raise ValueError("there are too many colours")
        if isinstance(update, LayoutUpdate):
            if update.region.size != size:
                raise ValueError("it is the screen of another size")
            if size != self.size:
                self.size = size
                self._wanted = [unknown(size.width)] * size.height
                self.forget()
            for y, strips in enumerate(update.strips, update.region.y):
                self._put(update.region.x, y, strips)
        elif size != self.size:
            raise ValueError("the rest of the screen is not known")
        elif isinstance(update, ChopsUpdate):
            for y, first, last in update.spans:
                for (x, strip), end in zip(update.chops[y].items(), update.chop_ends[y], strict=False):
                    if strip is not None and x <= last and end > first:
                        self._put(x, y, (strip if end <= last else strip.crop(0, last - x),))
        else:
            raise TypeError(f"unknown update {type(update).__name__}")

    def _put(self, x: int, y: int, strips: Iterable[Strip]) -> None:
        piece, width = line_of(strips, self._pens), self.size.width
        if x + len(piece.pens) > width:
            raise ValueError("a line is wider than the screen")
        self._wanted[y] = self._wanted[y].with_piece(x, piece) if len(piece.pens) < width else piece

    def render(self, cursor: Offset) -> str:
        """Return what makes the terminal show what is wanted, its cursor at a place; "" if it does already."""
        self._out, self._at, self._pen = [], None, self._pens.plain
        shown, wanted = self._shown, self._wanted
        changed = [y for y, line in enumerate(wanted) if line != shown[y]]
        if self._can.scrolls and len(changed) >= _LEAST_MOVED:
            changed = self._scroll(changed)
        for y in changed:
            self._write_line(y, self._shown[y], wanted[y])
        if not self._out and cursor == self._cursor:
            return ""
        self._shown, self._cursor = wanted.copy(), cursor
        # Whoever writes next finds the terminal as he expects it.
        self._use(self._pens.plain)
        self._move(cursor.y, cursor.x)
        return "".join(self._out)

    # -- lines that moved

    def _scroll(self, changed: list[int]) -> list[int]:
        """Have the terminal move lines, if that pays; return the lines that differ then."""
        shown, wanted = self._shown, self._wanted
        # A line that is there twice does not tell where it went.
        counts = Counter(shown)
        places = {line: y for y, line in enumerate(shown) if counts[line] == 1}
        votes = Counter(places[line] - y for y in changed if (line := wanted[y]) in places)
        if not votes:
            return changed
        lines, count = votes.most_common(1)[0]
        moved = [y for y in changed if places.get(wanted[y]) == y + lines]
        top, bottom = min(moved[0], moved[0] + lines), max(moved[-1], moved[-1] + lines)
        lost = (bottom + 1 - top) - sum(top <= y <= bottom for y in changed)
        if count < _LEAST_MOVED or count <= lost:
            return changed
        # Index at the last line moves everything up, reverse index at the first one everything down.
        move = f"\x1b[{bottom + 1}H" + "\x1bD" * lines if lines > 0 else f"\x1b[{top + 1}H" + "\x1bM" * -lines
        self._out.append(f"\x1b[{top + 1};{bottom + 1}r{move}\x1b[r")
        width = self.size.width
        gap = [Line(" " * width, self._pens.plain * width)] * min(abs(lines), bottom + 1 - top)
        region = shown[top : bottom + 1]
        region = [*region[lines:], *gap] if lines > 0 else [*gap, *region[:lines]]
        self._shown = [*shown[:top], *region, *shown[bottom + 1 :]]
        return [y for y, line in enumerate(wanted) if line != self._shown[y]]

    # -- within a line

    def _write_line(self, y: int, old: Line, new: Line) -> None:
        if not (old.is_plain and new.is_plain):
            # The terminal may think otherwise of widths: nothing that was there may stay, and no place is certain.
            self._move(y, 0)
            self._use(self._pens.plain)
            self._out.append("\x1b[K")
            self._write_cells(y, 0, self.size.width, new)
            return
        blank = blank_from(new)
        can_erase = self._pens.is_erasing(new.pens[-1], fills=self._can.fills)
        for start, end in differences(old, new):
            inked = max(start, blank)
            if can_erase and end - inked >= _LEAST_ERASED:
                self._write_cells(y, start, inked, new)
                self._erase(y, inked, new.pens[-1])
                return
            self._write_cells(y, start, end, new)

    def _erase(self, y: int, x: int, pen: str) -> None:
        self._move(y, x)
        if self._pens.blank(self._pen) != self._pens.blank(pen):
            self._use(self._pens.blank(pen))
        self._out.append("\x1b[K")

    def _write_cells(self, y: int, start: int, end: int, line: Line) -> None:
        if start >= end:
            return
        self._move(y, start)
        for run in _RUN.finditer(line.pens, start, end):
            text = "".join(line.cells[run.start() : run.end()])
            pen = run[1]
            if pen != self._pen and not (text.isspace() and self._pens.blank(self._pen) == self._pens.blank(pen)):
                self._use(pen)
            self._out.append(text)
        # At the right edge it stands on the last cell, or behind it: that depends on the terminal.
        self._at = (y, end) if end < self.size.width and line.is_plain else None

    def _use(self, pen: str) -> None:
        self._out.append(self._pens.change(self._pen, pen))
        self._pen = pen

    def _move(self, y: int, x: int) -> None:
        if self._at == (y, x):
            return
        before = self._at
        self._at = (y, x)
        if before is not None and before[0] == y and before[1] < x:
            step = x - before[1]
            self._out.append(f"\x1b[{step}C" if step > 1 else "\x1b[C")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H" if x else f"\x1b[{y + 1}H" if y else "\x1b[H")
