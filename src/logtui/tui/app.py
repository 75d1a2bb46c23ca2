"""The program on the screen: themes, keymap, and ways out. Everything else is in its screens."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from textual import events
from textual.app import App
from textual.widgets import Input

from logtui.config import Settings
from logtui.core.clock import Clock
from logtui.core.errors import LogtuiError, UsageError
from logtui.core.view import SavedView
from logtui.tui.driver import SshDriver
from logtui.tui.keymap import bindings, textual_keymap, validate
from logtui.tui.opening import Opening
from logtui.tui.screens.explorer import Explorer
from logtui.tui.terminal import theme_name

THEMES = {"dark": "textual-dark", "light": "textual-light", "ansi": "ansi-dark", "ansi-light": "ansi-light"}
"""Our names for themes; any other name is Textual's own."""

_AIMED_AT = "aimed_at"
"""Attribute of a key: the widget that had the focus when it was read."""


class LogtuiApp(App[LogtuiError]):
    """One store on the screen."""

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
    ) -> None:
        name = theme_name(settings.theme)
        theme = THEMES.get(name, name)
        # Textual decides how to leave out colours while it is made, before a theme can be set.
        super().__init__(driver_class=SshDriver, ansi_color=theme.startswith("ansi-") or None)
        complaints = validate(settings.keymap)
        if complaints:
            raise UsageError("\n".join(complaints))
        if theme not in self.available_themes:
            known = ", ".join(["auto", *THEMES, *sorted(self.available_themes)])
            raise UsageError(f"there is no theme {settings.theme}; there are {known}")
        # Before the first frame: a change afterwards would paint everything twice.
        self.theme = theme
        self.animation_level = "none"
        self.set_keymap(textual_keymap(settings.keymap))
        self.crash: Exception | None = None
        self._explorer = Explorer(opening, store, query, settings, clock, saved)

    @property
    def failure(self) -> LogtuiError | None:
        """Why the screen could not be opened, if so."""
        return self.return_value

    def get_default_screen(self) -> Explorer:
        """Return the main screen."""
        return self._explorer

    def _handle_exception(self, error: Exception) -> None:
        # Textual would print a traceback; it belongs into the log file, which the launcher's caller writes.
        self.crash = self.crash or error
        self.exit(return_code=1)

    async def on_event(self, event: events.Event) -> None:
        """Remember where a key was sent."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            vars(event)[_AIMED_AT] = self.focused
        await super().on_event(event)

    def on_key(self, event: events.Key) -> None:
        """See to keys that come in one burst, as from a slow line: `/` and the query behind it.

        All of them were sent to the feed before the first one moved the focus. They come by here in their order, on
        their way to the bindings: what was meant for an input goes there.
        """
        focused = self.focused
        if isinstance(focused, Input) and vars(event).get(_AIMED_AT) is not focused:
            key = events.Key(event.key, event.character)
            vars(key)[_AIMED_AT] = focused
            focused.post_message(key)
        elif not (self.screen is self._explorer and self._explorer.take_key(event.key)):
            return
        event.stop()
        event.prevent_default()

    def action_cancel(self) -> None:
        """Withdraw what is being searched; with nothing to withdraw, leave."""
        if self._explorer.cancel():
            self._explorer.say("cancelled; ctrl+c again quits")
        else:
            self.exit(return_code=130)

    def action_help(self) -> None:
        """Show all keys, those of the place where the focus is first."""
        from logtui.tui.screens.help import Help

        if not isinstance(self.screen, Help):
            scope = getattr(self.screen, "SCOPE", "") or self._explorer.scope
            self.push_screen(Help(scope, self._explorer.settings.keymap))

    def action_suspend(self) -> None:
        """Back to the shell; `fg` returns."""
        self.action_suspend_process()
