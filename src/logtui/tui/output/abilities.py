"""What the terminal can do that saves bytes, by its entry in the terminfo database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Abilities:
    """Where nothing is known, what every emulator in use can do."""

    fills: bool = False
    """Erased cells get the background that was set last."""
    takes_back: bool = True
    """A single attribute can be ended."""
    scrolls: bool = True
    """Some lines can be moved up and down, the others staying where they are."""


def abilities(environment: Mapping[str, str] = os.environ) -> Abilities:
    """Look the terminal up."""
    name = environment.get("TERM", "")
    try:
        import curses

        curses.setupterm(name, 2)
    except (ImportError, curses.error, TypeError):
        return Abilities(scrolls=name not in ("dumb", "unknown", ""))
    return Abilities(
        fills=curses.tigetflag("bce") > 0,
        takes_back=curses.tigetstr("rmul") == b"\x1b[24m",
        scrolls=curses.tigetstr("csr") is not None,
    )
