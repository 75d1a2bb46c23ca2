"""A person at the explorer: presses keys, waits until nothing is under way, and looks."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from logtui.config import Settings
from logtui.core.clock import Clock, frozen_clock
from logtui.core.errors import LogtuiError
from logtui.core.query.text import to_text
from logtui.session import open_session
from logtui.tui.app import LogtuiApp
from logtui.tui.opening import Opening
from logtui.tui.screens.explorer import Explorer
from logtui.tui.widgets.status_line import StatusLine
from tests.samples import NOW

_PATIENCE_SECONDS = 10.0


class Person:
    """Keys in, screen out."""

    def __init__(self, app: LogtuiApp, pilot: Pilot[LogtuiError]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def explorer(self) -> Explorer:
        """The explorer, also under a dialog."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, Explorer)
        return screen

    async def idle(self) -> None:
        """Wait until all keys had their effects, no question is open or about to be asked, and messages are handled."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while True:
            await self.pilot.pause()
            is_typing = self.explorer.is_typing or self.app.has_keys_to_give
            if not self.explorer.questions.is_open() and not is_typing:
                await self.pilot.pause()
                if not self.explorer.questions.is_open():
                    return
            assert time.monotonic() < deadline, "questions stay open"
            await self.pilot.pause(0.005)

    async def until(self, text: str) -> None:
        """Wait until a text is on the screen."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while text not in self.text:
            assert time.monotonic() < deadline, f"never saw {text!r} on:\n{self.text}"
            await self.pilot.pause(0.01)

    async def press(self, *keys: str) -> None:
        """Press keys and wait until all is done."""
        await self.pilot.press(*keys)
        await self.idle()

    async def type(self, text: str) -> None:
        """Type a text, character by character, and wait until all is done."""
        await self.pilot.press(*text)
        await self.idle()

    async def paste(self, text: str) -> None:
        """Paste a text where the focus is, and wait until all is done."""
        self.app.post_message(events.Paste(text))
        await self.idle()

    @property
    def query(self) -> str:
        """The present query."""
        return to_text(self.explorer.view.query)

    @property
    def reading(self) -> str | None:
        """Id of the event under the cursor."""
        event = self.explorer.event
        return event.event_id if event is not None else None

    @property
    def text(self) -> str:
        """What is on the screen, line by line."""
        width, height = self.app.size
        lines = self.app.screen._compositor.render_strips()
        return "\n".join(line.text[:width].rstrip() for line in lines[:height])

    @property
    def status(self) -> str:
        """The status line below the feed."""
        return self.explorer.query_one("#status", StatusLine).text

    @property
    def header(self) -> str:
        """The line on top."""
        return self.explorer.query_one("#header", StatusLine).text


@asynccontextmanager
async def explore(
    store: Path,
    query: str = "",
    *,
    size: tuple[int, int] = (120, 40),
    settings: Settings | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Person]:
    """Open the explorer on a store and close it at the end."""
    now = clock or frozen_clock(NOW)
    opening = Opening(lambda: open_session(store, clock=now), query)
    async with explore_opening(opening, store, query, size=size, settings=settings, clock=now) as person:
        yield person


@asynccontextmanager
async def explore_opening(
    opening: Opening,
    store: Path,
    query: str = "",
    *,
    size: tuple[int, int] = (120, 40),
    settings: Settings | None = None,
    clock: Clock | None = None,
) -> AsyncIterator[Person]:
    """Open the explorer on any session, and close it at the end."""
    opening.start()
    try:
        app = LogtuiApp(
            opening, store=store, query=query, settings=settings or Settings(), clock=clock or frozen_clock(NOW)
        )
        async with app.run_test(size=size) as pilot:
            person = Person(app, pilot)
            await person.idle()
            yield person
        if app.crash is not None:
            raise app.crash
    finally:
        opening.withdraw()
