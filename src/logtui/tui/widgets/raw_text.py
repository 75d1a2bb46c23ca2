"""A payload exactly as it is stored, wrapped; hidden characters spelled out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from logtui.core.sanitise import visible
from logtui.tui.widgets.lines import Lines, Part, Picked
from logtui.tui.wrapping import Wrapping


class RawText(Lines):
    """The text of one payload; `show` gives it one."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._rows = Wrapping("", 80)
        self._note = ""

    def show(self, text: str | None, *, note: str = "") -> None:
        """Show another text, under the note if there is one."""
        self._rows = Wrapping(text or "", self.size.width or 80)
        self._note = note
        self.restart()

    @property
    def row_count(self) -> int:
        return bool(self._note) + len(self._rows) + self._rows.is_cut

    def grow(self) -> bool:
        return self._rows.step()

    def fit(self, width: int) -> None:
        if width != self._rows.width:
            self._rows = Wrapping(self._rows.text, width)

    def parts(self, row: int, width: int) -> Sequence[Part]:  # noqa: ARG002 - rows were made for the width
        row -= bool(self._note)
        if row < 0:
            return [(visible(self._note), "warn")]
        if row == len(self._rows):
            return [("… the text goes on; copy the event's command line to write it to a file", "dim")]
        return [(self._rows.row(row), "plain")]

    def picked(self) -> Picked | None:
        return Picked("payload", problem="filter on a leaf, in the payload tab", is_json=True)

    def copied(self) -> str:
        return self._rows.text

    def search(self, pattern: re.Pattern[str], *, is_backwards: bool = False) -> Iterator[bool]:
        offset = bool(self._note)
        for row in self._rows.search(pattern, max(0, self.cursor - offset), is_backwards=is_backwards):
            if row is not None:
                self.move_to(row + offset)
            yield row is not None
