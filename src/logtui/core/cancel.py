"""Cancellation that travels with the request.

A token is made by whoever asks, before any work starts, and is carried down to the engine. Cancelling an
engine as a whole could hit the wrong question: one that has not started yet would then run to its end.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from logtui.core.errors import Cancelled


class CancelToken:
    """Cancelled at most once, from any thread; the running step is interrupted at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_cancelled = False
        self._interrupt: Callable[[], None] | None = None

    @property
    def is_cancelled(self) -> bool:
        return self._is_cancelled

    def cancel(self) -> None:
        """Interrupt the step that runs now, and make every later step refuse to start."""
        with self._lock:
            self._is_cancelled = True
            if self._interrupt is not None:
                self._interrupt()

    def check(self) -> None:
        """Raise `Cancelled` if the question was withdrawn."""
        if self._is_cancelled:
            raise Cancelled

    @contextmanager
    def interrupting(self, interrupt: Callable[[], None]) -> Iterator[None]:
        """Run a step that `interrupt` (thread-safe, quick) can end early.

        Raises:
            Cancelled: before the step if the token was cancelled already.
        """
        with self._lock:
            if self._is_cancelled:
                raise Cancelled
            self._interrupt = interrupt
        try:
            yield
        finally:
            with self._lock:
                self._interrupt = None
