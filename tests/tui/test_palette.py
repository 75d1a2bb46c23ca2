"""The palette finds an action by its name and runs it where it belongs."""

from __future__ import annotations

from textual.app import App
from textual.screen import Screen

from logtui.tui.keymap import bindings
from logtui.tui.palette import offered, palette


class Recording(Screen[None]):
    """Has some of the explorer's actions."""

    BINDINGS = bindings("explorer")

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def action_palette(self) -> None:
        self.app.push_screen(palette())

    def action_pivot_trace(self) -> None:
        self.done.append("trace")


class RecordingApp(App[None]):
    """One screen."""

    ENABLE_COMMAND_PALETTE = False

    def get_default_screen(self) -> Recording:
        return Recording()


class TestPalette:
    async def test_runs_what_was_found_on_the_screen_below(self) -> None:
        """A name is enough; nobody remembers every key."""
        app = RecordingApp()
        async with app.run_test() as pilot:
            screen = app.screen
            assert isinstance(screen, Recording)
            await pilot.press(":", *"of this trace")
            for _ in range(200):
                await pilot.pause(0.01)
                if app.screen.query("CommandList").first().display:
                    break
            await pilot.press("down", "enter")
            for _ in range(200):
                await pilot.pause(0.01)
                if screen.done:
                    break

            assert screen.done == ["trace"]

    def test_offers_what_works_below(self) -> None:
        """Not itself, and no action of another screen."""
        ids = {action.id for action in offered()}

        assert {"explorer.follow", "feed.open", "app.help"} <= ids
        assert not {"explorer.palette", "detail.close"} & ids
