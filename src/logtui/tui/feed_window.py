"""The feed's window: the contiguous part of the matching events that is in memory, and the reader's place in it.

Rows count from 0 at the newest event that is loaded. What is loaded has no gaps: between the first and the last row
every matching event is a row. Loading more, evicting at the far end and live events change which rows there are, but
never the screen line of the event that is being read. Only at the very top, while following, does the feed flow.

Separate from the widget because these promises are about values, and are tested as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from logtui.core.event import NOWHERE, Cursor, Event
from logtui.core.page import Fresh
from logtui.tui.feed_rows import FeedRows

CAPACITY = 8192
"""Rows kept in memory; beyond it the far end is evicted."""

REMEMBERED = 4096
"""Live events outside the loaded rows that are remembered: a page on its way may have been read before they came."""

_Value = TypeVar("_Value")


class FeedWindow(FeedRows):
    """Loaded rows, what lies beyond their ends, and what came live."""

    def __init__(self, height: int = 1, capacity: int = CAPACITY) -> None:
        super().__init__(height)
        self._capacity = max(capacity, 3 * self.height)
        self._outside: dict[Cursor, Event] = {}
        self._late: dict[Cursor, None] = {}
        self._newest_known: Cursor | None = None
        self.is_anchored = True
        """False while all rows came live, before the first page of a search: what lies between is not known yet."""
        self.has_older = False
        """More events may follow the last row."""
        self.has_newer = False
        """More events precede the first row."""
        self.rows_above: int | None = 0
        """How many events precede the first row, the waiting ones included; None when that is not known."""
        self.waiting = 0
        """How many events above the first row came live and are not loaded."""

    @property
    def position(self) -> int | None:
        """How many matching events are newer than the one that is being read; None when that is not known."""
        return None if self.rows_above is None else self.rows_above + self.cursor

    @property
    def is_at_newest(self) -> bool:
        """The reader is at the very top: there the feed flows while following."""
        return self.cursor == 0 and not self.has_newer

    def is_late(self, cursor: Cursor) -> bool:
        """Tell whether an event came live, after newer ones were known."""
        return cursor in self._late

    # -- pages

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

        An event that was being read already keeps its screen line; another one is put in the middle. Live events that
        came after the events were read from the store have to be added again.
        """
        line = self.line if self.event is not None and self.event.cursor == cursor else self.height // 2
        self._rows = list(events)
        self._outside.clear()
        self._late.clear()
        self._newest_known = self.newest
        self.is_anchored = True
        self.has_older, self.has_newer, self.waiting = has_older, has_newer, waiting
        self.rows_above = rows_above if has_newer else 0
        self.read_at(cursor, line)
        self._evict(older_first=True)

    def extend_older(self, events: Iterable[Event], has_older: bool, *, after: Cursor | None = None) -> bool:
        """Append the events (newest first) that follow the last row.

        Args:
            after: what the page was asked to come after. The rows may have changed meanwhile.

        Returns:
            False if the page no longer continues the rows; it is ignored then.
        """
        if after is not None and after != self.oldest:
            return False
        page = list(events)
        if page or not has_older:
            low = page[-1].cursor if has_older else None
            if self.is_anchored:
                self._append(page, low)
            else:
                self._anchor(page, low)
        self.has_older = has_older
        self._evict(older_first=False)
        return True

    def extend_newer(self, events: Iterable[Event], has_newer: bool, *, after: Cursor | None = None) -> bool:
        """Put the events (newest first) that directly precede the first row there; see `extend_older`."""
        first = self.newest
        if after is not None and after != first:
            return False
        page = [event for event in events if first is None or event.cursor > first]
        if page or not has_newer:
            page = _merged(page, self._take_remembered(first, page[0].cursor if has_newer else None))
        self._prepend(page)
        self.has_newer = has_newer
        self.rows_above = self._rows_left_above(len(page))
        if self.rows_above is not None:
            self.waiting = min(self.waiting, self.rows_above)
        self._evict(older_first=True)
        return True

    # -- live events

    def add_fresh(self, fresh: Fresh, follow: bool) -> bool:
        """Take in what came live.

        At the very top, while following, new events become rows. Elsewhere those above the first row only wait, and
        those that belong between rows are put there. Those below the last row come with the pages that are still to be
        loaded. Events that are rows already change nothing.

        Returns:
            False if the rows can no longer be trusted: they have to be loaded again around the cursor.
        """
        flows = follow and self.is_at_newest
        is_cut = fresh.count > len(fresh.events)
        if fresh.is_reset or (is_cut and not (flows and fresh.events)):
            return False
        if any(map(self._is_twin, fresh.events)):
            return False
        if not self._rows and self.has_older and flows:
            self.is_anchored = False
        events = _merged((), fresh.events)
        first = self.newest
        above = [event for event in events if first is None or event.cursor > first]
        came = [event for event in events[len(above) :] if self._put(event)]
        came += self._flow(above) if flows else self._wait(above)
        self._note_late(came)
        if is_cut:
            # What was left out is older than what was given, so rows below may lack some of it.
            del self._rows[self._row_for(events[-1].cursor) + 1 :]
            self.has_older = True
        self._evict(older_first=True)
        return True

    def _flow(self, above: list[Event]) -> list[Event]:
        self._rows[:0] = above
        return above

    def _wait(self, above: list[Event]) -> list[Event]:
        new = [event for event in above if event.cursor not in self._outside]
        for event in new:
            _remember(self._outside, event.cursor, event, REMEMBERED)
        if new:
            self.has_newer = True
            self.waiting += len(new)
            if self.rows_above is not None:
                self.rows_above += len(new)
        return new

    def _is_twin(self, event: Event) -> bool:
        """Tell whether another row of its time and id is known, from which nothing tells it yet."""
        cursor = event.cursor
        row = self.row_of(cursor)
        known = self._outside.get(cursor) if row is None else self._rows[row]
        return known is not None and NOWHERE != known.place != event.place != NOWHERE

    def _put(self, event: Event) -> bool:
        """Insert one event not newer than the first row where it belongs; tell whether it was news."""
        row = self._row_for(event.cursor)
        if row < len(self._rows) and self._rows[row].cursor == event.cursor:
            return False
        if not event.is_tied and row > 0 and _name(self._rows[row - 1]) == _name(event):
            # One of several rows that have been told apart since.
            return False
        if row == len(self._rows) and self.has_older:
            is_news = event.cursor not in self._outside
            _remember(self._outside, event.cursor, event, REMEMBERED)
            return is_news
        self._insert(row, event)
        return True

    def _note_late(self, came: list[Event]) -> None:
        newest = self._newest_known
        for event in came:
            if newest is not None and event.cursor < newest:
                _remember(self._late, event.cursor, None, self._capacity)
        cursors = [event.cursor for event in came]
        self._newest_known = max(cursors if newest is None else [newest, *cursors], default=None)

    def resize(self, height: int) -> None:
        """Change the number of visible rows."""
        super().resize(height)
        self._capacity = max(self._capacity, 3 * self.height)

    # -- inside

    def _rows_left_above(self, loaded: int) -> int | None:
        if not self.has_newer:
            return 0
        return None if self.rows_above is None else max(1, self.rows_above - loaded)

    def _append(self, page: list[Event], low: Cursor | None) -> None:
        last = self.oldest
        page = [event for event in page if last is None or event.cursor < last]
        # Without rows, what waits above stays above.
        high = page[0].cursor if last is None and self.has_newer and page else last
        self._rows += _merged(page, self._take_remembered(low, high))

    def _anchor(self, page: list[Event], low: Cursor | None) -> None:
        """Join rows that came live before the first page with that page."""
        reading, line, flows = self.event, self.line, self.is_at_newest
        high = self.newest if self.has_newer else None
        events = _merged(page, [*self._rows, *self._outside.values()])
        self._rows = [
            event for event in events if (low is None or event.cursor >= low) and (high is None or event.cursor <= high)
        ]
        loaded = {event.cursor for event in self._rows}
        self._outside = {event.cursor: event for event in events if event.cursor not in loaded}
        self.is_anchored = True
        self.read_at(None if flows or reading is None else reading.cursor, line)

    def _take_remembered(self, low: Cursor | None, high: Cursor | None) -> list[Event]:
        """Take out the remembered events between two others: the page read from there may lack them."""
        between = [at for at in self._outside if (low is None or at > low) and (high is None or at < high)]
        return [self._outside.pop(at) for at in between]

    def _evict(self, *, older_first: bool) -> None:
        """Drop rows beyond the capacity, none that is visible: first at the end that is far, then at the other."""
        for is_older_end in (older_first, not older_first):
            excess = len(self._rows) - self._capacity
            spare = len(self._rows) - self.top - self.height if is_older_end else self.top
            count = min(excess, spare)
            if count <= 0:
                continue
            if is_older_end:
                del self._rows[-count:]
                self.has_older = True
            else:
                self._drop_first(count)
                self.has_newer = True
                if self.rows_above is not None:
                    self.rows_above += count


def _merged(events: Iterable[Event], others: Sequence[Event]) -> list[Event]:
    """Return the distinct events of both, newest first; `events` are in that order."""
    if not others:
        return list(events)
    distinct = {event.cursor: event for event in (*events, *others)}
    tied = {_name(event) for event in distinct.values() if event.is_tied}
    return [
        distinct[cursor]
        for cursor in sorted(distinct, reverse=True)
        if cursor.place != NOWHERE or (cursor.event_time, cursor.event_id) not in tied
    ]


def _name(event: Event) -> tuple[int, str]:
    return event.event_time, event.event_id


def _remember(memory: dict[Cursor, _Value], cursor: Cursor, value: _Value, limit: int) -> None:
    """Keep a value for an event; beyond `limit` what was remembered first is forgotten."""
    memory[cursor] = value
    if len(memory) > limit:
        del memory[next(iter(memory))]
