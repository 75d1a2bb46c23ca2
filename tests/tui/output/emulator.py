"""A terminal for what is written to it, without a program: to compare two ways of painting the same screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyte
from rich.console import Console
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.terminal import as_seen

TRUECOLOR = Console(color_system="truecolor", force_terminal=True)


class Emulator:
    """A screen without line wrap, as Textual sets it."""

    def __init__(self, width: int, height: int) -> None:
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self._screen)
        self._stream.feed("\x1b[?7l")

    def write(self, data: str) -> None:
        # Behind a joiner or a selector, pyte loses what is left of the text.
        self._stream.feed(data.replace("\u200d", "").replace("\ufe0f", ""))

    @property
    def cells(self) -> list[list[Any]]:
        """Every cell as it looks."""
        return [
            [as_seen(self._screen.buffer[y][x]) for x in range(self._screen.columns)] for y in range(self._screen.lines)
        ]

    @property
    def text(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]


def whole(screen: Sequence[Strip], width: int) -> LayoutUpdate:
    """Return Textual's update that paints all lines."""
    return LayoutUpdate([[strip] for strip in screen], Region(0, 0, width, len(screen)))


def part(height: int, width: int, pieces: dict[int, tuple[int, Strip]]) -> ChopsUpdate:
    """Return Textual's update that paints a piece, from some cell on, in some lines."""
    chops: list[dict[int, Strip | None]] = [{0: None} for _ in range(height)]
    ends = [[width] for _ in range(height)]
    spans = []
    for y, (x, strip) in sorted(pieces.items()):
        end = x + strip.cell_length
        chops[y] = {**({0: None} if x else {}), x: strip, **({end: None} if end < width else {})}
        ends[y] = [*([x] if x else []), end, *([width] if end < width else [])]
        spans.append((y, x, end))
    return ChopsUpdate(chops, spans, ends)


def painted(screen: Sequence[Strip], width: int) -> list[list[Any]]:
    """Return the cells of a terminal on which Textual has painted all lines."""
    emulator = Emulator(width, len(screen))
    emulator.write(whole(screen, width).render_segments(TRUECOLOR))
    return emulator.cells
