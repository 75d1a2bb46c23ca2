"""The program on the screen: themes, keymap, and ways out. Everything else is in its screens."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from textual import events
from textual.binding import Binding
from textual.dom import DOMNode
from textual.widgets import Input
from textual.worker import WorkerFailed

from logtui.config import Settings
from logtui.core.clock import Clock
from logtui.core.errors import LogtuiError, UsageError
from logtui.core.view import SavedView
from logtui.tui.chords import Chords
from logtui.tui.driver import SshDriver
from logtui.tui.key_presets import keymap_of
from logtui.tui.key_turns import KeyPassed, KeyTurns, TypedEvent
from logtui.tui.keymap import BY_ID, bindings, keys_of, textual_keymap, validate
from logtui.tui.last_resort import LastResort
from logtui.tui.opening import Opening
from logtui.tui.output.light_app import LightApp
from logtui.tui.screens.explorer import Explorer
from logtui.tui.taken_terminal import seconds_for
from logtui.tui.terminal import theme_name
from logtui.tui.themes import MEANINGS, NAMES, OWN, inner_name, next_name

_AIMED_AT = "aimed_at"
"""Attribute of a key: the widget that had the focus when it was read."""


@runtime_checkable
class _Saying(Protocol):
    """A screen with a line for messages."""

    def say(self, text: str) -> None: ...


class LogtuiApp(LightApp[LogtuiError], inherit_bindings=False):
    """One store on the screen. Textual's own keys are left out: ctrl+q quits there, and it is flow control."""

    CSS_PATH = "app.tcss"
    BINDINGS = bindings("app")
    ENABLE_COMMAND_PALETTE: ClassVar[bool] = False

    def __init__(
        self,
        opening: Opening,
        *,
        store: Path,
        query: str,
        settings: Settings,
        clock: Clock,
        saved: SavedView | None = None,
        last_resort: LastResort | None = None,
    ) -> None:
        name = theme_name(settings.theme)
        theme = inner_name(name)
        # Textual decides how to leave out colours while it is made, before a theme can be set.
        super().__init__(driver_class=SshDriver, ansi_color=theme.startswith("ansi-") or None)
        settings = replace(settings, keymap=keymap_of(settings.keys, settings.keymap))
        complaints = validate(settings.keymap)
        if complaints:
            raise UsageError("\n".join(complaints))
        for own in OWN.values():
            self.register_theme(own)
        if theme not in self.available_themes:
            known = ", ".join(["auto", *NAMES, *sorted(set(self.available_themes) - set(NAMES))])
            raise UsageError(f"there is no theme {settings.theme}; there are {known}")
        # Before the first frame: a change afterwards would paint everything twice.
        self.theme = theme
        self.animation_level = "none"
        self.set_keymap(textual_keymap(settings.keymap))
        self._chords = Chords()
        self._chords_at: DOMNode | None = None
        self._places: dict[str, DOMNode] = {}
        self._theme_name = name
        self.last_resort = last_resort
        self.crash: Exception | None = None
        self._turns = KeyTurns(self, self._give)
        self._explorer = Explorer(opening, store, query, settings, clock, saved)

    @property
    def failure(self) -> LogtuiError | None:
        """Why the screen could not be opened, if so."""
        return self.return_value

    def get_default_screen(self) -> Explorer:
        """Return the main screen."""
        return self._explorer

    def exit(self, result: LogtuiError | None = None, return_code: int = 0, _message: object = None) -> None:
        """Leave, in limited time whatever hangs. The first reason counts."""
        if self.last_resort is not None:
            self.last_resort.end_within(seconds_for(return_code), return_code)
        if not self._exit:
            super().exit(result, return_code)

    def on_load(self) -> None:
        """See to it that no mistake ends as a traceback on the screen, or in silence."""
        asyncio.get_running_loop().set_exception_handler(self._handle_loop_exception)

    def panic(self, *_renderables: object) -> None:
        """Leave: Textual came upon a mistake, and would print it."""
        self._handle_exception(RuntimeError("Textual gave up"))

    def fail_from_thread(self, error: Exception, thread: threading.Thread | None) -> None:
        """Leave, because of an exception in a thread; to be called there."""
        driver = self._driver
        end: Callable[[], None] = partial(self._handle_exception, error)
        if isinstance(error, OSError) and isinstance(driver, SshDriver) and driver.is_writer(thread):
            end = driver.hang_up
        if self._loop is not None:
            with suppress(RuntimeError):  # it has ended
                self._loop.call_soon_threadsafe(end)

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback; it belongs into the log file, which the launcher's caller writes.
        cause = error.error if isinstance(error, WorkerFailed) else error
        self.crash = self.crash or (cause if isinstance(cause, Exception) else error)
        if self.last_resort is not None:
            self.last_resort.crash = self.crash
        self.exit(return_code=1)

    def _handle_loop_exception(self, _loop: object, context: Mapping[str, Any]) -> None:
        # While all is being taken apart, tasks may find their widgets gone.
        if not self._exit:
            error = context.get("exception")
            self._handle_exception(error if isinstance(error, Exception) else RuntimeError(context["message"]))

    async def on_event(self, event: events.Event) -> None:
        """Let keys and pasted text wait for their turn, but not those that cancel."""
        is_urgent = isinstance(event, events.Key) and event.key in self.urgent_keys
        if isinstance(event, TypedEvent) and not event.is_forwarded and not is_urgent:
            await self._turns.come(event)
        else:
            await super().on_event(event)

    @property
    def has_keys_to_give(self) -> bool:
        """Whether keys wait for their turn, or the last one may still be on its way."""
        return not self._turns.is_over

    async def _give(self, event: TypedEvent) -> None:
        vars(event)[_AIMED_AT] = self.focused
        await super().on_event(event)

    async def on_key_passed(self, mark: KeyPassed) -> None:
        """See to the next key."""
        await self._turns.passed(mark)

    def on_key(self, event: events.Key) -> None:
        """See to keys that were sent to a screen which had no focus yet, as that of a dialog which just opens.

        They come by here in their order, on their way to the bindings: what was meant for an input goes there.
        """
        focused = self.focused
        if isinstance(focused, Input) and vars(event).get(_AIMED_AT) is not focused:
            key = events.Key(event.key, event.character)
            vars(key)[_AIMED_AT] = focused
            focused.post_message(key)
        elif isinstance(focused, Input) or not self._take_chord(event.key):
            return
        event.stop()
        event.prevent_default()

    def _take_chord(self, key: str) -> bool:
        """Read chords before bindings see their keys; tell whether this key was part of one."""
        here: DOMNode = self.focused or self.screen
        if here is not self._chords_at:
            self._chords_at, self._places = here, _places(here)
            self._chords = Chords(*self._places, keymap=self._explorer.settings.keymap)
        was_waiting = bool(self._chords.pressed)
        press = self._chords.press(key)
        if press.is_taken and (was_waiting or self._chords.pressed):
            self._explorer.show_chord(self._chords.options if self._chords.pressed else ())
        if press.action is not None:
            action, place = press.action, self._places[press.action.scope]
            self.run_worker(self.run_action(action.name, place), exit_on_error=True)
        return press.is_taken

    @property
    def urgent_keys(self) -> tuple[str, ...]:
        """Keys that must have an effect at once: those that cancel."""
        return keys_of(BY_ID["app.cancel"], self._explorer.settings.keymap)

    def action_cancel(self) -> None:
        """Withdraw what is being searched; with nothing to withdraw, leave."""
        if isinstance(self._driver, SshDriver):
            self._driver.urgent_key_was_taken()
        if self._explorer.cancel():
            # Also where the person looks: a dialog, or an event that covers all.
            for screen in (self._explorer, self.screen):
                if isinstance(screen, _Saying):
                    screen.say("cancelled; ctrl+c again quits")
        else:
            self.exit(return_code=130)

    def action_help(self) -> None:
        """Show all keys, those of the place where the focus is first."""
        from logtui.tui.screens.help import Help

        if not isinstance(self.screen, Help):
            scope = getattr(self.screen, "SCOPE", "") or self._explorer.scope
            self.push_screen(Help(scope, self._explorer.settings.keymap))

    def action_next_theme(self) -> None:
        """Go to the next theme, and say which it is."""
        if "NO_COLOR" in os.environ:
            self._say("NO_COLOR is set: all themes look alike")
            return
        self._theme_name = next_name(self._theme_name)
        # Until now only what was asked for at the start counted.
        self.ansi_color = None
        self.theme = inner_name(self._theme_name)
        self._say(f'theme "{self._theme_name}": {MEANINGS[self._theme_name]}')

    def _say(self, text: str) -> None:
        say: Callable[[str], None] = getattr(self.screen, "say", self._explorer.say)
        say(text)

    def action_suspend(self) -> None:
        """Back to the shell; `fg` returns."""
        self.action_suspend_process()


def _places(focused: DOMNode) -> dict[str, DOMNode]:
    """Return where a key is looked up, the innermost first: scope of the table of actions -> what has its methods."""
    places: dict[str, DOMNode] = {}
    for node in focused.ancestors_with_self:
        for kind in type(node).__mro__:
            for binding in vars(kind).get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.id is not None:
                    places.setdefault(binding.id.partition(".")[0], node)
    return places
