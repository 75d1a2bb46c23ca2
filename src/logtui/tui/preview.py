"""The first rows, painted by hand: they are there long before Textual is imported, which then paints over them.

Keys that are pressed meanwhile wait in the terminal and are read by Textual. Whatever ends the program meanwhile, the
terminal is put back.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType

from logtui.core.event import Event
from logtui.tui.heights import lines_above_feed
from logtui.tui.moments import Zone

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[2J"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_ENDING = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def silent_terminal() -> Iterator[None]:
    """Keep the terminal from echoing keys, and restore it and its signals in the end."""
    before = termios.tcgetattr(sys.__stdin__.fileno()) if sys.__stdin__ is not None else None
    handlers = {number: signal.signal(number, _end) for number in _ENDING}
    try:
        _set_echo(is_on=False)
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if before is not None and sys.__stdin__ is not None:
            termios.tcsetattr(sys.__stdin__.fileno(), termios.TCSANOW, before)


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


def leave() -> None:
    """Put the screen back that was there before; for when Textual never came to paint over the preview."""
    _write(_LEAVE)


def _write(text: str) -> None:
    stream = sys.__stderr__
    if stream is not None:
        stream.write(text)
        stream.flush()


def _set_echo(*, is_on: bool) -> None:
    stream = sys.__stdin__
    if stream is None:
        return
    attributes = termios.tcgetattr(stream.fileno())
    flags = termios.ECHO | termios.ICANON
    attributes[3] = attributes[3] | flags if is_on else attributes[3] & ~flags
    termios.tcsetattr(stream.fileno(), termios.TCSANOW, attributes)


def _end(number: int, _frame: FrameType | None) -> None:
    raise SystemExit(128 + number)
