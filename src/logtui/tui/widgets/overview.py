"""Every column of one event, one below the other, values wrapped whole."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len, chop_cells
from textual.geometry import Size

from logtui.core.columns import BY_NAME, Kind
from logtui.core.event import Event
from logtui.core.query.ast import ColumnRef
from logtui.core.times import format_utc
from logtui.tui.event_fields import EventField
from logtui.tui.widgets.lines import Lines, Part, Picked

_LABEL = 10
_NARROW_LABEL = 9


class Overview(Lines):
    """The columns of one event; `show` gives it one. It is as high as its rows, if there is room."""

    DEFAULT_CSS = """
    Overview { height: auto; max-height: 100%; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._event: Event | None = None
        self._fields: tuple[EventField, ...] = ()
        self._rows: list[tuple[int, list[Part]]] = []  # number of the field, what stands in the row

    def show(self, event: Event, fields: tuple[EventField, ...]) -> None:
        """Show another event, or more of the same one; the cursor stays on its field."""
        number = self._rows[self.cursor][0] if self.cursor < len(self._rows) else 0
        self._event, self._fields = event, fields
        old_count = self.row_count
        self.fit(self.size.width or 80)
        row = next((row for row, (field, _) in enumerate(self._rows) if field == number), 0)
        self.restart(cursor=row)
        if self.row_count != old_count:
            self.refresh(layout=True)

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002
        self.fit(width)
        return len(self._rows)

    def fit(self, width: int) -> None:
        self._rows = [(number, row) for number, field in enumerate(self._fields) for row in _rows_of(field, width)]

    def parts(self, row: int, width: int) -> Sequence[Part]:  # noqa: ARG002 - rows were made for the width
        return self._rows[row][1]

    def picked(self) -> Picked | None:
        if self._event is None or self.cursor >= len(self._rows):
            return None
        field = self._field
        if field.column is None:
            return Picked(field.label, problem="said about the event; no value of it")
        column = BY_NAME[field.column]
        if column.field is None:
            problem = f"no query field looks at {column.title}"
            return Picked(column.name, problem=problem, is_json=column.kind is Kind.JSON)
        return Picked(column.field, ColumnRef(column.name), getattr(self._event, column.name))

    def copied(self) -> str:
        if self._field.column is None:
            return self._field.shown
        value = getattr(self._event, self._field.column)
        return "" if value is None else format_utc(value) if isinstance(value, int) else str(value)

    @property
    def _field(self) -> EventField:
        return self._fields[self._rows[self.cursor][0]]


def _rows_of(field: EventField, width: int) -> list[list[Part]]:
    label = field.label.ljust(_LABEL if width >= 60 else _NARROW_LABEL)
    room = max(8, width - len(label))
    lines = chop_cells(field.shown, room) or [""]
    rows: list[list[Part]] = [
        [(label if not number else " " * len(label), "label"), (line, field.style)] for number, line in enumerate(lines)
    ]
    if field.note and cell_len(lines[-1]) + cell_len(field.note) + 2 <= room:
        rows[-1].append((f"  {field.note}", "dim"))
    elif field.note:
        rows += [[(" " * len(label), "label"), (line, "dim")] for line in chop_cells(field.note, room)]
    return rows
