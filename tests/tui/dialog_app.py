"""A ten-line app below one screen: what the screen says upwards, what it gives, what is copied, and how it looks."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from textual.app import App
from textual.message import Message
from textual.pilot import Pilot
from textual.screen import Screen

from logtui.core.sanitise import visible

HOSTILE = "\x1b]52;c;Zm9v\x07\x1b[2J\x9b31m [/nope] [@click=app.quit]x[/] \u202eevil\u200b\x00\r\n\ud83d end"
"""Escape sequences, markup, hidden characters: everything that a value should not be able to do."""


class Below(App[None]):
    """Owns one screen."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Message] = []
        self.given: list[object] = []
        self.copied: list[str] = []

    def post_message(self, message: Message) -> bool:
        """Keep what the screen tells its owner."""
        if type(message).__module__.startswith("logtui."):
            self.told.append(message)
        return super().post_message(message)

    def copy_to_clipboard(self, text: str) -> None:
        """Keep what OSC 52 would carry."""
        self.copied.append(text)

    @property
    def lines(self) -> list[str]:
        """The screen, blanks at the ends of lines removed."""
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        """The screen as one text."""
        return "\n".join(self.lines)

    def is_harmless(self) -> bool:
        """Whether every character on the screen is one that nobody obeys."""
        return all(visible(line) == line for line in self.lines)


class Person:
    """Keys in, screen out."""

    def __init__(self, app: Below, pilot: Pilot[None]) -> None:
        self.app = app
        self._pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys and wait for what they do."""
        await self._pilot.press(*keys)
        await self._pilot.pause()

    async def until(self, text: str) -> None:
        """Wait until a text is on the screen."""
        for _ in range(400):
            await self._pilot.pause(0.005)
            if text in self.app.text:
                return
        raise AssertionError(f"never saw {text!r} on:\n{self.app.text}")

    async def resize(self, width: int, height: int) -> None:
        """Drag the window."""
        await self._pilot.resize_terminal(width, height)
        await self._pilot.pause()


@asynccontextmanager
async def looking_at(screen: Screen[Any], app: Below, *, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Person]:
    """Open a screen over `app`; what it gives when it closes is in `app.given`."""
    async with app.run_test(size=size) as pilot:
        await app.push_screen(screen, app.given.append)
        await pilot.pause()
        yield Person(app, pilot)
