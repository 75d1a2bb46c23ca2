"""A position in a walk through time: what is left, how far the next window reaches, which days are done."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from logtui.core.clock import DAY
from logtui.core.event import Cursor
from logtui.core.page import Order, Progress, TimeRange
from logtui.storage.facts import Slice
from logtui.storage.inventory import Candidate
from logtui.storage.views import View
from logtui.storage.windows import Reach, reach

NOTHING = TimeRange(0, 0)


class Stride:
    """Moves through the windows of one walk. Used by one thread."""

    def __init__(self, view: View, times: TimeRange, order: Order, *, by_files: bool = False) -> None:
        """Start at the near end of `times`; `by_files` measures windows in files instead of events."""
        self._view = view
        self._order = order
        self._by_files = by_files
        self._days = view.days(times)
        self.left = times
        """What no window has covered yet."""

    def plan(self, target: float) -> Reach:
        """Return how far a window of about `target` events (or files) reaches."""
        slices: list[Slice] = []
        seen = 0
        for directory in self._view.directories(self.left, self._order):
            for candidate in self._view.within(directory, self.left):
                found = self._slices(candidate)
                slices.extend(found)
                seen += sum(each.rows for each in found)
            if directory.day is not None and seen >= target:
                planned = reach(slices, self.left, target, self._order)
                if planned.time is not None:
                    return planned
        return reach(slices, self.left, target, self._order)

    def window(self, planned: Reach) -> TimeRange:
        """Return the times of a planned window."""
        if planned.time is None:
            return self.left
        if self._order is Order.NEWEST_FIRST:
            return TimeRange(planned.time, self.left.end)
        return TimeRange(self.left.start, planned.time)

    def pass_window(self, planned: Reach) -> None:
        """Leave a window behind."""
        if planned.time is None:
            self.left = NOTHING
        elif self._order is Order.NEWEST_FIRST:
            self.left = TimeRange(self.left.start, planned.time)
        else:
            self.left = TimeRange(planned.time, self.left.end)

    def pass_event(self, event: Cursor) -> None:
        """Leave an event behind; its own instant stays, for events with other ids."""
        if self._order is Order.NEWEST_FIRST:
            self.left = self.left.intersect(TimeRange(None, event.event_time + 1))
        else:
            self.left = self.left.intersect(TimeRange(event.event_time, None))

    @property
    def progress(self) -> Progress:
        """How many days are done."""
        if self.left.is_empty:
            return self.complete
        start, end = self.left.start, self.left.end
        first = 0 if start is None else bisect_left(self._days, start // DAY)
        last = len(self._days) if end is None else bisect_right(self._days, (end - 1) // DAY)
        return Progress(len(self._days) - max(0, last - first), len(self._days))

    @property
    def complete(self) -> Progress:
        """The progress of a walk that came to its end."""
        return Progress(len(self._days), len(self._days))

    def _slices(self, candidate: Candidate) -> tuple[Slice, ...]:
        """Return what a segment adds to a window."""
        facts = candidate.facts
        if self._by_files:
            return (Slice(1, facts.times),)
        if facts.shape.is_prunable:
            return facts.slices
        # A window costs the whole file, however little of it it takes: as if all events were at the far end.
        start, end = facts.times.start, facts.times.end
        if start is None or end is None:
            return (Slice(facts.rows, facts.times),)
        far = TimeRange(start, start + 1) if self._order is Order.NEWEST_FIRST else TimeRange(end - 1, end)
        return (Slice(facts.rows, far),)
