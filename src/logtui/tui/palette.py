"""The command palette: every action of the explorer and the feed by its name. Push `palette()` to open it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider
from textual.content import Content
from textual.widgets import Input

from logtui.tui.actions import ACTIONS, Action
from logtui.tui.keymap import NO_KEYMAP, keys_label

_SCOPES = ("explorer", "feed", "app")
_POINTLESS = ("explorer.palette", "explorer.leave")


class StillPalette(CommandPalette):
    """A palette whose cursor does not blink: over SSH that would be bytes for ever."""

    def on_mount(self) -> None:
        self.query_one(Input).cursor_blink = False


def palette(keymap: Mapping[str, str] = NO_KEYMAP) -> CommandPalette:
    """Return the screen that finds and runs actions of the screen below, and tells their keys."""

    class Actions(ActionProvider):
        keys = keymap

    return StillPalette(providers=[Actions], placeholder="find an action")


class ActionProvider(Provider):
    """Offers the actions that work on the screen below the palette."""

    keys: Mapping[str, str] = NO_KEYMAP
    """Textual makes the provider, so that its class has to know the keys."""

    async def discover(self) -> Hits:
        for action in offered():
            yield DiscoveryHit(Content(action.title), partial(self._run, action), action.title, self._help(action))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for action in offered():
            name = f"{action.title}: {action.meaning}"
            score = matcher.match(name)
            if score > 0:
                yield Hit(
                    score,
                    matcher.highlight(name),
                    partial(self._run, action),
                    name,
                    f"key {keys_label(action, self.keys)}",
                )

    def _help(self, action: Action) -> str:
        return f"{action.meaning}  ({keys_label(action, self.keys)})"

    async def _run(self, action: Action) -> None:
        screen = self.screen
        namespace = {"explorer": screen, "app": self.app}.get(action.scope, screen.focused or screen)
        await self.app.run_action(action.name, namespace)


def offered() -> tuple[Action, ...]:
    """Return the actions that the palette offers."""
    return tuple(
        action for scope in _SCOPES for action in ACTIONS if action.scope == scope and action.id not in _POINTLESS
    )
