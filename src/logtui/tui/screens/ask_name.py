"""Ask for the name of a view. `AskName(title, name)` gives the name, or None."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from logtui.core.errors import UsageError
from logtui.core.sanitise import visible
from logtui.services.saved_views import LONGEST_NAME, checked_name
from logtui.tui.screens.dialog import ASK_BINDINGS, Asking, Dialog
from logtui.tui.widgets.safe_input import SafeInput
from logtui.tui.widgets.status_line import StatusLine


class AskName(Dialog[str], Asking[str | None]):
    """One line to type."""

    BINDINGS: ClassVar[list[BindingType]] = ASK_BINDINGS

    def __init__(self, title: str, name: str = "", note: str = "", *, keymap: Mapping[str, str] | None = None) -> None:
        """Make the dialog.

        Args:
            name: to begin with.
            note: visible text that is shown as long as nothing is wrong.
        """
        super().__init__(keymap=keymap)
        self.add_class("-small")
        self._asked = title
        self._note = note
        self._first = visible(name, LONGEST_NAME)
        self._input = SafeInput(placeholder="name", compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self._remark = StatusLine()

    def body(self) -> tuple[Widget, ...]:
        return (self._input, self._remark)

    def title_text(self) -> tuple[str, str]:
        return self._asked, self.hint(ask_accept="done", dialog_close="close")

    def on_mount(self) -> None:
        self._input.value = self._first
        self._input.cursor_position = len(self._first)
        self._remark.left = ((self._note, "dim"),)

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._remark.left = ((self._note, "dim"),)

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        try:
            self.dismiss(checked_name(message.value))
        except UsageError as error:
            self._remark.left = ((str(error), "bad"),)
