"""A payload as a tree of lines that fold."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType

from logtui.core import payload_search
from logtui.core.clock import SECOND
from logtui.core.json_text import readable, unescape
from logtui.core.payload_tree import ROOT, Kind, PayloadTree
from logtui.core.query.ast import MAX_PAYLOAD_DEPTH, PayloadRef
from logtui.core.query.fields import field_text
from logtui.core.sanitise import narrow, visible
from logtui.core.times import format_instant
from logtui.tui.keymap import bindings
from logtui.tui.tree_rows import TreeRows
from logtui.tui.widgets.lines import MAX_ASKED, MAX_COPIED, Lines, Part, Picked
from logtui.tui.wrapping import Wrapping

LINES_A_STEP = 1_500
"""Lines read between two frames: some 4 ms."""
CHARACTERS_A_STEP = 400_000
MAX_UNFOLDED = 20_000
"""Characters of one text that are unfolded; the raw tab has all of them."""
_DEEPEST_NAMED = 60
_LONGEST_KEY = 1_000
"""Characters of a key, as written, that are looked at: one of megabytes takes seconds to decode."""
_SHOWN_KEY = 120
_ESCAPED = 6
"""Characters that one may be written with."""
_TOO_DEEP = f"a query reaches {MAX_PAYLOAD_DEPTH} keys deep"

_INDENT = 2
_STYLES = {Kind.STRING: "string", Kind.NUMBER: "number", Kind.WORD: "word"}
_CONTAINERS = {Kind.OBJECT: ("{}", "key", "keys"), Kind.ARRAY: ("[]", "item", "items")}
_TIME_KEYS = ("_at", "time", "timestamp", "_ts")
_TIME_UNITS = {10: SECOND, 13: SECOND // 1000, 16: 1}
"""Digits of a number of our days -> the unit that it counts."""
_BLANKS = re.compile(r"\s+")


class JsonTree(Lines):
    """The tree of one payload; `show` gives it one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("tree")

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.json = PayloadTree("")
        self._rows = TreeRows(self.json)
        self._note = ""
        self._path: tuple[str | int, ...] = ()  # where the cursor was, while no payload is shown

    # -- for the owner

    def show(self, payload: str | None, *, note: str = "") -> None:
        """Show another payload, with the cursor on the same path if it has it; for None, show the note."""
        if self.line != ROOT:
            self._path = self.json.path(self.line, _LONGEST_KEY)
        self.json = PayloadTree(payload or "")
        self._rows = TreeRows(self.json)
        self._note = note if payload is None else ""
        self.restart()
        self.go_to(self._path)

    @property
    def line(self) -> int:
        """The line of the tree that the cursor is on; `ROOT` when it is on none."""
        return self._rows.line(self.cursor) if self.cursor < len(self._rows) else ROOT

    def go_to(self, path: Iterable[str | int]) -> None:
        """Put the cursor on the line with this path, or on the last line on the way that there is."""
        line = ROOT
        for key in path:
            found = next(
                (child for child in self.json.children(line) if self.json.key(child, _LONGEST_KEY) == key), None
            )
            if found is None:
                break
            line = found
        self._reveal(line)

    # -- rows

    @property
    def row_count(self) -> int:
        return len(self._rows) + bool(self._last_words())

    def grow(self) -> bool:
        if self._note:
            return True
        is_done = self.json.read(LINES_A_STEP, CHARACTERS_A_STEP)
        self._rows.extend()
        return is_done

    def fit(self, width: int) -> None:
        line = self.line
        self._rows.rewrap(lambda text: self._wrapped(text, width))
        if line != ROOT:
            self.cursor = self._rows.row_of(line)

    def _last_words(self) -> str:
        """Return what is said below the last line."""
        if self._note or not self.json.is_complete:
            return self._note or "… reading"
        if self.json.is_cut:
            return f"… more than {len(self.json):,} lines: the raw tab shows the rest"
        return "" if len(self.json) else "no keys" if self.json.root is Kind.OBJECT else "no items"

    # -- painting

    def parts(self, row: int, width: int) -> Sequence[Part]:
        if row >= len(self._rows):
            return [(visible(self._last_words()), "dim")]
        line = self._rows.line(row)
        indent = " " * self._indent(line, width)
        if not self._rows.is_first(row):
            return [(f"{indent}    ", "plain"), (self._rows.text(row) or "", "string")]
        return [(indent + self._sign(line), "plain"), self._heading(line), *self._value(line, row, width)]

    def _indent(self, line: int, width: int) -> int:
        # Beyond the middle of the screen, depth would leave no room for what it is the depth of.
        return min(self.json.depth(line) * _INDENT, max(0, width // 2 - _INDENT))

    def _sign(self, line: int) -> str:
        if self._rows.is_open(line):
            return "▾ "
        return "▸ " if self._rows.is_folded(line) or self._is_long(line) else "  "

    def _heading(self, line: int) -> Part:
        if self.json.root not in _CONTAINERS:
            return ("", "plain")
        key = self.json.key(line, _LONGEST_KEY)
        if isinstance(key, int):
            return (f"{key}: ", "dim")
        cut = "…" if len(key) > _SHOWN_KEY or self.json.key_length(line) > _LONGEST_KEY else ""
        return (f"{narrow(visible(key[:_SHOWN_KEY]))}{cut}: ", "key")

    def _value(self, line: int, row: int, width: int) -> list[Part]:
        kind = self.json.kind(line)
        if kind in _CONTAINERS:
            return self._container(line, kind, width)
        if (text := self._rows.text(row)) is not None:
            return [(text, "dim")]
        raw = self.json.raw(line, width + 1)
        shown: Part = (narrow(visible(readable(raw) if kind is Kind.STRING else raw)), _STYLES[kind])
        return [shown, (self._as_time(line, raw), "dim")] if kind is Kind.NUMBER else [shown]

    def _as_time(self, line: int, raw: str) -> str:
        """Return what a number of seconds, milli- or microseconds since 1970 means, if its key calls it a time."""
        unit = _TIME_UNITS.get(len(raw))
        key = self.json.key(line, _LONGEST_KEY)
        if unit is None or not raw.isdecimal() or not (isinstance(key, str) and key.lower().endswith(_TIME_KEYS)):
            return ""
        return f"  {format_instant(int(raw) * unit)}"

    def _container(self, line: int, kind: Kind, width: int) -> list[Part]:
        brackets, one, many = _CONTAINERS[kind]
        if not self.json.has_children(line):
            return [(brackets, "plain")]
        count = self.json.count(line)
        size = "…" if count is None else f"{count:,} {one if count == 1 else many}"
        if not self._rows.is_folded(line):
            return [(size, "dim")]
        return [(f"{size}  ", "plain"), (narrow(visible(_BLANKS.sub(" ", self.json.raw(line, width)))), "dim")]

    # -- long texts

    def _is_long(self, line: int) -> bool:
        """Tell whether a text does not fit beside its key, or has lines of its own."""
        if self.json.kind(line) is not Kind.STRING:
            return False
        width = self.size.width
        room = width - self._indent(line, width) - len("▸ ") - cell_len(self._heading(line)[0])
        raw = self.json.raw(line, 2 * width)
        return len(raw) > room or "\\n" in raw or cell_len(visible(readable(raw))) > room

    def _wrapped(self, line: int, width: int) -> list[str]:
        """Return a heading that stands beside the key, then the text's own lines, wrapped."""
        raw = self.json.raw(line)
        # As much as can be MAX_UNFOLDED characters and one more; decoding all of a large one takes seconds.
        is_whole = len(raw) <= _ESCAPED * MAX_UNFOLDED
        text = self.json.value(line) if is_whole else unescape(raw[1 : _ESCAPED * (MAX_UNFOLDED + 1)])
        room = max(8, width - self._indent(line, width) - 4)
        rows = Wrapping(text[:MAX_UNFOLDED], room)
        while not rows.step():
            pass
        parts = [rows.row(number) for number in range(len(rows))]
        if len(text) > MAX_UNFOLDED:
            more = f"{len(text) - MAX_UNFOLDED:,} more" if is_whole else "many more"
            parts.append(f"… {more} characters in the raw tab")
        return [f"{len(text):,} characters" if is_whole else f"{len(raw) - 2:,} characters as written", *parts]

    # -- for the owner, about the cursor's line

    def picked(self) -> Picked | None:
        line = self.line
        if line == ROOT:
            return None
        kind, depth = self.json.kind(line), self.json.depth(line) + 1
        is_json = kind in _CONTAINERS
        if depth > _DEEPEST_NAMED:
            return Picked(f"payload … {depth:,} levels deep", problem=_TOO_DEEP, is_json=is_json)
        path = self.json.path(line, _LONGEST_KEY)
        name = visible(field_text(PayloadRef(tuple(str(key) for key in path))), 1_000)
        ref = PayloadRef(tuple(key for key in path if isinstance(key, str)))
        # As long as every character of a text that can be asked for is escaped.
        is_long = len(self.json.raw(line, _ESCAPED * MAX_ASKED + 3)) > _ESCAPED * MAX_ASKED + 2
        value = "" if is_json or is_long else self.json.value(line)
        is_named = all(self.json.key_length(each) <= _LONGEST_KEY for each in self.json.way_to(line))
        if problem := _problem(ref, kind, is_long=is_long or len(value) > MAX_ASKED, is_named=is_named):
            return Picked(name, problem=problem, is_json=is_json)
        # A leaf that is null is missing to a query.
        return Picked(name, ref, None if kind is Kind.WORD and value == "null" else value)

    def copied(self) -> str:
        if self.line == ROOT:
            return ""
        # What no clipboard takes, however it is written, is not worth the seconds of decoding it.
        raw = self.json.raw(self.line, _ESCAPED * MAX_COPIED + 3)
        return self.json.value(self.line) if len(raw) <= _ESCAPED * MAX_COPIED + 2 else self.json.raw(self.line)

    def search(self, pattern: re.Pattern[str], *, is_backwards: bool = False) -> Iterator[bool]:
        for line in payload_search.search(self.json, pattern, self.line, is_backwards=is_backwards):
            if line is not None:
                self._reveal(line)
            yield line is not None

    # -- actions

    def action_toggle_fold(self) -> None:
        if self._rows.is_open(self.line):
            self._fold(self.line)
        else:
            self._unfold(self.line)

    def action_fold(self) -> None:
        if self._rows.is_open(self.line):
            self._fold(self.line)
        elif self.line != ROOT:
            self._reveal(self.json.parent(self.line))

    def action_unfold(self) -> None:
        if self._rows.is_open(self.line):
            self.move_to(self._rows.row_of(self.line) + 1)
        else:
            self._unfold(self.line)

    def action_fold_all(self) -> None:
        line = self._rows.outermost(self.line) if self.line != ROOT else ROOT
        self._rows.fold_all()
        self._reveal(line)

    def action_unfold_all(self) -> None:
        line = self.line
        self._rows.unfold_all()
        self._reveal(line)

    def _fold(self, line: int) -> None:
        self._rows.fold(line)
        self._reveal(line)

    def _unfold(self, line: int) -> None:
        if self._rows.is_folded(line):
            self._rows.unfold(line)
        elif line != ROOT and self._is_long(line):
            self._rows.unfold_text(line, self._wrapped(line, self.size.width))
        self._reveal(line)

    def _reveal(self, line: int) -> None:
        if line != ROOT:
            self.move_to(self._rows.reveal(line))
        self.refresh()


def _problem(ref: PayloadRef, kind: Kind, *, is_long: bool, is_named: bool) -> str:
    """Return why a leaf cannot be asked for, or nothing."""
    if kind in _CONTAINERS:
        return "only a leaf can be filtered on: unfold this"
    if not ref.path:
        return "an element of the outermost list has no name to filter on"
    if len(ref.path) > MAX_PAYLOAD_DEPTH:
        return _TOO_DEEP
    if not is_named:
        return f"its name has a key of more than {_LONGEST_KEY:,} characters"
    return f"longer than the {MAX_ASKED} characters that make a query" if is_long else ""
