"""The feed: matching events newest first, painted line by line, and the cursor in it.

Only visible lines are ever painted, and only those that changed are written to the terminal. What is loaded and where
the reader is decides `FeedWindow`; how an event looks decides `render`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Offset, Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from logtui.core.columns import DEFAULT_FEED
from logtui.core.event import Cursor, Event
from logtui.core.page import Fresh
from logtui.tui import render
from logtui.tui.feed_window import FeedWindow
from logtui.tui.keymap import bindings
from logtui.tui.layout import fit
from logtui.tui.widgets import feed_messages
from logtui.tui.widgets.feed_lines import STYLE_NAMES, Line, LinePainter

AHEAD = 2
"""Pages of the screen's height that are kept loaded beyond what is visible."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader is."""

    event: Event | None = None
    position: int | None = None
    """How many matching events are newer; None when that is not known."""
    column: str = ""
    """The column of the cell that is being read."""


class Feed(Widget, can_focus=True):
    """A list of events with a cursor row and a cell cursor.

    The parent assigns events and attributes, and answers the messages that ask for more of them. To show the reader's
    place in the same frame as the move, watch `place`; `Moved` comes a frame later.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"feed--{name}" for name in STYLE_NAMES}
    """Besides one for each name in `render.STYLES`:

    | class | is |
    |---|---|
    | `feed--cursor` | the row of the event that is being read |
    | `feed--cell` | the cell in it that is being read |
    | `feed--message` | the explanation below the last row |
    """

    DEFAULT_CSS = """
    Feed {
        height: 1fr;
        & .feed--muted { color: $text-muted; }
        & .feed--success { color: $text-success; }
        & .feed--warning { color: $text-warning; text-style: bold; }
        & .feed--error { color: $text-error; text-style: bold; }
        & .feed--mark { color: $text-accent; text-style: bold; }
        & .feed--late { color: $text-warning; }
        & .feed--match { text-style: reverse; }
        & .feed--people { color: $text-primary; }
        & .feed--access { color: $foreground; }
        & .feed--organizations { color: $text-secondary; }
        & .feed--billing { color: $text-success; }
        & .feed--protection { color: $text-error; }
        & .feed--messages { color: $text-warning; }
        & .feed--cursor { background: $block-cursor-background; color: $block-cursor-foreground; }
        & .feed--cell { background: $block-cursor-background; color: $block-cursor-foreground;
                        text-style: bold underline; }
        & .feed--message { color: $text-muted; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("feed")

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
    place: reactive[Place] = reactive(Place(), init=False, repaint=False)
    """Where the reader is; only the feed assigns it."""
    waiting: reactive[int] = reactive(0, init=False, repaint=False)
    """How many live events above the first row are not shown; only the feed assigns it."""

    Moved = feed_messages.Moved
    Opened = feed_messages.Opened
    NeedsOlder = feed_messages.NeedsOlder
    NeedsNewer = feed_messages.NeedsNewer
    NeedsReload = feed_messages.NeedsReload
    WantsNewest = feed_messages.WantsNewest
    WantsOldest = feed_messages.WantsOldest
    WaitingChanged = feed_messages.WaitingChanged

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
        self._window = FeedWindow()
        self._painter = LinePainter(self._style_named)
        self._lines: list[Line] = []
        self._texts: list[str] = []
        self._asked_older: Cursor | None = None
        self._asked_newer: Cursor | None = None
        self._owed: tuple[Callable[[int], int], int] | None = None

    # -- events, from the parent

    def replace(
        self,
        events: Iterable[Event],
        *,
        has_older: bool,
        has_newer: bool = False,
        cursor: Cursor | None = None,
        rows_above: int | None = None,
        waiting: int = 0,
    ) -> None:
        """Show other events (newest first), with the reader at `cursor` or at the event nearest below it.

        An event that was being read already keeps its screen line. Before the first page of a search is known:
        `replace((), has_older=True)`. Live events that came since the search began have to be given to `add_fresh`
        again; those that are rows already are ignored.

        Args:
            has_newer: there may be events above the first one; `rows_above` tells how many, if that is known, and
                `waiting` how many of them came live.
        """
        self._window.replace(
            events, has_older=has_older, has_newer=has_newer, cursor=cursor, rows_above=rows_above, waiting=waiting
        )
        self._asked_older = self._asked_newer = self._owed = None
        self._update()

    def extend_older(self, events: Iterable[Event], has_older: bool, *, after: Cursor | None = None) -> None:
        """Append the events (newest first) that follow the last row.

        Args:
            after: what they were asked to come after: of `NeedsOlder`, or the last event of the part before. If rows
                have changed so that these events no longer continue them, they are ignored and asked for again.

        No events and `has_older` tell that loading failed, or goes on: they are asked for again at the next move.
        """
        page = tuple(events)
        self._asked_older = None
        is_continuing = self._window.extend_older(page, has_older, after=after)
        self._extended(1, is_news=not is_continuing or bool(page) or not has_older, may_go_on=is_continuing)

    def extend_newer(self, events: Iterable[Event], has_newer: bool, *, after: Cursor | None = None) -> None:
        """Put the events (newest first) that directly precede the first row there; see `extend_older`."""
        page = tuple(events)
        self._asked_newer = None
        is_continuing = self._window.extend_newer(page, has_newer, after=after)
        self._extended(-1, is_news=not is_continuing or bool(page) or not has_newer, may_go_on=is_continuing)

    def add_fresh(self, fresh: Fresh, follow: bool) -> None:
        """Take in what came live: at the very top it flows while following, elsewhere it waits above.

        May post `NeedsReload`, if not all of it was given or the store was reset.
        """
        if not self._window.add_fresh(fresh, follow):
            event = self._window.event
            at_top = event is None or (self._window.cursor == 0 and not self._window.has_newer)
            self.post_message(self.NeedsReload(self, None if at_top or event is None else event.cursor))
        self._update()

    def know_rows_above(self, count: int) -> None:
        """Say how many matching events precede the first row, when that becomes known."""
        self._window.rows_above = count
        self._update()

    # -- questions, from the parent

    @property
    def cursor_event(self) -> Event | None:
        """The event that is being read."""
        return self._window.event

    @property
    def position(self) -> int | None:
        """How many matching events are newer than it; None when that is not known."""
        return self._window.position

    @property
    def row_count(self) -> int:
        """How many events are loaded."""
        return len(self._window)

    @property
    def has_newer(self) -> bool:
        """Events above the first row are not loaded: the feed does not flow."""
        return self._window.has_newer

    @property
    def has_older(self) -> bool:
        """Events below the last row may not be loaded."""
        return self._window.has_older

    @property
    def cursor_offset(self) -> Offset:
        """Where on the screen the cursor's cell is, for the terminal's own cursor."""
        slots = self._painter.look.layout.slots
        x = next((slot.x for slot in slots if slot.column == self.cursor_column), 0)
        return self.content_region.offset + Offset(x, self._window.cursor - self._window.top)

    # -- moving

    def select(self, cursor: Cursor) -> bool:
        """Move to an event; return False if it is not loaded."""
        row = self._window.row_of(cursor)
        if row is not None:
            self._go(self._window.move, row - self._window.cursor)
        return row is not None

    def seek(self, wanted: Callable[[Event], bool], step: int) -> bool:
        """Move to the nearest wanted event below (`step` 1) or above (-1); return False if none is loaded."""
        row = self._window.find(wanted, step)
        if row is not None:
            self._go(self._window.move, row - self._window.cursor)
        return row is not None

    def action_down(self) -> None:
        self._go(self._window.move, 1)

    def action_up(self) -> None:
        self._go(self._window.move, -1)

    def action_page_down(self) -> None:
        self._go(self._window.scroll, self._window.height)

    def action_page_up(self) -> None:
        self._go(self._window.scroll, -self._window.height)

    def action_half_down(self) -> None:
        self._go(self._window.scroll, max(1, self._window.height // 2))

    def action_half_up(self) -> None:
        self._go(self._window.scroll, -max(1, self._window.height // 2))

    def action_newest(self) -> None:
        if self._window.has_newer:
            self.post_message(self.WantsNewest(self))
        else:
            self._go(self._window.move, -self._window.cursor)

    def action_oldest(self) -> None:
        if self._window.has_older:
            self.post_message(self.WantsOldest(self))
        else:
            self._go(self._window.move, len(self._window) - 1 - self._window.cursor)

    def action_left(self) -> None:
        self._step_column(-1)

    def action_right(self) -> None:
        self._step_column(1)

    def action_open(self) -> None:
        if self._window.event is not None:
            self.post_message(self.Opened(self, self._window.event))

    def on_click(self, event: events.Click) -> None:
        """With a mouse: one click moves there, two open."""
        self._go(self._window.move, self._window.top + event.y - self._window.cursor)
        if event.chain == 2:
            self.action_open()

    def on_mouse_scroll_down(self) -> None:
        self._go(self._window.scroll, 3)

    def on_mouse_scroll_up(self) -> None:
        self._go(self._window.scroll, -3)

    def _go(self, move: Callable[[int], int], delta: int) -> None:
        """Move, and again when the rows that are missing for the rest have come."""
        rest = move(delta)
        self._owed = (move, rest) if rest else None
        self._update()
        if rest:
            self._ask(rest)

    def _step_column(self, step: int) -> None:
        columns = self._painter.look.layout.columns
        if columns:
            at = columns.index(self.cursor_column) if self.cursor_column in columns else 0
            self.cursor_column = columns[max(0, min(at + step, len(columns) - 1))]

    # -- asking for more

    def _extended(self, direction: int, *, is_news: bool, may_go_on: bool) -> None:
        owed, self._owed = self._owed, None
        if is_news and may_go_on and owed is not None and owed[1] * direction > 0:
            self._go(*owed)
        else:
            self._update(may_ask=is_news)

    def _prefetch(self) -> None:
        window, ahead = self._window, AHEAD * self._window.height
        if window.top + window.height + ahead > len(window):
            self._ask(1)
        # What waits is left alone until the reader goes there.
        if window.top < ahead and len(window) and window.rows_above != window.waiting:
            self._ask(-1)

    def _ask(self, direction: int) -> None:
        """Ask for rows beyond one end of the window, once for each end."""
        window = self._window
        if direction > 0 and window.has_older and window.is_anchored:
            oldest = window.oldest
            if oldest is not None and oldest != self._asked_older:
                self._asked_older = oldest
                self.post_message(self.NeedsOlder(self, oldest))
        elif direction < 0 and window.has_newer:
            newest = window.newest
            if newest is None:
                self.post_message(self.WantsNewest(self))
            elif newest != self._asked_newer:
                self._asked_newer = newest
                self.post_message(self.NeedsNewer(self, newest))

    # -- painting

    def render_line(self, y: int) -> Strip:
        """Paint one line of the screen."""
        if y < len(self._lines):
            return self._painter.event(self._window[self._window.top + y], self._lines[y])
        below = y - len(self._lines)
        return self._painter.text(self._texts[below] if below < len(self._texts) else "")

    def _update(self, *, may_ask: bool = True) -> None:
        """Show and tell what has changed."""
        self._repaint()
        before, event, position = self.place, self._window.event, self._window.position
        self.place = Place(event, position, self.cursor_column)
        if (event, position) != (before.event, before.position):
            self.post_message(self.Moved(self, event, position))
        if self.waiting != self._window.waiting:
            self.waiting = self._window.waiting
            self.post_message(self.WaitingChanged(self, self.waiting))
        if may_ask:
            self._prefetch()

    def _repaint(self) -> None:
        """Paint the lines that show something else now."""
        before, self._lines = self._lines, [*self._visible_lines()]
        if len(before) != len(self._lines):
            self.refresh()
            return
        changed = [y for y, line in enumerate(self._lines) if line != before[y]]
        self._refresh_lines(changed)

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

    def _refresh_lines(self, lines: list[int]) -> None:
        if len(lines) > self._window.height // 2:
            self.refresh()
        elif lines:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in lines))

    def _relook(self) -> None:
        """Paint everything anew: the columns, the width or the way of showing values has changed."""
        width = self.size.width
        look = render.Look(fit(self.columns, self.widths, width), self.zone, self.now, self.is_ascii, self.find_text)
        self._painter.use(look, width)
        self._texts = self._painter.wrapped(self.message)
        shown = look.layout.columns
        if shown and self.cursor_column not in shown:
            self.cursor_column = shown[0]
        self._lines = [*self._visible_lines()]
        self.refresh()

    def _style_named(self, name: str) -> Style:
        style = self.rich_style
        if name == "cell":
            style += self._style_named("cursor")
        return style + self.get_component_rich_style(f"feed--{name}", partial=True)

    def notify_style_update(self) -> None:
        """Forget painted lines when the theme changes."""
        super().notify_style_update()
        self._painter.forget_styles()

    # -- what changes the looks

    def on_resize(self) -> None:
        """Fit lines and columns into the new size."""
        self._window.resize(self.size.height)
        self._relook()
        self._update()

    watch_columns = watch_widths = watch_zone = watch_find_text = watch_message = watch_is_ascii = _relook

    def watch_cursor_column(self) -> None:
        """Show the cell cursor in another cell."""
        self._update(may_ask=False)

    def watch_marks(self) -> None:
        """Show which events are marked now."""
        self._repaint()

    def watch_now(self, now: int) -> None:
        """Paint the ages that have changed."""
        old = self._painter.look
        if self.zone != "relative":
            return
        look = replace(old, now=now)
        changed = [
            y for y, event in enumerate(self._window.visible) if render.times(event, old) != render.times(event, look)
        ]
        if changed:
            self._painter.use(look, self.size.width)
            self._refresh_lines(changed)
