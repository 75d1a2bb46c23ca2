"""One line to type a word or a reason. `AskWord(…)` gives the text, or None."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from logtui.tui.screens.dialog import ASK_BINDINGS, Asking, Dialog
from logtui.tui.widgets.safe_input import SafeInput
from logtui.tui.widgets.status_line import StatusLine


class AskWord(Dialog[str], Asking[str | None]):
    """Says what is about to happen, and takes a typed answer."""

    BINDINGS: ClassVar[list[BindingType]] = ASK_BINDINGS

    def __init__(
        self, title: str, lines: Sequence[str], *, expected: str = "", keymap: Mapping[str, str] | None = None
    ) -> None:
        """Make the dialog; all texts are visible ones.

        Args:
            expected: the word that has to be typed; "" takes any text but none.
        """
        super().__init__(keymap=keymap)
        self.add_class("-small")
        self._asked = title
        self._expected = expected
        self._field = SafeInput(placeholder=f"type {expected}" if expected else "", compact=True)
        self._field.cursor_blink = False
        self._texts = [StatusLine() for _ in lines]
        for line, text in zip(self._texts, lines, strict=True):
            line.left = ((text, "plain"),)

    def body(self) -> tuple[Widget, ...]:
        return (self._field, *self._texts)

    def title_text(self) -> tuple[str, str]:
        return self._asked, self.hint(ask_accept="go", dialog_close="close")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        text = message.value.strip()
        if text and (not self._expected or text == self._expected):
            self.dismiss(text)
        else:
            self.say(f"type {self._expected}, or esc" if self._expected else "a text is needed, or esc")
