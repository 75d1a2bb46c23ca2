"""The feed: matching events newest first, the reader among them, and what is loaded around him.

What may happen to the rows decides `FeedWindow`; how they look, `FeedView`. Here keys become moves, and coming near an
end becomes a request for more.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from textual import events
from textual.binding import BindingType
from textual.reactive import reactive

from logtui.core.event import Cursor, Event
from logtui.core.page import Fresh
from logtui.tui.keymap import bindings
from logtui.tui.widgets import feed_messages
from logtui.tui.widgets.feed_view import FeedView

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


class Feed(FeedView, can_focus=True):
    """A list of events with a cursor row and a cell cursor.

    The parent assigns events and attributes, and answers the messages that ask for more events. To show the reader's
    place in the same frame as his move, the parent watches `place`; a message would cost a second frame.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("feed")

    place: reactive[Place] = reactive(Place(), init=False, repaint=False)
    """Where the reader is; only the feed assigns it."""
    waiting: reactive[int] = reactive(0, init=False, repaint=False)
    """How many live events above the first row are not shown; only the feed assigns it."""

    Moved: TypeAlias = feed_messages.Moved
    Opened: TypeAlias = feed_messages.Opened
    NeedsOlder: TypeAlias = feed_messages.NeedsOlder
    NeedsNewer: TypeAlias = feed_messages.NeedsNewer
    NeedsReload: TypeAlias = feed_messages.NeedsReload
    WantsNewest: TypeAlias = feed_messages.WantsNewest
    WantsOldest: TypeAlias = feed_messages.WantsOldest
    WaitingChanged: TypeAlias = feed_messages.WaitingChanged

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
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
            event = None if self._window.is_at_newest else self._window.event
            self.post_message(self.NeedsReload(self, event.cursor if event is not None else None))
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
    def loaded(self) -> tuple[Event, ...]:
        """The events that are loaded, newest first."""
        return tuple(self._window[row] for row in range(len(self._window)))

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

    def fit_size(self) -> None:
        """Fit lines and columns into the new size, and load what a larger screen has room for."""
        super().fit_size()
        self._update()

    def watch_cursor_column(self) -> None:
        """Show and tell that another cell is being read."""
        super().watch_cursor_column()
        self.place = dataclasses.replace(self.place, column=self.cursor_column)
