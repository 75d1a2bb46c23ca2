"""One line with a label and some options, one of which is chosen by keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from logtui.tui.keymap import bindings
from logtui.tui.widgets.status_line import Part, StatusLine

_LABEL_CELLS = 9


class Choice(StatusLine, can_focus=True):
    """The chosen option stands in brackets, so that no colour is needed to see it."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("choice")

    @dataclass
    class Changed(Message):
        """Another option was chosen. Handler: `on_choice_changed`."""

        choice: Choice

        @property
        def control(self) -> Choice:
            return self.choice

    def __init__(self, label: str, options: Sequence[tuple[str, str]]) -> None:
        """Make the line.

        Args:
            options: the value and the visible text of each; the first one is chosen.
        """
        super().__init__()
        self._label = label
        self._options = tuple(options)
        self._at = 0
        self._show()

    @property
    def value(self) -> str:
        """The chosen value."""
        return self._options[self._at][0]

    def choose(self, value: str) -> None:
        """Choose a value; one that is no option changes nothing, and nobody is told."""
        values = [known for known, _ in self._options]
        self._at = values.index(value) if value in values else self._at
        self._show()

    def _show(self) -> None:
        parts: list[Part] = [
            ("▸ " if self.has_focus else "  ", "key"),
            (self._label.ljust(_LABEL_CELLS), "strong" if self.has_focus else "dim"),
        ]
        for at, (_, text) in enumerate(self._options):
            is_chosen = at == self._at
            parts.append((f"[{text}]" if is_chosen else f" {text} ", "strong" if is_chosen else "dim"))
        self.left = tuple(parts)

    def watch_has_focus(self, has_focus: bool) -> None:
        """Show where the keys go."""
        super().watch_has_focus(has_focus)
        if has_focus:
            # There screen readers and magnifiers look.
            self.app.cursor_position = self.region.offset
        self._show()

    def action_left(self) -> None:
        self._step(-1)

    def action_right(self) -> None:
        self._step(1)

    def _step(self, step: int) -> None:
        self._at = (self._at + step) % len(self._options)
        self._show()
        self.post_message(self.Changed(self))
