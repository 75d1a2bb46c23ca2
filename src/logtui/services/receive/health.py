"""Whether events could be stored now. The store is tried out at most once a second, however often it is asked."""

from __future__ import annotations

from collections.abc import Callable

from logtui.core.clock import SECOND, Clock
from logtui.core.errors import StoreError

_GOOD_FOR = 1 * SECOND


class Health:
    """The latest trial of the store."""

    def __init__(self, try_out: Callable[[], None], clock: Clock) -> None:
        """Take what raises `StoreError` if the store cannot be written to, and a clock that never goes back."""
        self._try_out = try_out
        self._clock = clock
        self._problem = ""
        self._until: int | None = None

    def problem(self) -> str:
        """Return why nothing could be stored, or nothing. May take as long as the disk does."""
        if self._until is None or self._clock() >= self._until:
            try:
                self._try_out()
                self._problem = ""
            except StoreError as error:
                self._problem = str(error)
            self._until = self._clock() + _GOOD_FOR
        return self._problem
