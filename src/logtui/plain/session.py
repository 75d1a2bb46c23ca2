"""The session without a screen, from its first line to its exit code: keys, signals, and what comes live."""

from __future__ import annotations

import signal
import time

from logtui.core.cancel import CancelToken
from logtui.core.sanitise import visible
from logtui.plain.deeds import Deeds
from logtui.tui.live import FreshArrived, LiveFailed, LiveStarted, News

_HUNG_UP = 128 + signal.SIGHUP


class PlainSession(Deeds):
    """One store, read aloud."""

    _has_begun = False
    _is_announcing = False
    _last_announced = float("-inf")

    def run(self) -> int:
        """Read and answer until the person leaves, and return the exit code.

        Raises:
            LogtuiError: the query names an event that is not stored.
        """
        self.selection = self.session.search.select(self.view.query, token=CancelToken())
        with self.terminal.taken():
            store = self.session.store.name or str(self.session.store)
            self.say(f"logtui, {visible(store, 60)}; help tells the commands")
            self.live.start(self.selection)
            self.loop.read(self.terminal.fileno, self._read)
            try:
                code = self.loop.run()
                self.terminal.end_line()
            except BrokenPipeError:
                code = 0  # whoever read has read enough
            except OSError:
                code = _HUNG_UP  # nobody is there to be told
            finally:
                self.live.stop()
                self.questions.close()
                self.loop.close()
        return code

    # -- keys and signals

    def _read(self) -> None:
        try:
            for typed in self.terminal.read():
                if typed.is_end:
                    self._end_of_input()
                elif typed.line is not None:
                    self.lines.append(typed.line)
                    if self._has_begun:
                        self.settle()
        except EOFError:
            self.loop.end(_HUNG_UP)
        if not self.terminal.is_typing and self._has_begun:
            self.settle()

    def _end_of_input(self) -> None:
        self.loop.unread(self.terminal.fileno)
        self.lines.append("quit")

    def on_signal(self, number: int) -> None:
        """Ctrl+c withdraws what is asked; with nothing asked, it ends the session as the other signals do."""
        if number == signal.SIGINT and self.questions.withdraw("answer"):
            self.lines.clear()
            self.say("cancelled; ctrl+c again leaves")
            self.settle()
        else:
            self.loop.end(128 + number)

    # -- live

    def on_news(self, news: News) -> None:
        """The follower has something to tell."""
        match news:
            case LiveStarted(position):
                self.position = position
                self._begin_reading()
            case FreshArrived():
                self._arrive(news)
            case LiveFailed(error):
                self.announce("live", str(error))
                self._begin_reading()

    def _begin_reading(self) -> None:
        """Read when the follower knows where it begins: what comes from then on is told by it."""
        if not self._has_begun:
            self._has_begun = True
            self.search()

    def _arrive(self, arrived: FreshArrived) -> None:
        self.position = arrived.position
        if arrived.fresh.is_reset or arrived.selection != self.selection:
            if arrived.fresh.is_reset:
                self.announce("reset", "the store has changed; “first” searches again")
            return
        self.new_count += arrived.fresh.count
        if self.new_count and arrived.fresh.count and self.is_following and not self._is_announcing:
            self._is_announcing = True
            waited = time.monotonic() - self._last_announced
            self.loop.after(max(0.0, self.announce_seconds - waited), self._announce_news)

    def _announce_news(self) -> None:
        self._is_announcing = False
        self._last_announced = time.monotonic()
        if self.new_count and self.is_following:
            self.announce("news", f"{self.new_count:,} new {'event' if self.new_count == 1 else 'events'}")
