"""Actions about time: presets, shifting the range, time zones."""

from __future__ import annotations

from logtui.config import ZONES
from logtui.core.clock import SECOND
from logtui.core.event import Cursor
from logtui.core.page import TimeRange
from logtui.core.query.ast import Node
from logtui.core.query.edit import set_time
from logtui.core.times import format_instant
from logtui.tui.ranges import conditions_of, last, shifted
from logtui.tui.screens.explorer_paging import PagingActions

RELATIVE_SECONDS = 5.0
"""How often relative times are painted again."""


class TimeActions(PagingActions):
    """The time range of the query, and how times are shown."""

    def action_last_15m(self) -> None:
        self.set_time(*last("15m"))

    def action_last_1h(self) -> None:
        self.set_time(*last("1h"))

    def action_last_24h(self) -> None:
        self.set_time(*last("24h"))

    def action_last_7d(self) -> None:
        self.set_time(*last("7d"))

    def action_last_30d(self) -> None:
        self.set_time(*last("30d"))

    def action_all_time(self) -> None:
        self.set_time()

    def action_earlier(self) -> None:
        self._shift(-1)

    def action_later(self) -> None:
        self._shift(1)

    def action_zone(self) -> None:
        """Show times in the next zone."""
        self.zone = ZONES[(ZONES.index(self.zone) + 1) % len(ZONES)]
        self.show_zone()
        self.refresh_status()

    def show_zone(self) -> None:
        """Show times in the present zone."""
        raise NotImplementedError

    def set_time(self, *terms: Node) -> None:
        """Replace the times of the query."""
        self.go(set_time(self.view.query, *terms))

    def set_range(self, times: TimeRange) -> None:
        """Replace the times of the query by an absolute range."""
        self.set_time(*conditions_of(times))

    def go_to_time(self, time: int) -> None:
        """Put the reader on the first event at or before a time."""
        # Above every id of this microsecond: no character sorts after it.
        self.show_around(Cursor(time, "\U0010ffff"))
        self.say(f"at or before {format_instant(time)}")

    def _shift(self, by: int) -> None:
        now = self.clock()
        times = shifted(self.selection.range, now, by)
        if times is None:
            self.say(f"there is no range to shift: {self.key_of('explorer.set_range')} sets one")
            return
        if by > 0 and times.start is not None and times.start >= now + SECOND:
            self.say("that would lie in the future")
            return
        self.set_range(times)
