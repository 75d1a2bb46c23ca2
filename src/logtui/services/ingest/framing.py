"""Chooses how an input is cut into records, by how it begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from logtui.core.columns import COLUMNS
from logtui.services.ingest.csv_rows import CsvFramer, read_header
from logtui.services.ingest.json_lines import LineFramer
from logtui.services.ingest.json_object import NotJsonError, parse
from logtui.services.ingest.json_values import ValueFramer
from logtui.services.ingest.record import KEPT_OF_SPOILED, Piece, Record, Spoiled

_MOST_LOOKED_AT = 1 << 20
"""Bytes within which the first line is expected to end."""
_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_KNOWN = frozenset(name for column in COLUMNS for name in (column.name, *column.synonyms))


class Framer(Protocol):
    """Cuts an input into pieces. What comes out does not depend on how the input was cut into chunks."""

    def feed(self, data: bytes) -> Iterable[Piece]: ...

    def finish(self) -> Iterable[Piece]: ...


class AnyFramer:
    """Waits for the first line, and goes on as its framing wants it."""

    def __init__(self, columns: Iterable[str] = ()) -> None:
        """Take the names that `--map` gives to columns: a header with one of them is that of a table."""
        self._known = _KNOWN | {name.lower() for name in columns}
        self._begun = b""
        self._framer: Framer | None = None

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Take the next bytes, and yield what became whole."""
        if self._framer is None:
            self._begun += data
            self._framer = self._choose(is_end=False)
            data = self._begun
        if self._framer is not None:
            self._begun = b""
            yield from self._framer.feed(data)

    def finish(self) -> Iterator[Piece]:
        """Yield the rest."""
        if self._framer is None:
            self._framer = self._choose(is_end=True) or LineFramer()
            yield from self._framer.feed(self._begun)
        yield from self._framer.finish()

    @property
    def lines(self) -> LineFramer | None:
        """What cuts the input, if it does so by lines."""
        return self._framer if isinstance(self._framer, LineFramer) else None

    def go_on_at(self, line: int) -> None:
        """Expect a line of this number next: the lines before were taken by another way."""
        self._framer = LineFramer(line)

    def _choose(self, *, is_end: bool) -> Framer | None:
        """Return the framer; None while more of the input must be seen."""
        begun = self._begun
        if begun.startswith(_UTF_16):
            return _Unreadable("UTF-16 text; convert it first: iconv -f UTF-16 -t UTF-8")
        text = begun.removeprefix(_MARK).lstrip()
        if text.startswith(b"["):
            return ValueFramer()
        end = text.find(b"\n")
        if end < 0 and not is_end and len(text) < _MOST_LOOKED_AT:
            return None
        first = text if end < 0 else text[:end]
        if text.startswith(b"{"):
            return LineFramer() if end >= 0 and _is_json(first) else ValueFramer()
        header = read_header(first)
        if header is not None and not self._known.isdisjoint(name.lower() for name in header[1]):
            return CsvFramer(*header)
        return LineFramer()


class _Unreadable:
    """Rejects an input whole."""

    def __init__(self, reason: str) -> None:
        self._reason = reason
        self._kept = b""

    def feed(self, data: bytes) -> Iterable[Piece]:
        self._kept = (self._kept + data)[:KEPT_OF_SPOILED]
        return ()

    def finish(self) -> Iterable[Piece]:
        return (Spoiled(Record(self._kept, 1), self._reason),)


def _is_json(line: bytes) -> bool:
    try:
        parse(line.strip())
    except NotJsonError:
        return False
    return True
