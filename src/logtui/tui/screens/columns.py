"""Choose, order and size the columns of the feed.

`Columns(chosen, defaults)` gives the chosen columns from left to right, each with its width, or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.widget import Widget

from logtui.tui.screens.dialog import Dialog
from logtui.tui.widgets.column_list import ColumnList, Sized


class Columns(Dialog[tuple[Sized, ...]]):
    """A list of all columns."""

    SCOPE = "columns"

    def __init__(
        self, chosen: Sequence[Sized], defaults: Sequence[Sized], *, keymap: Mapping[str, str] | None = None
    ) -> None:
        """Make the dialog.

        Args:
            chosen: the columns of the feed, from left to right.
            defaults: what reset goes back to.
        """
        super().__init__(keymap=keymap)
        self._list = ColumnList(chosen, defaults)

    def body(self) -> tuple[Widget, ...]:
        return (self._list,)

    def title_text(self) -> tuple[str, str]:
        return "columns of the feed", "the first ones stand leftmost"

    def on_column_list_applied(self, message: ColumnList.Applied) -> None:
        message.stop()
        self.dismiss(message.columns)

    def on_column_list_refused(self, message: ColumnList.Refused) -> None:
        message.stop()
        self.say(message.reason)
