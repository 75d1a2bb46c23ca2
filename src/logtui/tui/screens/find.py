"""One line to type the text to find. `FindText(text)` gives the text, "" to forget the last one, or None."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import ModalScreen
from textual.widgets import Input

from logtui.core.sanitise import visible
from logtui.tui.keymap import bindings
from logtui.tui.screens.dialog import ASK_BINDINGS, Asking
from logtui.tui.widgets.safe_input import SafeInput


class FindText(ModalScreen[str | None], Asking[str | None], inherit_bindings=False):
    """An input below what stays visible."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("dialog"), *ASK_BINDINGS]
    DEFAULT_CSS = """
    FindText {
        align: left bottom;
        background: transparent;
        & > Input { height: 1; border: none; padding: 0 1; background: $surface; }
    }
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = visible(text, 200)

    def compose(self) -> ComposeResult:
        field = SafeInput(self._text, placeholder="find", compact=True)
        field.cursor_blink = False
        yield field

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.dismiss(event.value)

    def action_close(self) -> None:
        self.dismiss(None)
