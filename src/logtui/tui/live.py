"""Following the store in a thread: what is new is posted to the person, a few times a second at most."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled, LogtuiError
from logtui.core.page import NOTHING_FRESH, Fresh, Selection
from logtui.services.tail import Tail
from logtui.session import Session
from logtui.storage.engine import Position

MOST_EVENTS = 2000
"""Of one step; if there are more, the rows are loaded again."""
_WAIT_SECONDS = 1.0
_PAUSE_SECONDS = 0.25
"""Between two steps, so that a busy store costs four paints a second and no more. After a pause nothing waits."""
_RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class LiveStarted:
    """From `position` on nothing is missed; what came since the store was opened may have been."""

    position: Position


@dataclass(frozen=True, slots=True)
class FreshArrived:
    """Files came or went. `selection` is the one that `fresh` answers; after it the follower is at `position`."""

    selection: Selection
    fresh: Fresh
    position: Position


@dataclass(frozen=True, slots=True)
class LiveFailed:
    """The store could not be followed; it is tried again."""

    error: LogtuiError


News = LiveStarted | FreshArrived | LiveFailed


class Live:
    """The follower of one person."""

    def __init__(self, session: Session, post: Callable[[News], object]) -> None:
        """`post` is called from the follower's thread."""
        self._session = session
        self._post = post
        self._lock = threading.Lock()
        self._token = CancelToken()
        self._selection = Selection()
        self._tail: Tail | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="logtui-live", daemon=True)

    def start(self, selection: Selection) -> None:
        """Begin to follow."""
        self._selection = selection
        self._thread.start()

    def look_for(self, selection: Selection) -> None:
        """Ask for other events from the next step on; a step under way is cancelled, and loses nothing."""
        with self._lock:
            self._selection = selection
            self._token.cancel()
            self._token = CancelToken()

    def stop(self) -> None:
        """End the thread."""
        self._stopped.set()
        with self._lock:
            self._token.cancel()
            if self._tail is not None:
                self._tail.close()
        if self._thread.is_alive():
            self._thread.join(_RETRY_SECONDS)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                tail = Tail(self._session.engine.follow(), self._session.make_watcher())
                with self._lock:
                    self._tail = tail
                try:
                    self._post(LiveStarted(tail.position))
                    self._follow(tail)
                finally:
                    tail.close()
            except Cancelled:
                return
            except LogtuiError as error:
                self._post(LiveFailed(error))
                self._stopped.wait(_RETRY_SECONDS)

    def _follow(self, tail: Tail) -> None:
        told = tail.position
        while not self._stopped.is_set():
            with self._lock:
                selection, token = self._selection, self._token
            try:
                fresh = tail.step(selection, limit=MOST_EVENTS, timeout=_WAIT_SECONDS, token=token)
            except Cancelled:
                continue
            # It also looks without being told to, every few seconds, and mostly finds nothing.
            if fresh != NOTHING_FRESH or (fresh is not NOTHING_FRESH and tail.position != told):
                told = tail.position
                self._post(FreshArrived(selection, fresh, told))
                self._stopped.wait(_PAUSE_SECONDS)
