"""Live events in the explorer: follow on and off, what came, how fast."""

from __future__ import annotations

import time

from textual.timer import Timer

from logtui.tui.growth import grown
from logtui.tui.live import FreshArrived, LiveFailed
from logtui.tui.rate import Rate
from logtui.tui.screens.explorer_core import ExplorerCore

_RATE_SECONDS = 1.0
_SUMMARY_SECONDS = 5.0
"""Between two new summaries while the old one cannot simply be added to."""


class LiveActions(ExplorerCore):
    """What arrives from the follower, and the key that pauses it."""

    _rate_timer: Timer | None = None
    _summary_timer: Timer | None = None
    _has_missed = False

    @property
    def rate(self) -> Rate:
        """Arrivals of the last seconds."""
        if not hasattr(self, "_rate"):
            self._rate = Rate()
        return self._rate

    def action_follow(self) -> None:
        """Follow, or hold. Holding, new events are counted and nothing moves, even at the top."""
        self.is_following = not self.is_following
        if self.is_following and self.feed.has_newer and self.feed.position == self.feed.waiting:
            self.search()
        self.refresh_status()

    def on_live_started(self) -> None:
        """Search once more: what came between opening and following may have been missed."""
        if self.is_searching:
            self._has_missed = True
        else:
            self.search_quietly()

    def search_quietly(self) -> None:
        """Search again without a trace if nothing changed."""
        self._has_missed = False
        event = self.event
        is_at_top = event is None or self.feed.position == 0
        self.search(None if is_at_top or event is None else event.cursor)

    def on_fresh_arrived(self, message: FreshArrived) -> None:
        """Take in what came, if it answers the present query."""
        if message.selection is not self.selection:
            # The files were read for another query, and will not be given again.
            self._has_missed = True
        else:
            self._take(message)
        if self._has_missed and not self.is_searching:
            self.search_quietly()
        self.refresh_status()

    def _take(self, message: FreshArrived) -> None:
        fresh = message.fresh
        if self.is_searching:
            self._came_meanwhile.append(fresh)
        self.feed.add_fresh(fresh, self.is_following)
        if fresh.count:
            self.rate.add(time.monotonic(), fresh.count)
            self._rate_timer = self._rate_timer or self.set_interval(_RATE_SECONDS, self._fade_rate)
        if self.summary is not None and not self.questions.is_open("summary"):
            summary = grown(self.summary, fresh)
            if summary is None:
                self._summary_timer = self._summary_timer or self.set_timer(_SUMMARY_SECONDS, self._renew_summary)
            elif fresh.count:
                self.summary = summary
                self.show_summary()
        if self.feed.row_count:
            self.feed.message = ()

    def _renew_summary(self) -> None:
        self._summary_timer = None
        self.ask_summary()

    def _fade_rate(self) -> None:
        # Nothing ticks on an idle screen: the last tick is the one that shows no rate.
        if self.rate.per_second(time.monotonic()) == 0 and self._rate_timer is not None:
            self._rate_timer.stop()
            self._rate_timer = None
        self.refresh_status()

    def on_live_failed(self, message: LiveFailed) -> None:
        """Say so; the follower tries again by itself."""
        self.show_error(message.error)
