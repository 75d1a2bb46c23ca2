"""Taking the terminal for the screen, so that every way out gives it back: the end, signals, crashes, sudden death."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TextIO

from logtui.core.errors import UsageError
from logtui.tui.guardian import Guardian
from logtui.tui.last_resort import HASTY_SECONDS, PATIENT_SECONDS, LastResort
from logtui.tui.terminal_state import Held, TerminalState

ENDING = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)
"""Signals that end the screen, each with its own exit code."""


@contextmanager
def taken_terminal(clean_up: Callable[[], None]) -> Iterator[LastResort]:
    """Keep the terminal from echoing keys, and give back what was taken of it in the end.

    Until an event loop sees to the signals, they raise `SystemExit`.

    Args:
        clean_up: what is left to do after a sudden death; called in another process.

    Raises:
        UsageError: there is no terminal.
    """
    assert sys.__stderr__ is not None
    try:
        state = TerminalState(sys.__stderr__.fileno())
    except OSError as error:
        raise UsageError("there is no terminal to open the screen on; use `logtui query`") from error
    guardian = Guardian(state, clean_up)
    last_resort = LastResort(state, guardian)
    try:
        with _ending(last_resort), _painting_apart(guardian):
            last_resort.held = Held.ECHO
            state.silence()
            yield last_resort
    finally:
        state.restore(last_resort.held)
        guardian.dismiss()
        state.close()


def seconds_for(code: int) -> float:
    """Return how long leaving may take that will end with this code."""
    return HASTY_SECONDS if code == 128 + signal.SIGINT else PATIENT_SECONDS


@contextmanager
def _ending(last_resort: LastResort) -> Iterator[None]:
    def end(number: int, _frame: FrameType | None) -> None:
        code = 128 + number
        last_resort.end_within(seconds_for(code), code)
        raise SystemExit(code)

    # What a supervisor has switched off (nohup) stays off.
    heard = [number for number in ENDING if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, end) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _painting_apart(guardian: Guardian) -> Iterator[None]:
    """Paint through a descriptor of its own: what anything else writes to stderr would tear the screen apart.

    It goes to the guardian, as do the stacks of all threads when native code crashes.
    """
    before, stream = sys.__stderr__, sys.stderr
    assert before is not None
    before.flush()
    number = before.fileno()
    kept = os.dup(number)
    painted = os.fdopen(os.dup(number), "w", encoding="utf-8", errors="backslashreplace")
    _paint_on(painted)
    os.dup2(guardian.pipe, number)
    faulthandler.enable(guardian.pipe)
    try:
        yield
    finally:
        faulthandler.disable()
        stream.flush()
        os.dup2(kept, number)
        os.close(kept)
        _paint_on(before)
        with suppress(OSError):  # the terminal is gone, with what was not painted yet
            painted.close()


def _paint_on(stream: TextIO) -> None:
    vars(sys)["__stderr__"] = stream  # what Textual paints on
