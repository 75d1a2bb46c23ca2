"""What the dialogs have in common: a box over the screen below, a title, a body, a line of hints.

The screen below stays as it is: a tint over it would have to be sent as a whole frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen, Screen
from textual.widget import Widget
from textual.widgets import Input

from logtui.core.sanitise import narrow, visible
from logtui.tui.hints import hints
from logtui.tui.keymap import BY_ID, bindings, key_label, keys_of
from logtui.tui.widgets.lines import Lines
from logtui.tui.widgets.status_line import StatusLine

_WIDE, _SMALL = 100, 76
"""Widths of the box, as in the style below."""

_Result = TypeVar("_Result")


ASK_BINDINGS = bindings("ask")


class Asking(Screen[_Result]):
    """Mixed into screens with inputs, which bind `ASK_BINDINGS`: take what was typed, go from input to input."""

    async def action_accept(self) -> None:
        """Take what was typed, as the input itself would."""
        if isinstance(self.focused, Input):
            await self.focused.action_submit()

    def action_next_input(self) -> None:
        """Go to the next input."""
        self.focus_next(Input)

    def action_previous_input(self) -> None:
        """Go to the previous input."""
        self.focus_previous(Input)


class Dialog(ModalScreen[_Result | None], inherit_bindings=False):
    """A box with a title; closing gives None. Textual's own keys are left out, because no help would list them."""

    SCOPE: ClassVar[str] = ""
    """Whose actions the hints show; none if empty."""
    LEAST: ClassVar[tuple[int, int]] = (0, 0)
    """Columns and lines of a terminal without which something that matters is out of sight."""
    BINDINGS: ClassVar[list[BindingType]] = bindings("dialog")
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: transparent;
        & > Vertical {
            width: 100; max-width: 100%; height: 80%; min-height: 10; max-height: 100%;
            border: round $primary; padding: 0 1;
            background: $background;
            &:ansi { background: ansi_default; }
        }
        &.-small > Vertical { width: 76; height: auto; min-height: 5; }
    }
    """

    def __init__(self, *, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.keymap: Mapping[str, str] = keymap or {}
        self._title = StatusLine()
        self._hints = StatusLine()

    def hint(self, **meanings: str) -> str:
        """Return keys and what they do here; each argument is an action with `_` for the dot."""
        ids = {action.replace("_", ".", 1): meaning for action, meaning in meanings.items()}
        keys = {name: keys_of(BY_ID[name], self.keymap) for name in ids}
        return "   ".join(f"{key_label(keys[name][0])} {meaning}" for name, meaning in ids.items() if keys[name])

    def body(self) -> tuple[Widget, ...]:
        """Return what stands between title and hints; the first one gets the focus."""
        raise NotImplementedError

    def title_text(self) -> tuple[str, str]:
        """Return the title, left and right; visible text."""
        raise NotImplementedError

    def show_title(self) -> None:
        """Show the title anew."""
        left, right = self.title_text()
        columns, lines = self.LEAST
        if self.size.width < columns or self.size.height < lines:
            left, right = f"needs {columns}×{lines}", ""
        has_room = cell_len(left) + cell_len(right) + 2 <= self.room
        self._title.left, self._title.right = ((left, "strong"),), ((right if has_room else "", "dim"),)

    def compose(self) -> ComposeResult:
        with Vertical():
            yield self._title
            yield from self.body()
            if self.SCOPE:
                yield self._hints

    def on_mount(self) -> None:
        self.show_title()
        self.body()[0].focus()

    @property
    def room(self) -> int:
        """Cells between the sides of the box."""
        return min(_SMALL if self.has_class("-small") else _WIDE, self.size.width) - 4

    def on_resize(self) -> None:
        self.show_title()
        self._hints.left = ((hints(self.SCOPE, self.keymap, self.room) if self.SCOPE else "", "dim"),)

    def say(self, text: str) -> None:
        """Show a message beside the title until the next move."""
        self._title.right = ((narrow(visible(text, 200)), "warn"),)

    def on_lines_moved(self, message: Lines.Moved) -> None:
        message.stop()
        self.show_title()

    def action_close(self) -> None:
        """Close without a result."""
        self.dismiss(None)
