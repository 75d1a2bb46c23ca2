"""The most frequent values of a column, with counts and bars; one of them can be included or excluded.

`FacetValues(owner, columns)` asks the owner for each column by `FacetValues.Wants(column)`; the owner answers with
`show(facet)`, also repeatedly while it counts, or `say(text)`. It gives a `FacetChoice` or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget

from logtui.core.columns import BY_NAME, FACETS
from logtui.core.page import Facet, FacetValue
from logtui.core.sanitise import narrow, visible
from logtui.tui.keymap import bindings
from logtui.tui.screens.dialog import Dialog
from logtui.tui.widgets.lines import Part
from logtui.tui.widgets.text_lines import TextLines

_ROOMY = 60
"""Cells beside which long bars leave room for values."""
_EIGHTHS = "▏▎▍▌▋▊▉█"


@dataclass(frozen=True, slots=True)
class FacetChoice:
    """What the person wants of a value; None is a missing value."""

    column: str
    value: str | None
    exclude: bool


class FacetValues(Dialog[FacetChoice]):
    """One column's values at a time."""

    SCOPE = "facet"
    BINDINGS: ClassVar[list[BindingType]] = bindings("facet")

    @dataclass
    class Wants(Message):
        """The values of this column are looked at."""

        column: str

    def __init__(
        self,
        owner: MessagePump,
        column: str = FACETS[0],
        *,
        columns: Sequence[str] = FACETS,
        keymap: Mapping[str, str] | None = None,
    ) -> None:
        """Make the dialog.

        Args:
            owner: gets `Wants`.
            column: the column to begin with; one of `columns`.
        """
        super().__init__(keymap=keymap)
        self._owner = owner
        self._columns = tuple(columns)
        self.column = column if column in self._columns else self._columns[0]
        self._facet: Facet | None = None
        self._lines = TextLines()

    def body(self) -> tuple[Widget, ...]:
        return (self._lines,)

    def title_text(self) -> tuple[str, str]:
        number = self._columns.index(self.column) + 1
        return f"values of {BY_NAME[self.column].title}", f"column {number} of {len(self._columns)}"

    def on_mount(self) -> None:
        self._ask()

    def show(self, facet: Facet) -> None:
        """Show the values of a column; ignored unless it is the one that is looked at."""
        if facet.column == self.column:
            self._facet = facet
            self._lines.show(_rows(facet, 20 if self.room >= _ROOMY else 6), cursor=self._lines.cursor)

    def _ask(self) -> None:
        self._facet = None
        self.show_title()
        self._lines.show([[("counting …", "dim")]])
        self._owner.post_message(self.Wants(self.column))

    def action_include(self) -> None:
        self._choose(exclude=False)

    def action_exclude(self) -> None:
        self._choose(exclude=True)

    def _choose(self, *, exclude: bool) -> None:
        values = self._facet.values if self._facet else ()
        if self._lines.cursor < len(values):
            self.dismiss(FacetChoice(self.column, values[self._lines.cursor].value, exclude))
        else:
            self.say("no value on this line")

    def action_next_column(self) -> None:
        self._step(1)

    def action_previous_column(self) -> None:
        self._step(-1)

    def _step(self, step: int) -> None:
        self.column = self._columns[(self._columns.index(self.column) + step) % len(self._columns)]
        self._ask()


def _rows(facet: Facet, bar: int) -> list[list[Part]]:
    most = max((value.count for value in facet.values), default=0)
    at_least = "" if facet.is_exact else "≥ "
    at_most = "" if facet.is_exact else "≤ "
    width = len(f"{at_least}{max(most, facet.other):,}")
    rows = [_row(value, at_least, width, _bar(value.count, most, bar)) for value in facet.values]
    if facet.other:
        rows.append([(f"{at_most}{facet.other:,}".rjust(width), "dim"), ("  events with other values", "dim")])
    if not facet.is_exact:
        rows.append([("an estimate, while all events are counted …", "dim")])
    return rows or [[("no events", "dim")]]


def _row(value: FacetValue, at_least: str, width: int, bar: str) -> list[Part]:
    text = "(missing)" if value.value is None else narrow(visible(value.value, 200)) or '""'
    count = f"{at_least}{value.count:,}".rjust(width)
    return [
        (count, "number"),
        (f"  {bar}  ", "label"),
        (text, "dim" if value.value is None else "plain"),
    ]


def _bar(count: int, most: int, cells: int) -> str:
    eighths = max(1, count * cells * 8 // most) if most and count else 0
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest - 1] if rest else "")).ljust(cells)
