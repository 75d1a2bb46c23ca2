"""The text of rows in which words are looked for, as it lies in memory."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words.pieces import FOLDED_INTO_ASCII

COLUMNS = ("payload", "event_type", "actor", "subject", "event_id")
"""Where words are looked for."""

_REPEATED = frozenset(("event_type", "actor", "subject"))
PART = 512 * 1024
"""Bytes of text that are looked at together, so few that they stay near the processor. A multiple of every step."""
_OVERLAP = 16
"""Two numbers of eight bytes, into which anchored pieces of the one before reach; more than any other piece is long."""


def with_escapes(payloads: pa.ChunkedArray) -> list[str]:
    """Return the payloads that spell characters by their numbers, `\\u0041`."""
    found = []
    for chunk in payloads.chunks:
        (text, done, _), ends = _place(chunk), _ends(chunk)
        for at, copy in _copies(chunk):
            # One byte is found ten times as fast as two, and few payloads have this one.
            while (place := copy.find(b"\\", max(0, done - at))) >= 0:
                row = bisect_right(ends, at + place)
                begin, done = ends[row - 1], ends[row]
                payload = text.slice(begin, done - begin).to_pybytes()
                if b"\\u" in payload:
                    found.append(payload.decode())
    return found


def unescaped(payloads: Sequence[str]) -> pa.Table:
    """Return payloads, for `parts_of`, with the characters that are ASCII or fold to it in place of their numbers."""
    return pa.table({"payload": pa.array([_ESCAPE.sub(_character, text) for text in payloads], pa.string())})


_ESCAPE = re.compile(r"\\(?:\\|u([0-9A-Fa-f]{4}))")


def _character(escape: re.Match[str]) -> str:
    if escape[1] is None:
        # A backslash itself: what follows it is no number.
        return escape[0]
    char = chr(int(escape[1], 16))
    # Others are in no piece, and one half of a pair is no text.
    return char if char.isascii() else FOLDED_INTO_ASCII.get(char, "\N{REPLACEMENT CHARACTER}")


def parts_of(*rows: pa.Table) -> Iterator[pa.Buffer]:
    """Yield all text of rows in parts that overlap, so that each piece lies in one as a whole."""
    return _parts(chain.from_iterable(map(_texts, rows)))


def numbers_in(part: pa.Buffer, kind: pa.DataType, width: int) -> pa.Array:
    """Return a part as numbers of `width` bytes, the first one lowest."""
    return pa.Array.from_buffers(kind, part.size // width, [None, part])


def _texts(rows: pa.Table) -> Iterator[pa.StringArray]:
    for name in rows.column_names:
        if name in COLUMNS:
            column = rows[name]
            yield from [pc.unique(column)] if name in _REPEATED else column.chunks


def _parts(texts: Iterable[pa.StringArray]) -> Iterator[pa.Buffer]:
    """Yield texts in parts.

    Rows are taken after each other, and the first ones from where a number would begin in memory. What arises where
    two texts meet is found in vain, no more.
    """
    short = []
    for each in texts:
        text, start, end = _place(_in_ascii(each))
        start -= min(start, (text.address + start) % 8)
        at = start
        while end - at > PART // 8:
            yield text.slice(at, min(PART + _OVERLAP, end - at))
            at += PART
        # The last pieces may end behind what numbers can be made of, and begin three of them before that. They are
        # looked at together with what is short: a few bytes take as long as many.
        at = max(start, min(at, end - (end - start) % 8 - 32))
        short.append(text[at:end].to_pybytes() + bytes(_OVERLAP - (end - at) % 8))
    yield pa.py_buffer(b"".join(short) + bytes(_OVERLAP))


def _in_ascii(texts: pa.StringArray) -> pa.StringArray:
    """Return the texts with ASCII letters in place of what folds to them."""
    for char in _folding(texts):
        texts = pc.replace_substring(texts, char, FOLDED_INTO_ASCII[char])
    return texts


def _folding(texts: pa.StringArray) -> set[str]:
    """Return which characters that fold to ASCII are in texts.

    It looks for their second byte: ten times as fast, and that one is rare.
    """
    text, start, _ = _place(texts)
    found: set[str] = set()
    for at, copy in _copies(texts):
        for char in FOLDED_INTO_ASCII.keys() - found:
            searched = char.encode()
            place = copy.find(searched[1])
            while place >= 0 and char not in found:
                begin = max(start, at + place - 1)
                if text[begin : begin + len(searched)].to_pybytes() == searched:
                    found.add(char)
                place = copy.find(searched[1], place + 1)
    return found


def _copies(texts: pa.StringArray) -> Iterator[tuple[int, bytes]]:
    """Yield the texts as what can be searched, and where it was, bit by bit: a copy of all would go through memory."""
    text, start, end = _place(texts)
    for at in range(start, end, PART):
        yield at, text[at : min(at + PART, end)].to_pybytes()


def _place(texts: pa.StringArray) -> tuple[pa.Buffer, int, int]:
    """Return the memory that the texts are in, and where they begin and end there."""
    text, ends = texts.buffers()[2], _ends(texts)
    return (pa.py_buffer(b""), 0, 0) if text is None else (text, ends[0], ends[-1])


def _ends(texts: pa.StringArray) -> memoryview:
    """Return where the first text begins, and where each one ends."""
    places = texts.buffers()[1]
    if places is None or not len(texts):
        return memoryview(bytes(4)).cast("i")
    return memoryview(places).cast("i")[texts.offset : texts.offset + len(texts) + 1]
