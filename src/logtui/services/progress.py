"""How services tell how far something long has come."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Takes how much is done, of how much, and of what."""


def no_progress(done: int, of: int, what: str, /) -> None:
    """Show nothing."""
