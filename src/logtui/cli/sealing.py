"""Sealing the closed days of a store from the command line, with a progress bar and one line at the end."""

from __future__ import annotations

from pathlib import Path

from logtui.cli import diagnostics
from logtui.cli.diagnostics import ExitCode, ProgressLine
from logtui.cli.progress_bar import bar
from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.retention.policy import size_text
from logtui.session import open_retention


def seal(store: Path, clock: Clock, token: CancelToken, *, is_told: bool = True) -> ExitCode:
    """Seal what is closed and not sealed yet, and report what could not be.

    Raises:
        StoreError: another process maintains the store, or its ledger cannot be read or written.
    """
    from logtui.services.verification.sealing import seal_store

    line = ProgressLine()

    def progress(done: int, of: int, what: str) -> None:
        line.say(f"{bar(done, of)} {done:,} of {of:,} sealed  {what}")

    try:
        sealed = seal_store(open_retention(store, clock=clock), progress=progress, token=token)
    finally:
        line.erase()
    if sealed.days and is_told:
        count = len(sealed.days)
        diagnostics.note(f"sealed {count:,} day{'s' * (count != 1)}, {size_text(sealed.byte_count)}")
    return diagnostics.report(sealed.problems)
