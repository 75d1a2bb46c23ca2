"""Live events in the explorer: follow on and off, what came, how fast."""

from __future__ import annotations

import time

from textual.timer import Timer

from logtui.core.errors import LogtuiError
from logtui.core.page import Fresh
from logtui.tui.live import FreshArrived, LiveFailed, LiveStarted
from logtui.tui.posted import NewsArrived
from logtui.tui.screens.explorer_summary import SummaryActions

_RATE_SECONDS = 1.0


class LiveActions(SummaryActions):
    """What arrives from the follower, and the key that pauses it."""

    _rate_timer: Timer | None = None

    @property
    def rate(self) -> float:
        """Events a second that came live."""
        return self.arrivals.per_second(time.monotonic())

    def action_follow(self) -> None:
        """Follow, or hold. Holding, new events are counted and nothing moves, even at the top."""
        self.is_following = not self.is_following
        if self.is_following and self.feed.has_newer and self.feed.position == self.feed.waiting:
            self.reload()
        self.refresh_status()

    def on_news_arrived(self, message: NewsArrived) -> None:
        """Take in what the follower has to tell."""
        match message.news:
            case LiveStarted() as started:
                # What came between opening and following may have been missed.
                self._read_again(started)
            case FreshArrived() as arrived:
                self._arrive(arrived)
            case LiveFailed(error):
                self._fail(error)

    def _arrive(self, arrived: FreshArrived) -> None:
        if arrived.selection == self.selection:
            self.position = arrived.position
            self._take(arrived.fresh)
        else:
            # The files were read for another query, and will not be given again.
            self._read_again(arrived)
        self.refresh_status()

    def _read_again(self, news: LiveStarted | FreshArrived) -> None:
        self.position = news.position
        self.forget_summary()
        if self.is_loading:
            self.has_missed = True
        else:
            self.reload(self.reading)

    def _take(self, fresh: Fresh) -> None:
        self.add_fresh(fresh)
        self.count_fresh(fresh)
        if fresh.count:
            self.arrivals.add(time.monotonic(), fresh.count)
            self._rate_timer = self._rate_timer or self.set_interval(_RATE_SECONDS, self._fade_rate)

    def _fade_rate(self) -> None:
        # Nothing ticks on an idle screen: the last tick is the one that shows no rate.
        if not self.rate and self._rate_timer is not None:
            self._rate_timer.stop()
            self._rate_timer = None
        self.refresh_status()

    def _fail(self, error: LogtuiError) -> None:
        # The follower tries again by itself.
        self.show_error(error)
        if self.summary is None and not self.is_loading:
            self.ask_summary()
