"""An app that is light on the line: the fewest bytes for a frame, no frame that is outdated when it arrives.

For any app of Textual's: derive from `LightApp` instead of `App`. It replaces one method, `App._display`, which sends
a frame. Where the driver is another one, or an update of Textual's has changed what frames are made of, frames are
sent as Textual does.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import events
from textual._ansi_sequences import SYNC_END, SYNC_START
from textual.app import App

from logtui.tui.driver import SshDriver
from logtui.tui.output.abilities import abilities
from logtui.tui.output.frames import Frames
from logtui.tui.output.pens import Pens

if TYPE_CHECKING:
    from textual.screen import Screen

_Result = TypeVar("_Result")

_LOOK_SECONDS = 0.015
"""How often to look whether the line has room, while something waits."""

_MOST_FAILURES = 3
"""After so many updates that were not understood, all are sent as Textual does."""


class LightApp(App[_Result]):
    """Sends what differs from what the terminal shows, when it has shown what was sent before."""

    _frames: Frames | None = None
    _frames_of = -1
    _is_waiting = False
    _failures = 0

    def action_redraw(self) -> None:
        """Paint and send the whole screen: something else has written to the terminal."""
        if self._frames is not None:
            self._frames.forget()
        self.screen.refresh()

    async def on_event(self, event: events.Event) -> None:
        """Distrust the terminal's picture after a resize: it cuts or wraps lines as it likes."""
        if isinstance(event, events.Resize) and self._frames is not None:
            self._frames.forget()
        await super().on_event(event)
        if isinstance(event, events.Resize) and self._frames is not None and event.size == self._frames.size:
            self._send()

    def _display(self, screen: Screen[object], renderable: RenderableType | None) -> None:
        driver = self._driver
        is_ready = self._running and not self._closed and not self._batch_count and renderable is not None
        if not is_ready or not isinstance(driver, SshDriver) or self._failures >= _MOST_FAILURES:
            super()._display(screen, renderable)
            return
        frames = self._frames_for(driver)
        try:
            frames.take(renderable, self.size)
        except (AttributeError, LookupError, TypeError, ValueError):
            self._frames = None
            self._failures += 1
            super()._display(screen, renderable)
            screen.refresh()
            return
        self._send()
        self.post_display_hook()

    def _frames_for(self, driver: SshDriver) -> Frames:
        frames = self._frames
        if frames is None:
            can = abilities()
            pens = Pens(self.console._color_system or ColorSystem.TRUECOLOR, can_take_back=can.takes_back)  # noqa: SLF001
            frames = self._frames = Frames(pens, can)
        if self._frames_of != driver.times_taken:
            # It was given back meanwhile, to a shell or a pager.
            self._frames_of = driver.times_taken
            frames.forget()
        return frames

    def _send(self) -> None:
        """Send what differs, or look again later if the line has no room."""
        driver, frames = self._driver, self._frames
        if self._is_waiting or frames is None or not isinstance(driver, SshDriver):
            return
        if not driver.has_room():
            self._is_waiting = True
            asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look_again)
            return
        data = frames.render(self.screen.outer_size.clamp_offset(self.cursor_position))
        if data:
            driver.write_frame(f"{SYNC_START}{data}{SYNC_END}" if self._sync_available else data)

    def _look_again(self) -> None:
        self._is_waiting = False
        if self._running and not self._closed:
            self._send()
