"""Ctrl+C and other signals end a question at once, wherever it is.

The question runs in a thread of its own and the main thread only waits, because Python runs signal handlers in the
main thread alone: inside a DuckDB call they would have to wait for its end.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_GRACE = 2.0
"""Seconds that the question gets to clean up after itself, such as to remove an unfinished file."""


class _Stopped(BaseException):
    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


class _Question(threading.Thread):
    """Runs `work` and keeps what came of it."""

    def __init__(self, work: Callable[[CancelToken], int], token: CancelToken) -> None:
        super().__init__(name="question", daemon=True)
        self._work = work
        self._token = token
        # Waited for in place of `join`, which takes the thread for ended when a signal handler raises inside it.
        self.done = threading.Event()
        self.code = 0
        self.error: BaseException | None = None

    def run(self) -> None:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        try:
            self.code = self._work(self._token)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self.error = error
        finally:
            self.done.set()


def run_interruptibly(work: Callable[[CancelToken], int]) -> int:
    """Return the exit code that `work` returns, or 128 and the number of the signal that ended it."""
    token = CancelToken()
    question = _Question(work, token)
    try:
        with _raising():
            question.start()
            question.done.wait()
    except _Stopped as stopped:
        token.cancel()
        return _clean_up(question, stopped.code)
    question.join()
    if question.error is not None:
        raise question.error
    return question.code


def _clean_up(question: _Question, code: int) -> int:
    try:
        with _raising():
            is_done = question.done.wait(_GRACE)
    except _Stopped:
        os._exit(code)
    if not is_done:
        # It hangs in something that cannot be interrupted, such as a write that nobody reads. The interpreter's own
        # way out would wait for it, and abort the process if it is inside DuckDB.
        os._exit(code)
    question.join()
    if question.error is not None and not isinstance(question.error, Cancelled):
        raise question.error
    return code


@contextmanager
def _raising() -> Iterator[None]:
    """Turn the signals, but those that are ignored (nohup, background jobs), into `_Stopped` in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, _: FrameType | None) -> None:
        raise _Stopped(number)

    before = {number: signal.getsignal(number) for number in _SIGNALS}
    heard = {number: handler for number, handler in before.items() if handler is not signal.SIG_IGN}
    for number in heard:
        signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in heard.items():
            signal.signal(number, handler)
