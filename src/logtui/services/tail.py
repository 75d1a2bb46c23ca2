"""Following a store: one step waits for a change and returns what is new. No threads, no clock of its own."""

from __future__ import annotations

from collections.abc import Iterator

from logtui.core.cancel import CancelToken
from logtui.core.page import NOTHING_FRESH, Fresh, Page, Selection
from logtui.storage.engine import Follow, Position, Watcher


class Tail:
    """A place in the store's growth that moves forward step by step. Used by one thread, closed from any."""

    def __init__(self, follow: Follow, watcher: Watcher) -> None:
        self._follow = follow
        self._watcher = watcher
        # What changed and has not been read yet. None stands for anything: so it is before the first step, because
        # files may have come between the start of `follow` and the start of `watcher`.
        self._changed: frozenset[str] | None = None

    @property
    def position(self) -> Position:
        """How far it has come, for a checkpoint."""
        return self._follow.position

    def step(self, selection: Selection, *, limit: int, timeout: float, token: CancelToken) -> Fresh:
        """Wait until the store changes or `timeout` seconds pass, and return the new matching events.

        A cancelled step loses nothing: the next one looks at the same changes again.

        Raises:
            Cancelled: the token was cancelled; a wait notices it when it ends.
        """
        if not self._wait(timeout, token):
            return NOTHING_FRESH
        fresh = self._follow.fresh(selection, limit=limit, token=token, changed=self._changed)
        self._changed = frozenset()
        return fresh

    def catch_up(
        self, selection: Selection, *, timeout: float, token: CancelToken, with_payload: bool
    ) -> Iterator[Page]:
        """Wait like `step`, then yield everything new, oldest first, in parts of bounded size."""
        if self._wait(timeout, token):
            yield from self._follow.catch_up(selection, token=token, changed=self._changed, with_payload=with_payload)
            self._changed = frozenset()

    def close(self) -> None:
        """End a step that waits, from any thread."""
        self._watcher.close()

    def _wait(self, timeout: float, token: CancelToken) -> bool:
        """Wait unless changes are known already; tell whether there are any."""
        token.check()
        if self._changed is not None:
            seen = self._watcher.wait(0 if self._changed else timeout)
            self._changed = None if seen is None else self._changed | seen
            token.check()
        return self._changed is None or bool(self._changed)
