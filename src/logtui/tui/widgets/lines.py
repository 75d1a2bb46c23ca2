"""A list of painted lines with a cursor: the base of everything in the dialogs that scrolls.

Only visible lines are painted, there is no scrollbar (it would double the cost of every step over SSH), and a list
that is long to prepare grows between keys. A subclass says how many rows there are and what stands in one; what it
gives is `visible` text already, because widths are reckoned with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.message import Message
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from logtui.core.query.ast import FieldRef
from logtui.core.sanitise import narrow, visible
from logtui.tui.keymap import bindings

Part = tuple[str, str]
"""Visible text and its style: one of `STYLES`."""

MAX_ASKED = 500
"""Characters of a value that still make a query."""

MAX_COPIED = 75_000
"""Characters that still may be copied; what is longer need not be exact, because it is refused."""

STYLES = ("plain", "dim", "label", "key", "string", "number", "word", "good", "bad", "warn", "head")

LED = "-led"
"""Class of a list whose cursor is moved from an input that has the focus: it looks as if the list had it."""

_UNDIMMED = Style(dim=False)

_SEARCHED_ROWS = 100
_GROW_PAUSE = 0.002
"""Seconds between two steps of growing, in which keys are read and frames painted."""


@dataclass(frozen=True, slots=True)
class Picked:
    """What the cursor line stands for: to copy, and to filter on."""

    name: str
    """As a query writes it, `payload.user.id`; visible text."""
    ref: FieldRef | None = None
    """The field that a filter would look at; None where there is none."""
    value: str | None = None
    """The value that a filter would ask for; None for a missing one."""
    problem: str = "nothing to filter on here"
    """Why there is no filter, where `ref` is None."""
    is_json: bool = False
    """Whether what copying gives is JSON."""


class Lines(Widget, can_focus=True):
    """Rows with a cursor.

    | component class | paints |
    |---|---|
    | `lines--<style>` | a part in that style, see `STYLES` |
    | `lines--cursor` | the row of the cursor |
    | `lines--found` | text that is being looked for |
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("lines")
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        *(f"lines--{style}" for style in STYLES),
        "lines--cursor",
        "lines--found",
    }
    DEFAULT_CSS = """
    Lines {
        height: 1fr;
        .lines--dim { text-style: dim; }
        .lines--label { text-style: dim; }
        .lines--key { color: $text-primary; }
        .lines--string { color: $text-success; }
        .lines--number { color: $text-warning; }
        .lines--word { color: $text-warning; }
        .lines--good { color: $text-success; }
        .lines--bad { color: $text-error; }
        .lines--warn { color: $text-warning; text-style: bold; }
        .lines--head { text-style: bold underline; }
        .lines--found { text-style: reverse; }
        .lines--cursor { background: $block-cursor-blurred-background; }
    }
    Lines:focus > .lines--cursor, Lines.-led > .lines--cursor {
        background: $block-cursor-background; color: $block-cursor-foreground; text-style: $block-cursor-text-style;
    }
    """

    @dataclass
    class Moved(Message):
        """The cursor is on another row, or the row means something else now. Handler: `on_lines_moved`."""

        lines: Lines

        @property
        def control(self) -> Lines:
            return self.lines

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.cursor = 0
        self.top = 0
        self.has_cursor = True
        """False where nothing can be done with a line."""
        self.found: re.Pattern[str] | None = None
        """What to mark in the rows."""
        self._growing: Timer | None = None

    # -- what a subclass says

    @property
    def row_count(self) -> int:
        raise NotImplementedError

    def parts(self, row: int, width: int) -> Sequence[Part]:
        """Return what stands in a row, left to right; what is wider than `width` is cut off with a mark."""
        raise NotImplementedError

    def grow(self) -> bool:
        """Prepare some more rows; return whether all are there."""
        return True

    def fit(self, width: int) -> None:
        """Arrange the rows for another width."""

    def picked(self) -> Picked | None:
        """Return what the cursor row stands for, None where it stands for nothing."""
        return None

    def copied(self) -> str:
        """Return the text that the cursor row stands for, as it is: it may be long, and hostile."""
        return ""

    def search(self, pattern: re.Pattern[str], *, is_backwards: bool = False) -> Iterator[bool]:
        """Look for the next row that matches, around the end: yield False at every pause, True when it is gone to."""
        count = self.row_count
        for step in range(1, count + 1):
            row = (self.cursor - step if is_backwards else self.cursor + step) % count
            if pattern.search("".join(text for text, _ in self.parts(row, 4096))):
                self.move_to(row)
                yield True
                return
            if step % _SEARCHED_ROWS == 0:
                yield False

    # -- for the owner

    def restart(self, *, cursor: int = 0) -> None:
        """Show new content from its beginning; call it after the content was replaced."""
        self.cursor, self.top = cursor, 0
        if self.size.width:
            self.fit(self.size.width)
        self._start_growing()
        self.move_to(self.cursor)
        self.refresh()

    def move_to(self, row: int) -> None:
        """Put the cursor on a row, as near as there is one, and show it."""
        old_cursor, old_top = self.cursor, self.top
        self.cursor = max(0, min(row, self.row_count - 1))
        height = max(1, self.size.height)
        lowest = max(0, self.row_count - height)
        self.top = max(min(self.top, self.cursor, lowest), self.cursor - height + 1, 0)
        if self.top != old_top:
            self.refresh()
        elif self.cursor != old_cursor:
            self._refresh_rows(old_cursor, self.cursor)
        self._point()
        self.post_message(self.Moved(self))

    def _point(self) -> None:
        """Put the terminal's cursor on the row: there screen readers and magnifiers look."""
        if self.has_focus:
            self.app.cursor_position = self.region.offset + Offset(0, self.cursor - self.top)

    def on_focus(self) -> None:
        self._point()

    # -- painting

    def render_line(self, y: int) -> Strip:
        row, width = self.top + y, self.size.width
        base = self.rich_style
        if row >= self.row_count:
            return Strip.blank(width, base)
        is_cursor = row == self.cursor and self.has_cursor
        if is_cursor:
            base += self.get_component_rich_style("lines--cursor", partial=True)
        segments = [
            segment
            for text, style in self.parts(row, width)
            # Subclasses give visible text, which stays as it is; one that forgets to must not reach the terminal.
            for segment in self._segments(
                narrow(visible(text)), base if style == "plain" else self._style(style, base, is_cursor)
            )
        ]
        strip = Strip(segments)
        if strip.cell_length > width:
            mark = Segment("…", base)
            return Strip([*strip.crop(0, width - 1), mark]).adjust_cell_length(width, base)
        return strip.adjust_cell_length(width, base)

    def _style(self, name: str, base: Style, is_cursor: bool) -> Style:
        partial = self.get_component_rich_style(f"lines--{name}", partial=True)
        # The cursor's own colours were chosen to be read; a string's green on top of them was not.
        is_strong = is_cursor and (self.has_focus or self.has_class(LED))
        return base + (partial.without_color + _UNDIMMED if is_strong else partial)

    def _segments(self, text: str, style: Style) -> list[Segment]:
        # Visible text stays what it is; a subclass that forgets to give it must not reach the terminal with it.
        text = narrow(visible(text))
        if self.found is None:
            return [Segment(text, style)]
        marked = style + self.get_component_rich_style("lines--found", partial=True)
        segments, at = [], 0
        for match in self.found.finditer(text):
            segments += [Segment(text[at : match.start()], style), Segment(match[0], marked)]
            at = match.end()
        return [*segments, Segment(text[at:], style)]

    def _refresh_rows(self, *rows: int) -> None:
        self.refresh(*(Region(0, row - self.top, self.size.width, 1) for row in rows))

    # -- growing

    def _start_growing(self) -> None:
        if self._growing is not None:
            self._growing.stop()
            self._growing = None
        self._grow()

    def _grow(self) -> None:
        before = self.row_count
        is_done = self.grow()
        # At the end, lines far above it get to know how many items they have.
        if is_done or before - self.top < self.size.height:
            self.refresh()
        if is_done:
            self._growing = None
            self.post_message(self.Moved(self))
        elif self.is_attached:
            self._growing = self.set_timer(_GROW_PAUSE, self._grow)

    # -- events and actions

    def on_mount(self) -> None:
        self._start_growing()

    def on_resize(self, event: events.Resize) -> None:
        self.fit(event.size.width)
        self._start_growing()
        self.move_to(self.cursor)

    def on_click(self, event: events.Click) -> None:
        self.move_to(self.top + event.y)

    def on_mouse_scroll_down(self) -> None:
        self.move_to(self.cursor + 3)

    def on_mouse_scroll_up(self) -> None:
        self.move_to(self.cursor - 3)

    def action_down(self) -> None:
        self.move_to(self.cursor + 1)

    def action_up(self) -> None:
        self.move_to(self.cursor - 1)

    def action_page_down(self) -> None:
        self._scroll(self.size.height)

    def action_page_up(self) -> None:
        self._scroll(-self.size.height)

    def action_half_down(self) -> None:
        self._scroll(max(1, self.size.height // 2))

    def action_half_up(self) -> None:
        self._scroll(-max(1, self.size.height // 2))

    def action_top(self) -> None:
        self.move_to(0)

    def action_bottom(self) -> None:
        self.move_to(self.row_count - 1)

    def _scroll(self, rows: int) -> None:
        """Move view and cursor together, so that the cursor stays on its screen line."""
        old_top = self.top
        self.top = max(0, min(self.top + rows, self.row_count - self.size.height))
        if self.top != old_top:
            self.refresh()
        self.move_to(self.cursor + rows)
