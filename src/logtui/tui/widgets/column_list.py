"""All columns as a list that is arranged by keys: the chosen ones in their order, then the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message

from logtui.core.columns import BY_NAME, LISTED
from logtui.tui.keymap import bindings
from logtui.tui.widgets.lines import Lines, Part

Sized = tuple[str, int]
"""Name of a column, its width in cells."""

MIN_WIDTH = 4
MAX_WIDTH = 200


class ColumnList(Lines):
    """The columns being arranged."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("columns")

    @dataclass
    class Applied(Message):
        """The person is done: the chosen columns from left to right."""

        columns: tuple[Sized, ...]

    @dataclass
    class Refused(Message):
        """Something cannot be done; why."""

        reason: str

    def __init__(self, chosen: Sequence[Sized], defaults: Sequence[Sized]) -> None:
        super().__init__()
        self._defaults = tuple(defaults)
        self._take(chosen)

    def _take(self, chosen: Sequence[Sized]) -> None:
        names = [name for name, _ in chosen]
        self._names = [*names, *(name for name in LISTED if name not in names)]
        self._chosen = set(names)
        self._widths = {name: BY_NAME[name].width for name in self._names} | dict(chosen)

    @property
    def columns(self) -> tuple[Sized, ...]:
        """The chosen columns, from left to right."""
        return tuple((name, self._widths[name]) for name in self._names if name in self._chosen)

    @property
    def row_count(self) -> int:
        return len(self._names)

    def parts(self, row: int, width: int) -> Sequence[Part]:  # noqa: ARG002 - the meaning may be cut
        name = self._names[row]
        is_chosen = name in self._chosen
        column = BY_NAME[name]
        return [
            ("[x] " if is_chosen else "[ ] ", "good" if is_chosen else "dim"),
            (column.title.ljust(14), "key" if is_chosen else "plain"),
            (f"{self._widths[name]:>4}  ", "number"),
            (column.meaning, "dim"),
        ]

    def action_toggle_column(self) -> None:
        name = self._names[self.cursor]
        if self._chosen == {name}:
            self.post_message(self.Refused("a feed has at least one column"))
            return
        self._chosen ^= {name}
        self.refresh()

    def action_move_down(self) -> None:
        self._move(1)

    def action_move_up(self) -> None:
        self._move(-1)

    def _move(self, step: int) -> None:
        row, other = self.cursor, self.cursor + step
        if 0 <= other < len(self._names):
            self._names[row], self._names[other] = self._names[other], self._names[row]
            self.move_to(other)
            self.refresh()

    def action_widen(self) -> None:
        self._resize(1)

    def action_shrink(self) -> None:
        self._resize(-1)

    def _resize(self, cells: int) -> None:
        name = self._names[self.cursor]
        self._widths[name] = max(MIN_WIDTH, min(self._widths[name] + cells, MAX_WIDTH))
        self.refresh()

    def action_reset(self) -> None:
        self._take(self._defaults)
        self.restart()

    def action_apply(self) -> None:
        self.post_message(self.Applied(self.columns))
