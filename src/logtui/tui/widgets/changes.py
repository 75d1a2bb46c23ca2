"""What changed since the previous event of the same subject, leaf by leaf."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.diff import Change, Difference, LeafChange
from logtui.core.json_text import unescape
from logtui.core.query.ast import MAX_PAYLOAD_DEPTH, PayloadRef
from logtui.core.query.fields import field_text
from logtui.core.sanitise import narrow, visible
from logtui.tui.widgets.lines import MAX_ASKED, Lines, Part, Picked

SIGNS = {Change.ADDED: ("+", "good"), Change.REMOVED: ("-", "bad"), Change.CHANGED: ("~", "warn")}
_SHOWN = 2_000

_Row = tuple[LeafChange | None, list[Part]]


class Changes(Lines):
    """A heading and the changes below it; `show` and `say` give it something to say."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._heading = ""
        self._difference = Difference()
        self._rows: list[_Row] = []

    def say(self, text: str) -> None:
        """Show a text instead of changes."""
        self._show(text, Difference())

    def show(self, heading: str, difference: Difference) -> None:
        """Show the changes since an event, which the heading describes."""
        self._show(heading, difference)

    def _show(self, heading: str, difference: Difference) -> None:
        self._heading, self._difference = heading, difference
        self.fit(self.size.width or 80)
        self.restart()

    @property
    def row_count(self) -> int:
        return len(self._rows)

    def fit(self, width: int) -> None:
        found = self._difference
        self._rows = [(None, [(visible(self._heading), "dim")])]
        self._rows += [(change, parts) for change in found.changes for parts in _rows_of(change, width)]
        if found.is_cut:
            self._rows.append((None, [("… and more", "dim")]))

    def parts(self, row: int, width: int) -> Sequence[Part]:  # noqa: ARG002 - rows were made for the width
        return self._rows[row][1]

    def picked(self) -> Picked | None:
        change = self._rows[self.cursor][0] if self.cursor < len(self._rows) else None
        if change is None:
            return None
        text = self.copied()
        ref = PayloadRef(tuple(key for key in change.path if isinstance(key, str)))
        if not ref.path or len(ref.path) > MAX_PAYLOAD_DEPTH or text in ("{}", "[]"):
            return Picked(_name(change), problem="a query cannot name this leaf")
        if len(text) > MAX_ASKED:
            return Picked(_name(change), problem=f"too long for a query: {len(text):,} characters")
        return Picked(_name(change), ref, None if _raw(change) == "null" else text)

    def copied(self) -> str:
        change = self._rows[self.cursor][0]
        raw = "" if change is None else _raw(change)
        return unescape(raw[1:-1]) if raw.startswith('"') else raw


def _raw(change: LeafChange) -> str:
    """Return the value that the leaf has, or had."""
    return change.before or "" if change.after is None else change.after


def _name(change: LeafChange) -> str:
    return narrow(visible(field_text(PayloadRef(tuple(str(key) for key in change.path))), 500))


def _rows_of(change: LeafChange, width: int) -> list[list[Part]]:
    """Return one row where it fits, else the name and a row for each value."""
    sign, style = SIGNS[change.change]
    head: list[Part] = [(f"{sign} ", style), (_name(change).removeprefix("payload."), "key")]
    values = [value for value in (change.before, change.after) if value is not None]
    shown = [narrow(visible(value, _SHOWN)) for value in values]
    before, after = ([(shown[0], "bad")], [(shown[-1], "good")])
    if sum(len(text) for text, _ in head) + sum(len(text) for text in shown) + 6 <= width:
        match change.change:
            case Change.CHANGED:
                return [[*head, (": ", "dim"), *before, (" → ", "dim"), *after]]
            case Change.ADDED:
                return [[*head, (": ", "dim"), *after]]
            case Change.REMOVED:
                return [[*head, (": ", "dim"), *before]]
    rows = [head]
    if change.before is not None:
        rows.append([("  - ", "bad"), *before])
    if change.after is not None:
        rows.append([("  + ", "good"), *after])
    return rows
