"""What Textual makes is understood, so that nothing falls back to sending it whole; and what if it were not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from rich.color import ColorSystem
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from logtui.tui.output.abilities import Abilities
from logtui.tui.output.frames import Frames
from logtui.tui.output.pens import Pens
from tests.terminal import Terminal
from tests.tui.output.emulator import Emulator, painted

APP = """
import sys
from textual.widgets import Static
from logtui.tui.driver import SshDriver
from logtui.tui.output import light_app
from logtui.tui.output.light_app import LightApp

class Broken(light_app.Frames):
    def take(self, update, size):
        raise AttributeError("Textual has changed")

class Counting(LightApp):
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [("ctrl+l", "redraw")]
    count = 0
    def compose(self):
        yield Static("-" * 100, markup=False)
        yield Static("count 0", id="count", markup=False)
    def on_key(self, event):
        if event.key == "x":
            self.count += 1
            self.query_one("#count").update(f"count {self.count}")
        if event.key == "q":
            self.exit()

if "broken" in sys.argv:
    light_app.Frames = Broken
Counting(driver_class=SshDriver).run(mouse=False)
"""


class Dialog(ModalScreen[None]):
    CSS = "Dialog { align: center middle; } Vertical { width: 30; height: 6; border: round red; }"

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Input("a dialog", select_on_focus=False)


class Ordinary(App[None]):
    CSS = "#left { width: 1fr; background: $panel; } #right { width: 20; dock: right; }"

    def compose(self) -> ComposeResult:
        yield Static("left\n" * 20, id="left", markup=False)
        yield Static("right 漢字\n" * 5, id="right", markup=False)


async def test_textual_s_updates_are_those_that_are_known() -> None:
    """Whole screens, parts of lines, dialogs: as the compositor of this version of Textual makes them."""
    app = Ordinary()
    async with app.run_test(size=(60, 20)) as pilot:
        frames, terminal = Frames(Pens(ColorSystem.TRUECOLOR), Abilities(fills=True)), Emulator(60, 20)

        def show(widget: Widget | None) -> None:
            """Send what Textual paints of a widget, or of all, and compare."""
            compositor = app.screen._compositor
            if widget is not None:
                widget.refresh()
                compositor.update_widgets({widget})
            frames.take(compositor.render_update(widget is None, app._background_screens), app.size)
            terminal.write(frames.render(Offset(0, 0)))
            assert terminal.cells == painted(compositor.render_strips(), 60)

        show(None)
        left = app.query_one("#left", Static)
        left.update("changed\n" * 20)
        await pilot.pause()
        show(left)
        await app.push_screen(Dialog())
        await pilot.pause()
        show(None)
        await pilot.press("x")
        show(app.screen.query_one(Input))
        assert any("dialogx" in line for line in terminal.text)


@pytest.fixture
def terminal(request: pytest.FixtureRequest) -> Iterator[Terminal]:
    argv = [sys.executable, "-c", APP, *getattr(request, "param", ())]
    with Terminal(argv, columns=100, rows=5) as terminal:
        terminal.wait_for("count 0")
        terminal.settle(0.2)
        yield terminal


@pytest.mark.pty
class TestInATerminal:
    def test_a_change_costs_what_has_changed(self, terminal: Terminal) -> None:
        assert terminal.react("x").byte_count < 100
        terminal.wait_for("count 1")

    def test_redraw_repairs_what_others_wrote(self, terminal: Terminal) -> None:
        before = terminal.cells
        terminal._stream.feed("\x1b[1;1Hwall: the machine goes down\x1b[2J")
        terminal.react("ctrl+l", quiet=0.2)
        assert terminal.cells == before

    def test_a_resize_to_and_fro_leaves_nothing_behind(self, terminal: Terminal) -> None:
        """What the terminal cut off is sent again."""
        before = terminal.cells
        terminal.resize(50, 3)
        terminal.wait_for(r"\A-{50}\n-{50}\ncount 0")
        terminal.resize(100, 5)
        terminal.wait_for(r"\A-{100}\ncount 0")
        assert terminal.cells == before

    @pytest.mark.parametrize("terminal", [["broken"]], indirect=True)
    def test_what_is_not_understood_is_sent_as_textual_does(self, terminal: Terminal) -> None:
        terminal.press("x", "x")
        terminal.wait_for("count 2")

    def test_nothing_is_left_to_be_answered(self, terminal: Terminal) -> None:
        """A reply that comes after the program has gone would be keys for the shell."""
        terminal.press(*"xxxxxxxx", "q")
        assert terminal.wait_exit() == 0
        assert b"\x1b[1;1R" not in terminal.raw


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("xterm-256color", Abilities(fills=True, takes_back=True, scrolls=True)),
        ("screen", Abilities(fills=False, takes_back=True, scrolls=True)),
        ("vt100", Abilities(fills=False, takes_back=False, scrolls=True)),
        ("a-terminal-of-next-year", Abilities()),
        ("dumb", Abilities(fills=False, takes_back=False, scrolls=False)),
        ("", Abilities(scrolls=False)),
    ],
)
def test_what_terminals_can_do(term: str, expected: Abilities) -> None:
    """The library looks up one terminal for each process."""
    ask = "from logtui.tui.output.abilities import abilities; print(abilities())"
    answer = subprocess.run(
        [sys.executable, "-c", ask], env={**os.environ, "TERM": term}, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == str(expected)
