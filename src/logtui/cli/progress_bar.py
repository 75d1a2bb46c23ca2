"""How far something has come, as a bar of text."""

from __future__ import annotations

_CELLS = 20


def bar(done: int, of: int) -> str:
    """Return a bar that is full when all is done."""
    filled = _CELLS * done // of if of else _CELLS
    return "█" * filled + "░" * (_CELLS - filled)
