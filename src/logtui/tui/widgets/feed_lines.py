"""Painted lines of the feed: from runs and style names to strips, each painted once and kept.

Separate from the feed because it knows nothing of where the reader is; the feed knows nothing of segments.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import wrap

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.strip import Strip

from logtui.core.event import Cursor, Event
from logtui.core.sanitise import ascii_only, visible
from logtui.tui import render
from logtui.tui.layout import Layout

STYLE_NAMES = (*render.STYLES, "cursor", "cell", "message")

_KEPT = 1024


@dataclass(frozen=True, slots=True)
class Line:
    """What one line shows, as far as it is not the same for all lines."""

    cursor: Cursor
    """The event."""
    is_marked: bool
    is_late: bool
    column: str | None
    """The column of the cell cursor; None in all lines that are not being read."""


class LinePainter:
    """Paints lines with one look; forgets its work when the look or the styles change."""

    def __init__(self, style: Callable[[str], Style]) -> None:
        """`style` returns the style that a name of `STYLE_NAMES` has; it may be partial."""
        self._find_style = style
        self._styles: dict[str, Style] = {}
        self._strips: LRUCache[Line, Strip] = LRUCache(_KEPT)
        self.painted: LRUCache[Line, Strip] = LRUCache(_KEPT)
        """Lines as they are when Textual has applied its styles and filters; the widget puts them here."""
        self._look = render.Look(Layout(()))
        self.width = 0

    @property
    def look(self) -> render.Look:
        return self._look

    def use(self, look: render.Look, width: int) -> None:
        """Paint lines of `width` cells in another look from now on."""
        self._look, self.width = look, width
        self._strips.clear()
        self.painted.clear()

    def forget_styles(self) -> None:
        """The styles have changed."""
        self._styles.clear()
        self._strips.clear()
        self.painted.clear()

    def event(self, event: Event, line: Line) -> Strip:
        """Return the line of an event."""
        strip = self._strips.get(line)
        if strip is None:
            strip = self._strips[line] = self._paint(event, line)
        return strip

    def text(self, text: str) -> Strip:
        """Return a line of a message."""
        style = self._style("message")
        return Strip([Segment(text, style)]).adjust_cell_length(self.width, self._style("text"))

    def wrapped(self, messages: Sequence[str]) -> list[str]:
        """Return messages as lines that fit, made safe to show."""
        clean = [visible(message) for message in messages]
        if self._look.is_ascii:
            clean = [ascii_only(message) for message in clean]
        room = max(1, self.width - 4)
        return [f"  {line}" for message in clean for line in wrap(message, room) or [""]]

    def _paint(self, event: Event, line: Line) -> Strip:
        runs = render.line(event, self._look, is_marked=line.is_marked, is_late=line.is_late)
        if line.column is None:
            strip = Strip([Segment(run.text, self._style(run.style)) for run in runs])
            return strip.adjust_cell_length(self.width, self._style("text"))
        style, match = self._style("cursor"), self._style("match")
        strip = Strip.join([Strip([Segment(run.text, match if run.style == "match" else style)]) for run in runs])
        return self._with_cell(strip.simplify().adjust_cell_length(self.width, style), line.column)

    def _with_cell(self, strip: Strip, column: str) -> Strip:
        slot = next((slot for slot in self._look.layout.slots if slot.column == column), None)
        if slot is None or slot.end > self.width:
            return strip
        before, cell, after = (*strip.divide([slot.x, slot.end, self.width]), Strip([]))[:3]
        style = self._style("cell")
        return Strip([*before, *(Segment(text, style, control) for text, _, control in cell), *after], self.width)

    def _style(self, name: str) -> Style:
        style = self._styles.get(name)
        if style is None:
            style = self._styles[name] = self._find_style(name)
        return style
