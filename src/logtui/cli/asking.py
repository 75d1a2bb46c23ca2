"""Asking the person before something is done that is hard to undo."""

from __future__ import annotations

import sys

from logtui.cli import diagnostics
from logtui.core.errors import StoreError, UsageError


def confirm(deed: str, command: str) -> None:
    """Go on only if the person types `yes`.

    Args:
        deed: what is about to happen, as in "remove 3 days".
        command: what needs `--yes` where nobody can be asked.

    Raises:
        UsageError: there is no terminal to ask on.
        StoreError: the answer was not yes.
    """
    if sys.stdin is None or not sys.stdin.isatty() or not diagnostics.is_terminal():
        raise UsageError(f"nobody can be asked here: pass --yes to {command}")
    if diagnostics.ask(f"{deed}? type yes to go on: ").strip().lower() != "yes":
        raise StoreError("nothing was done")
