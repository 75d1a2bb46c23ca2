"""Rows of events, newest first, and the reader among them: which row is read, which rows are on the screen."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from logtui.core.event import Cursor, Event


class FeedRows:
    """Distinct events in order. The row of the cursor is always one of the `height` visible ones."""

    def __init__(self, height: int) -> None:
        self._rows: list[Event] = []
        self.height = max(1, height)
        """How many rows the screen has room for."""
        self.cursor = 0
        """Row of the event that is being read."""
        self.top = 0
        """First visible row."""

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, row: int) -> Event:
        return self._rows[row]

    @property
    def event(self) -> Event | None:
        """The event that is being read."""
        return self._rows[self.cursor] if self._rows else None

    @property
    def line(self) -> int:
        """The screen line of the event that is being read."""
        return self.cursor - self.top

    @property
    def visible(self) -> Sequence[Event]:
        """The events on the screen, from its first line down."""
        return self._rows[self.top : self.top + self.height]

    @property
    def newest(self) -> Cursor | None:
        """The first row."""
        return self._rows[0].cursor if self._rows else None

    @property
    def oldest(self) -> Cursor | None:
        """The last row."""
        return self._rows[-1].cursor if self._rows else None

    def row_of(self, cursor: Cursor) -> int | None:
        """Return the row of an event, None when it is not loaded."""
        row = self._row_for(cursor)
        return row if row < len(self._rows) and self._rows[row].cursor == cursor else None

    def find(self, wanted: Callable[[Event], bool], step: int) -> int | None:
        """Return the nearest row below (`step` 1) or above (-1) the cursor whose event is wanted."""
        rows = range(self.cursor + step, len(self._rows) if step > 0 else -1, step)
        return next((row for row in rows if wanted(self._rows[row])), None)

    # -- moving

    def move(self, delta: int) -> int:
        """Move the cursor by rows, scrolling no more than needed; return what is left of `delta` at the end."""
        row = self.cursor + delta
        self.cursor = self._clamp(row)
        self.top = min(max(self.top, self.cursor - self.height + 1), self.cursor)
        return row - self.cursor

    def scroll(self, delta: int) -> int:
        """Move rows and cursor together, so that the cursor keeps its line; return what is left of `delta`."""
        lowest = max(self.top, len(self._rows) - self.height, 0)
        self.top = min(max(0, self.top + delta), lowest)
        return self.move(delta)

    def resize(self, height: int) -> None:
        """Change the number of visible rows."""
        self.height = max(1, height)
        self.top = max(0, min(self.top, len(self._rows) - self.height))
        self.move(0)

    def read_at(self, cursor: Cursor | None, line: int) -> None:
        """Put the reader at an event, or the one nearest below it, on a screen line; None: at the first row."""
        self.cursor = 0 if cursor is None else self._clamp(self._row_for(cursor))
        self.top = max(0, min(self.cursor - line, len(self._rows) - self.height))

    # -- changing

    def _prepend(self, events: Sequence[Event]) -> None:
        """Put events before the first row; the event that is being read keeps its line."""
        if self._rows:
            self.cursor += len(events)
            self.top += len(events)
        self._rows[:0] = events

    def _insert(self, row: int, event: Event) -> None:
        """Put an event between rows; the event that is being read keeps its line, even if that leaves lines blank."""
        self._rows.insert(row, event)
        if row <= self.cursor:
            self.cursor += 1
            self.top += 1

    def _drop_first(self, count: int) -> None:
        del self._rows[:count]
        self.cursor -= count
        self.top -= count

    def _row_for(self, cursor: Cursor) -> int:
        """Return the row that an event has, or would get."""
        return bisect_left(self._rows, True, key=lambda event: event.cursor <= cursor)

    def _clamp(self, row: int) -> int:
        return max(0, min(row, len(self._rows) - 1))
