"""The text formats: rows become NDJSON, JSON, CSV or a table. Pure; who writes the text where is decided elsewhere.

Data formats keep every value exact. What goes to a terminal or into a spreadsheet is made harmless first.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from functools import partial
from typing import NoReturn, Protocol

from logtui.core.cells import cell_width
from logtui.core.sanitise import NO_LIMIT, ascii_only, csv_cell, json_ascii, json_safe, visible
from logtui.services.rows import Cell, Row

Paint = Callable[[str, str], str]
"""Colours a table cell: (column name, or "" for a heading; text) -> text with escape sequences around it."""


class Encoder(Protocol):
    """One output from beginning to end: `begin`, any number of `rows`, `end`."""

    def begin(self) -> str: ...

    def rows(self, rows: Iterable[Row]) -> str: ...

    def end(self) -> str: ...


# -- JSON


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


# Numbers are only skipped: building them would refuse integers of more than 4,300 digits, which JSON allows.
_CHECKER = json.JSONDecoder(parse_int=len, parse_float=len, parse_constant=_refuse_constant)
_quote = json.JSONEncoder(ensure_ascii=False).encode


def is_json(text: str) -> bool:
    """Whether the text is JSON by RFC 8259, and not nested deeper than any reader of it can be expected to go."""
    try:
        _CHECKER.decode(text)
    except (ValueError, RecursionError):
        return False
    return True


class JsonLines:
    """NDJSON: one object a line, keys are the column names, absent values are null.

    The cells of `embedded` columns that hold JSON stand in the line byte for byte (a line break between two of its
    tokens becomes a space, because a line break ends the object); other text there becomes a JSON string.
    """

    def __init__(
        self, columns: tuple[str, ...], *, embedded: frozenset[str], is_for_terminal: bool, is_ascii: bool = False
    ) -> None:
        self._keys = [f"{_quote(name)}:" for name in columns]
        self._encode = [_embed if name in embedded else _quote for name in columns]
        # Values stay equal: what a terminal would obey stands in strings only, where an escape says the same.
        self._finish: Callable[[str], str] = json_ascii if is_ascii else json_safe if is_for_terminal else str

    def begin(self) -> str:
        return ""

    def rows(self, rows: Iterable[Row]) -> str:
        return "".join([self.object(row) + "\n" for row in rows])

    def end(self) -> str:
        return ""

    def object(self, row: Row) -> str:
        """One row as a JSON object, on one line."""
        parts = zip(self._keys, self._encode, row, strict=True)
        pairs = [key + ("null" if cell is None else encode(cell)) for key, encode, cell in parts]
        return self._finish("{" + ",".join(pairs) + "}")


def _embed(cell: str | int) -> str:
    if isinstance(cell, str) and is_json(cell):
        return cell.replace("\n", " ").replace("\r", " ")
    return _quote(cell)


class JsonArray:
    """One JSON array with one object a line."""

    def __init__(self, lines: JsonLines) -> None:
        self._lines = lines
        self._separator = "\n"

    def begin(self) -> str:
        return "["

    def rows(self, rows: Iterable[Row]) -> str:
        text = []
        for row in rows:
            text.append(self._separator + self._lines.object(row))
            self._separator = ",\n"
        return "".join(text)

    def end(self) -> str:
        return "\n]\n"


# -- CSV


class Csv:
    """A header, then every value in quotes, an absent one as nothing at all; lines end with a line feed.

    Unless `is_raw`, no value can be taken for a formula by a spreadsheet or for a command by a terminal; the latter
    not on a terminal even so.
    """

    def __init__(
        self, columns: tuple[str, ...], *, is_raw: bool, is_for_terminal: bool = False, is_ascii: bool = False
    ) -> None:
        self._columns = columns
        harmless: Callable[[str], str] = partial(visible, limit=NO_LIMIT) if is_for_terminal else str
        self._guard = harmless if is_raw else csv_cell
        self._is_ascii = is_ascii

    def begin(self) -> str:
        return ",".join(_in_quotes(name) for name in self._columns) + "\n"

    def rows(self, rows: Iterable[Row]) -> str:
        return "".join([",".join([self._cell(cell) for cell in row]) + "\n" for row in rows])

    def end(self) -> str:
        return ""

    def _cell(self, cell: Cell) -> str:
        if cell is None:
            return ""
        text = self._guard(cell) if isinstance(cell, str) else str(cell)
        return _in_quotes(ascii_only(text) if self._is_ascii else text)


def _in_quotes(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


# -- table

_ABSENT = "-"


class Table:
    """Aligned columns for reading. Nothing is cut but values too long for any screen, and `visible` says so there.

    Rows are written as they come, so a column widens when a longer value turns up, and stays wide. Numbers stand at
    the right.
    """

    def __init__(self, columns: tuple[str, ...], *, paint: Paint | None = None, is_ascii: bool = False) -> None:
        self._columns = columns
        self._shown: Callable[[str], str] = _visible_ascii if is_ascii else visible
        self._widths = [cell_width(name) for name in columns]
        self._paint = paint
        self._has_heading = False

    def begin(self) -> str:
        return ""

    def rows(self, rows: Iterable[Row]) -> str:
        lines = [(row, [_ABSENT if cell is None else self._shown(str(cell)) for cell in row]) for row in rows]
        for _, texts in lines:
            self._widths = [max(width, cell_width(text)) for width, text in zip(self._widths, texts, strict=True)]
        written = []
        if lines and not self._has_heading:
            self._has_heading = True
            written.append(self._line(lines[0][0], self._columns, is_heading=True))
        written += [self._line(row, texts, is_heading=False) for row, texts in lines]
        return "".join(written)

    def end(self) -> str:
        return ""

    def _line(self, row: Row, texts: Iterable[str], *, is_heading: bool) -> str:
        cells = []
        last = len(self._columns) - 1
        for at, (name, cell, text, width) in enumerate(zip(self._columns, row, texts, self._widths, strict=True)):
            gap = " " * (width - cell_width(text))
            painted = self._paint("" if is_heading else name, text) if self._paint else text
            cells.append(gap + painted if isinstance(cell, int) else painted + (gap if at < last else ""))
        return "  ".join(cells).rstrip() + "\n"


def _visible_ascii(text: str) -> str:
    return ascii_only(visible(text))
