"""How the feed looks: columns, signs, times, marks and matches of the visible events, and the cursor's cell.

Only visible lines are ever painted, and only those that changed are written to the terminal. Separate from `Feed`,
which moves the reader and has events loaded: what is here takes attributes and tells nobody anything.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import ClassVar

from rich.style import Style
from textual.geometry import Offset, Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from logtui.core.columns import DEFAULT_FEED
from logtui.core.event import Cursor
from logtui.tui import render
from logtui.tui.feed_window import FeedWindow
from logtui.tui.layout import fit
from logtui.tui.moments import Zone
from logtui.tui.widgets.feed_lines import STYLE_NAMES, Line, LinePainter


class FeedView(Widget):
    """Visible events, one a line."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"feed--{name}" for name in STYLE_NAMES}
    """One for each name in `render.STYLES`, and:

    | class | is |
    |---|---|
    | `feed--cursor` | the row of the event that is being read |
    | `feed--cell` | the cell in it that is being read |
    | `feed--message` | the explanation below the last row |
    """

    DEFAULT_CSS = """
    FeedView {
        height: 1fr;
        & .feed--muted { text-style: dim; }
        & .feed--success { color: $text-success; }
        & .feed--warning { color: $text-warning; text-style: bold; }
        & .feed--error { color: $text-error; text-style: bold; }
        & .feed--mark { color: $text-accent; text-style: bold; }
        & .feed--late { color: $text-warning; text-style: bold; }
        & .feed--match { background: $warning; color: ansi_black; text-style: bold underline; }
        & .feed--people { color: $text-primary; }
        & .feed--organizations { color: $text-secondary; }
        & .feed--billing { color: $text-success; }
        & .feed--protection { color: $text-error; }
        & .feed--messages { color: $text-warning; }
        & .feed--cursor { text-style: bold; }
        & .feed--cell { text-style: bold underline; }
        & .feed--message { text-style: italic; }
        &:focus .feed--cursor { text-style: reverse; }
    }
    """

    columns: reactive[tuple[str, ...]] = reactive(DEFAULT_FEED, init=False)
    """The columns, from left to right; those for which there is no room are hidden."""
    widths: reactive[Mapping[str, int]] = reactive[Mapping[str, int]](dict, init=False)
    """Cells of the columns that the person sized."""
    zone: reactive[str] = reactive("utc", init=False)
    """How times are shown: utc, local or relative."""
    now: reactive[int] = reactive(0, init=False, repaint=False)
    """What relative times are relative to, microseconds; only they are painted again when it changes."""
    marks: reactive[frozenset[Cursor]] = reactive[frozenset[Cursor]](frozenset, init=False, repaint=False)
    """The marked events."""
    find_text: reactive[str] = reactive("", init=False)
    """Text to highlight, without regard to case."""
    message: reactive[tuple[str, ...]] = reactive[tuple[str, ...]](tuple, init=False)
    """Lines shown below the last row: why there are no events, or how far the search has come."""
    is_ascii: reactive[bool] = reactive(False, init=False)
    """Whether the terminal shows ASCII only."""
    cursor_column: reactive[str] = reactive("event_time", init=False, repaint=False)
    """The column of the cell cursor."""

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
        self._window = FeedWindow()
        self._painter = LinePainter(self._style_named)
        self._lines: list[Line] = []
        self._texts: list[str] = []

    @property
    def cursor_offset(self) -> Offset:
        """Where on the screen the cursor's cell is, for the terminal's own cursor."""
        slots = self._painter.look.layout.slots
        x = next((slot.x for slot in slots if slot.column == self.cursor_column), 0)
        return self.content_region.offset + Offset(x, self._window.line)

    def render_line(self, y: int) -> Strip:
        """Paint one line of the screen."""
        if y < len(self._lines):
            return self._painter.event(self._window[self._window.top + y], self._lines[y])
        below = y - len(self._lines)
        return self._painter.text(self._texts[below] if below < len(self._texts) else "")

    def render_lines(self, crop: Region) -> list[Strip]:
        """Paint lines, without those that were on the screen before: at other places, when the feed has moved."""
        width = self.size.width
        if crop.column_span != (0, width):
            return super().render_lines(crop)
        lines, painted = self._lines[crop.y : crop.bottom], self._painter.painted
        known = {y: strip for y, line in enumerate(lines, crop.y) if (strip := painted.get(line)) is not None}
        strips: list[Strip] = []
        for is_known, run in groupby(crop.line_range, known.__contains__):
            ys = [*run]
            strips += [known[y] for y in ys] if is_known else super().render_lines(Region(0, ys[0], width, len(ys)))
        for line, strip in zip(lines, strips, strict=False):
            painted[line] = strip
        return strips

    def _repaint(self) -> None:
        """Paint the lines that show something else now."""
        before: list[Line | None] = [*self._lines]
        self._lines = [*self._visible_lines()]
        if len(before) != len(self._lines):
            self._refresh_lines(range(self._window.height))
            return
        self._refresh_lines(y for y, line in enumerate(self._lines) if line != before[y])

    def _visible_lines(self) -> Iterable[Line]:
        window = self._window
        for row, event in enumerate(window.visible, window.top):
            cursor = event.cursor
            yield Line(
                cursor,
                is_marked=cursor in self.marks,
                is_late=window.is_late(cursor),
                column=self.cursor_column if row == window.cursor else None,
            )

    def _refresh_lines(self, lines: Iterable[int]) -> None:
        changed = [*lines]
        if len(changed) > self._window.height // 2:
            self.refresh()
        elif changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    def _relook(self) -> None:
        """Paint everything anew: the columns, the width or the way of showing values has changed."""
        width = self.size.width
        zone = Zone(self.zone, self.now)
        look = render.Look(fit(self.columns, self.widths, width), zone, self.is_ascii, self.find_text)
        self._painter.use(look, width)
        self._texts = self._painter.wrapped(self.message)
        shown = look.layout.columns
        if shown and self.cursor_column not in shown:
            self.cursor_column = shown[0]
        self._lines = [*self._visible_lines()]
        self.refresh()

    def _style_named(self, name: str) -> Style:
        style = self.get_component_rich_style(f"feed--{name}", partial=True)
        base = self.rich_style
        is_default = all(color is not None and color.is_default for color in (base.color, base.bgcolor))
        # What the terminal does by itself needs no bytes; but Textual cannot dim what has no colour.
        return style if is_default and not style.dim else base + style

    def notify_style_update(self) -> None:
        """Forget painted lines when the theme changes."""
        super().notify_style_update()
        self._painter.forget_styles()

    # -- what changes the looks

    def on_resize(self) -> None:
        """Fit lines and columns into the new size."""
        self.fit_size()

    def fit_size(self) -> None:
        """Fit lines and columns into the present size."""
        self._window.resize(self.size.height)
        self._relook()

    watch_columns = watch_widths = watch_zone = watch_find_text = watch_message = watch_is_ascii = _relook

    def watch_marks(self) -> None:
        """Show which events are marked now."""
        self._repaint()

    def watch_cursor_column(self) -> None:
        """Show the cell cursor in another cell."""
        self._repaint()

    def watch_now(self, now: int) -> None:
        """Paint the ages that have changed."""
        if self.zone != "relative":
            return
        old = self._painter.look
        look = dataclasses.replace(old, zone=Zone(self.zone, now))
        changed = [
            y for y, event in enumerate(self._window.visible) if render.times(event, old) != render.times(event, look)
        ]
        if changed:
            self._painter.use(look, self.size.width)
            self._refresh_lines(changed)
