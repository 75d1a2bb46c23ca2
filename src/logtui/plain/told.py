"""What has been told of the present search: events by their numbers, and where reading goes on. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.event import Cursor, Event

_MOST = 10_000
"""Events that are remembered by number."""


class Told:
    """Numbers count from the newest event of the search, which is 1; they stay until the next search."""

    def __init__(self) -> None:
        self._events: dict[int, Event] = {}
        self.first = 1
        """Number of the first event that was told last."""
        self.last = 0
        """Number of the last one; 0 before any."""
        self.opened = 0
        """Number of the event that was read whole last; 0 for none."""

    def tell(self, events: Sequence[Event], first: int, *, is_more: bool) -> list[tuple[int, Event]]:
        """Take events that are told now, newest first, and return them with their numbers.

        `is_more`: they continue those that were told before.
        """
        if not events:
            return []
        self.first = self.first if is_more else first
        self.last = first + len(events) - 1
        self.opened = 0
        numbered = list(enumerate(events, start=first))
        if len(self._events) + len(events) > _MOST:
            self._events.clear()
        self._events.update(numbered)
        return numbered

    def __getitem__(self, number: int) -> Event | None:
        return self._events.get(number)

    @property
    def older(self) -> Cursor | None:
        """Where older events come after."""
        event = self._events.get(self.last)
        return None if event is None else event.cursor

    @property
    def newer(self) -> Cursor | None:
        """Where newer events come before."""
        event = self._events.get(self.first)
        return None if event is None else event.cursor
