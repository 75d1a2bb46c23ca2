"""The first rows, painted by hand: they are there long before Textual is imported, which then paints over them.

Keys that are pressed meanwhile wait in the terminal and are read by Textual.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from logtui.core.event import Event
from logtui.tui.heights import lines_above_feed
from logtui.tui.moments import Zone

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"


def paint(events: Sequence[Event], columns: Sequence[str], zone: Zone, *, is_ascii: bool) -> None:
    """Show the newest events where the feed will show them."""
    from logtui.tui.anchoring import anchored
    from logtui.tui.layout import fit
    from logtui.tui.render import Look, plain_line

    width, height = os.get_terminal_size(sys.__stderr__.fileno() if sys.__stderr__ is not None else 2)
    top = lines_above_feed(height)
    look = Look(fit(columns, {}, width), zone, is_ascii)
    rows = [f"\x1b[{top + 1 + row};1H{plain_line(event, look)}" for row, event in enumerate(events[: height - top - 2])]
    _write(_ENTER + anchored("".join(rows), lambda: width))


def _write(text: str) -> None:
    stream = sys.__stderr__
    if stream is not None:
        stream.write(text)
        stream.flush()
