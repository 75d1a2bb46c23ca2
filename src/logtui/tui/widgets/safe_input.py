"""An input whose text may have come from an event: pivots put values into queries, and the terminal would obey them."""

from __future__ import annotations

from rich.text import Text
from textual.widgets import Input

from logtui.core.sanitise import one_for_one


class SafeInput(Input):
    """Shows a sign for each character that a terminal obeys or nobody can see; its value stays as it is.

    Every input of the screen is one. `Input` has no public way to change how its value is shown; a test holds this one
    to its promise in a real terminal.
    """

    @property
    def _value(self) -> Text:
        return Text(one_for_one(self.value), no_wrap=True, overflow="ignore", end="")

    def _position_to_cell(self, position: int) -> int:
        return Text(one_for_one(self.value[:position])).cell_len
