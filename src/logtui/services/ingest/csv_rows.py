"""Framing of CSV: each row becomes a record, a JSON object of its cells under the names in the header."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Sequence

from logtui.services.ingest.json_lines import too_long
from logtui.services.ingest.record import KEPT_OF_SPOILED, LONGEST_RECORD, Piece, Record, Spoiled

_DELIMITERS = (",", ";", "\t", "|")
_MOST_LINES = 10_000
"""Of a row. A quote that is never closed would make one of the whole rest."""
_UNCLOSED = "not CSV: a quote is not closed"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def read_header(line: bytes) -> tuple[str, list[str]] | None:
    """Return the delimiter and the names if a line can be a header: several names, all different, none empty."""
    try:
        text = line.decode("utf-8-sig").strip("\r\n")
    except UnicodeDecodeError:
        return None
    best: tuple[str, list[str]] | None = None
    for delimiter in _DELIMITERS:
        names = _cells([text], delimiter) or []
        names = [name.strip() for name in names]
        is_header = len(names) > 1 and all(names) and len({name.lower() for name in names}) == len(names)
        if is_header and (best is None or len(names) > len(best[1])):
            best = (delimiter, names)
    return best


class CsvFramer:
    """Gives a record for each row after the header. Rows may have line breaks inside quotes."""

    def __init__(self, delimiter: str, names: Sequence[str], *, longest: int = LONGEST_RECORD) -> None:
        self._delimiter = delimiter
        self._names = names
        self._longest = longest
        self._rest = b""
        """A line that has begun."""
        self._row: list[bytes] = []
        """The lines of a row whose quotes are open."""
        self._quotes = 0
        self._size = 0
        self._line = 0
        self._is_header_read = False
        self._is_too_long = False

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Take the next bytes, and yield what became whole."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            yield from self._take(line + b"\n")
        if len(self._rest) > self._longest:
            self._is_too_long = True
            self._rest = self._rest[: self._longest + 1]

    def finish(self) -> Iterator[Piece]:
        """Yield the rest."""
        if self._rest:
            yield from self._take(self._rest)
        if self._row:
            yield from self._give_up()

    def _take(self, line: bytes) -> Iterator[Piece]:
        self._line += 1
        if not self._is_header_read:
            self._is_header_read = True
            return
        if not self._row and not line.strip():
            return
        self._row.append(line)
        self._quotes += line.count(b'"')
        self._size += len(line)
        if len(self._row) > _MOST_LINES or self._size > self._longest + 1:
            yield from self._give_up()
        elif self._quotes % 2 == 0:
            yield self._piece(b"".join(self._row))
            self._begin_row()

    def _begin_row(self) -> None:
        self._row, self._quotes, self._size = [], 0, 0

    def _give_up(self) -> Iterator[Piece]:
        """Reject the first line of a row that does not end, and take the others for rows of their own."""
        first, *others = self._row
        self._begin_row()
        self._line -= len(others)
        is_long = len(first) > self._longest
        yield Spoiled(
            Record(first[:KEPT_OF_SPOILED].strip(), self._line), too_long(self._longest) if is_long else _UNCLOSED
        )
        for line in others:
            self._line += 1
            yield self._piece(line)

    def _piece(self, row: bytes) -> Piece:
        line = self._line - row.count(b"\n", 0, len(row) - 1)
        record = Record(row.strip(b"\r\n"), line)
        try:
            text = record.text.decode()
        except UnicodeDecodeError as error:
            return Spoiled(record, f"byte {error.start + 1}: not UTF-8")
        cells = _cells(text.splitlines(keepends=True), self._delimiter)
        if cells is None:
            return Spoiled(record, "not CSV: a quote stands inside a cell, or is not closed")
        if len(cells) != len(self._names):
            return Spoiled(record, f"not CSV: {len(cells)} cells where the header has {len(self._names)}")
        return Record(_encode(dict(zip(self._names, cells, strict=True))).encode(), line)


def _cells(lines: list[str], delimiter: str) -> list[str] | None:
    try:
        rows = list(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None
