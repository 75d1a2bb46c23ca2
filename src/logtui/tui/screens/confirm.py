"""A question that is answered with yes or no. `Confirm(question)` gives True for yes; anything else means no."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from logtui.tui.actions import BY_ID
from logtui.tui.keymap import bindings, keys_label
from logtui.tui.screens.dialog import Dialog
from logtui.tui.widgets.status_line import StatusLine


class Confirm(Dialog[bool]):
    """One question; enter means no, because whoever asks for much presses it twice."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("confirm")

    def __init__(self, title: str, question: str, *, keymap: Mapping[str, str] | None = None) -> None:
        """Make the dialog; both texts are visible ones."""
        super().__init__(keymap=keymap)
        self.add_class("-small")
        self._asked = title
        self._question = StatusLine()
        self._question.left = ((question, "plain"),)
        self._answers = StatusLine()

    def body(self) -> tuple[Widget, ...]:
        return (self._question, self._answers)

    def title_text(self) -> tuple[str, str]:
        return self._asked, ""

    def on_mount(self) -> None:
        yes, no = (keys_label(BY_ID[f"confirm.{answer}"], self.keymap) for answer in ("yes", "no"))
        self._answers.left = ((yes, "key"), (" yes   ", "dim"), (no, "key"), (" no", "dim"))

    def action_yes(self) -> None:
        self.dismiss(True)

    def action_no(self) -> None:
        self.dismiss(False)
