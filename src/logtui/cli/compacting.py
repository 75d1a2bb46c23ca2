"""Runs a compaction for `logtui compact`: its steps in their order, and what is said about them."""

from __future__ import annotations

import threading
from collections.abc import Callable

from logtui.cli import diagnostics
from logtui.cli.diagnostics import ProgressLine
from logtui.core.cancel import CancelToken
from logtui.core.clock import SECOND
from logtui.core.errors import Cancelled, LockedError, StoreError
from logtui.core.page import Problem
from logtui.services.compact import Compaction, Outcome

_PAUSE = 10 * SECOND
"""Between two looks of a service."""
_PAUSE_AFTER_FAILURE = 60 * SECOND

Wait = Callable[[int, CancelToken], None]


def wait(duration: int, token: CancelToken) -> None:
    """Wait for some microseconds.

    Raises:
        Cancelled: the token was cancelled meanwhile.
    """
    is_over = threading.Event()
    with token.interrupting(is_over.set):
        is_over.wait(duration / SECOND)
    token.check()


def compact_once(compaction: Compaction, token: CancelToken, *, wait: Wait = wait) -> int:
    """Merge what is worth it, wait for the readers that began before, and remove what was merged.

    Raises:
        LockedError: another process compacts the store.
        StoreError: the disk is full or something else is wrong; the next run goes on.
        Cancelled: likewise.
    """
    outcome = Outcome()
    try:
        due = _round(compaction, outcome, token)
        while due is not None:
            line = ProgressLine()
            line.say(f"merged; waiting {-(-due // SECOND)} s for readers that began before", is_urgent=True)
            try:
                wait(due, token)
            finally:
                line.erase()
            with compaction.compactor.maintaining():
                due = compaction.finish(outcome)
    except Cancelled:
        if outcome.merged:
            diagnostics.note(f"{_summary(outcome)}; the next run removes what they replace")
        raise
    diagnostics.note(_summary(outcome))
    return diagnostics.report(outcome.problems)


def keep_compacting(compaction: Compaction, token: CancelToken, *, wait: Wait = wait) -> int:
    """Compact again and again until the token is cancelled. Failures are told, and tried again later."""
    told = set[Problem | str]()
    while True:
        outcome = Outcome()
        pause = _PAUSE
        try:
            due = _round(compaction, outcome, token)
            pause = _PAUSE if due is None else min(due, _PAUSE)
            told = {each for each in told if isinstance(each, Problem)}
        except StoreError as error:
            if not isinstance(error, LockedError):
                pause = _PAUSE_AFTER_FAILURE
            if str(error) not in told:
                diagnostics.note(str(error))
                told.add(str(error))
        if outcome.merged or outcome.indexed:
            diagnostics.note(_summary(outcome))
        diagnostics.report(problem for problem in outcome.problems if problem not in told)
        told.update(outcome.problems)
        wait(pause, token)


def _round(compaction: Compaction, outcome: Outcome, token: CancelToken) -> int | None:
    """Look once and do what there is to do; return when the next inputs are due, in microseconds."""
    with compaction.compactor.maintaining():
        compaction.compactor.recover()
        plan = compaction.plan()
        line = ProgressLine()
        written = 0

        def tell(rows: int) -> None:
            nonlocal written
            written += rows
            line.say(f"{written:,} of {plan.rows:,} events merged ({min(100, written * 100 // plan.rows)} %)")

        def tell_indexed(segments: int) -> None:
            line.say(f"{segments:,} of {len(plan.unindexed):,} segments indexed")

        try:
            compaction.merge(plan, outcome, token=token, tell_rows=tell)
            compaction.index(plan, outcome, token=token, tell=tell_indexed)
        finally:
            line.erase()
        return compaction.finish(outcome)


def _summary(outcome: Outcome) -> str:
    indexed = f"indexed {outcome.indexed:,} {'segment' if outcome.indexed == 1 else 'segments'}"
    if not outcome.merged:
        return indexed if outcome.indexed else "nothing to merge"
    inputs = sum(each.inputs for each in outcome.merged)
    rows = sum(each.rows for each in outcome.merged)
    before = sum(each.size_before for each in outcome.merged)
    after = sum(each.size_after for each in outcome.merged)
    days = len({each.day for each in outcome.merged})
    return (
        f"merged {inputs:,} segments of {days:,} {'day' if days == 1 else 'days'} into {len(outcome.merged):,}: "
        f"{rows:,} events, {before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB after"
        + (f"; {indexed}" if outcome.indexed else "")
    )
