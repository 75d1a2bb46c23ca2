"""A list of given rows, or of given paragraphs."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, chop_cells

from logtui.tui.widgets.lines import Lines, Part


class TextLines(Lines):
    """Rows that the owner makes; their texts must be `visible`."""

    def __init__(self, *, wraps: bool = False, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Make an empty list.

        Args:
            wraps: whether what does not fit goes on in further rows, or is cut.
        """
        super().__init__(id=id)
        self._wraps = wraps
        self._given: Sequence[Sequence[Part]] = ()
        self._rows: Sequence[Sequence[Part]] = ()

    def show(self, rows: Sequence[Sequence[Part]], *, cursor: int = 0) -> None:
        """Show other rows, with the cursor on one of them."""
        self._given = self._rows = rows
        self.restart(cursor=cursor)

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def fit(self, width: int) -> None:
        if self._wraps:
            self._rows = [row for parts in self._given for row in wrapped(parts, width)]

    def parts(self, row: int, width: int) -> Sequence[Part]:  # noqa: ARG002 - rows are what they are
        return self._rows[row]


def wrapped(parts: Sequence[Part], width: int) -> list[list[Part]]:
    """Return the rows that the parts of one paragraph make; rows after the first one are set in by two cells."""
    text = "".join(text for text, _ in parts)
    if cell_len(text) <= width:
        return [list(parts)]
    first = (chop_cells(text, max(width, 8)) or [""])[0]
    lengths = [len(first), *(len(row) for row in chop_cells(text[len(first) :], max(width - 2, 6)))]
    left = [(char, style) for text, style in parts for char in text]
    rows: list[list[Part]] = []
    for length in lengths:
        row, left = left[:length], left[length:]
        rows.append([("  ", "plain")] * bool(rows) + _joined(row))
    return rows


def _joined(chars: Sequence[Part]) -> list[Part]:
    joined: list[Part] = []
    for char, style in chars:
        if joined and joined[-1][1] == style:
            joined[-1] = (joined[-1][0] + char, style)
        else:
            joined.append((char, style))
    return joined
