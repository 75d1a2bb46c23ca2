"""Signals end a question at once."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from logtui.cli.interrupts import run_interruptibly
from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError


def interrupted_by(number: signal.Signals) -> int:
    """Run a question that would take for ever, and is sent the signal while it works."""
    ended = threading.Event()

    def work(token: CancelToken) -> int:
        with token.interrupting(ended.set):
            os.kill(os.getpid(), number)
            assert ended.wait(20)
        token.check()
        return 0

    return run_interruptibly(work)


def test_what_the_question_returns_is_the_exit_code() -> None:
    """Without a signal the thread in between cannot be noticed."""

    assert run_interruptibly(lambda _: 1) == 1


def test_an_error_of_the_question_is_raised() -> None:
    """It reaches the one place that shows errors."""

    def work(_: CancelToken) -> int:
        raise StoreError("gone")

    with pytest.raises(StoreError, match="gone"):
        run_interruptibly(work)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGQUIT, 131)]
)
def test_a_signal_cancels_the_question(number: signal.Signals, code: int) -> None:
    """The token interrupts what runs, and the code tells the signal, as shells do."""

    assert interrupted_by(number) == code


def test_the_handlers_before_are_put_back() -> None:
    """A second question, or a test runner, gets its own again."""
    before = signal.getsignal(signal.SIGINT)

    interrupted_by(signal.SIGINT)

    assert signal.getsignal(signal.SIGINT) is before


def test_an_ignored_signal_stays_ignored() -> None:
    """Under nohup the end of the terminal is no reason to stop."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:

        def work(token: CancelToken) -> int:
            os.kill(os.getpid(), signal.SIGHUP)
            token.check()
            return 7

        assert run_interruptibly(work) == 7
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_failure_while_stopping_is_not_hidden() -> None:
    """Only the cancellation itself is expected then."""
    ended = threading.Event()

    def work(token: CancelToken) -> int:
        with token.interrupting(ended.set):
            os.kill(os.getpid(), signal.SIGTERM)
            assert ended.wait(20)
        raise StoreError("disk full")

    with pytest.raises(StoreError, match="disk full"):
        run_interruptibly(work)
