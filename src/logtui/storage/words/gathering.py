"""Gathers the pieces of text that are in a row group; `pieces` says what a piece is.

All of it runs in Arrow, 16 million characters in a few dozen calls. The trick is `inverse_permutation`: made for
something else, it marks which of a million numbers occur in an array, faster than anything that sorts or hashes them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words import tables
from logtui.storage.words.pieces import (
    FIRST_IN_ID,
    FOLDED_INTO_ASCII,
    HIGH,
    ID_FACTOR,
    SLOT_BITS,
    SMALL,
    STEP,
    Table,
)

COLUMNS = ("payload", "event_type", "actor", "subject", "event_id")
"""Where words are looked for."""

_REPEATED = frozenset(("event_type", "actor", "subject"))
_PART = 512 * 1024
"""Bytes of text that are looked at together, so few that they stay near the processor. A multiple of every step."""
_TOGETHER = 32
"""Parts after which slots are marked: that costs the same for few and for many, and they take twice the memory."""
_OVERLAP = 16
"""More than a piece is long."""
_MARKED = {Table.PLAIN: _PART * _TOGETHER, Table.ID: (1 << SLOT_BITS - 1) - 1}
"""Slots that are marked at once, all of them or fewer than half as many as there are. Arrow sets the bits of so few
one by one, and else looks at all slots in the end. Ids differ, so that the first is three times as fast for them; other
pieces are the same ones again and again, and each time waits for the one before."""

_WORDS = 1 << SLOT_BITS - 6
_NO_SLOTS = pa.array([0] * _WORDS, pa.uint64())
_ALL_SLOTS = pc.bit_wise_not(_NO_SLOTS)
_PLAIN_SHIFT = pa.scalar(32 - SLOT_BITS, pa.uint32())
_SMALL, _FIRST_IN_ID, _HIGH, _NOTHING, _ID_FACTOR, _ID_SHIFT = (
    pa.scalar(number, pa.uint64()) for number in (SMALL, FIRST_IN_ID, HIGH, 0, ID_FACTOR, 64 - SLOT_BITS)
)


def pieces_in(*rows: pa.Table) -> dict[Table, pa.UInt64Array]:
    """Return which pieces are in the rows: for each table `2 ** SLOT_BITS` bits, the lowest first."""
    found = dict.fromkeys(Table, _NO_SLOTS)
    parts = _parts(chain.from_iterable(map(_texts, rows)))
    while together := list(islice(parts, _TOGETHER)):
        for table, gather in _GATHERERS.items():
            slots = pa.chunked_array([gather(part) for part in together], pa.int32())
            for start in range(0, len(slots), _MARKED[table]):
                marked = _marked(slots.slice(start, _MARKED[table]))
                found[table] = pc.bit_wise_or(found[table], marked)
    return found


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
    """Return payloads, for `pieces_in`, with the characters that are ASCII or fold to it in place of their numbers."""
    return pa.table({"payload": pa.array([_ESCAPE.sub(_character, text) for text in payloads], pa.string())})


_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")


def _character(escape: re.Match[str]) -> str:
    char = chr(int(escape[1], 16))
    # Others are in no piece, and one half of a pair is no text.
    return char if char.isascii() else FOLDED_INTO_ASCII.get(char, "\N{REPLACEMENT CHARACTER}")


def _texts(rows: pa.Table) -> Iterator[pa.StringArray]:
    for name in rows.column_names:
        if name in COLUMNS:
            column = rows[name]
            yield from [pc.unique(column)] if name in _REPEATED else column.chunks


def _parts(texts: Iterable[pa.StringArray]) -> Iterator[pa.Buffer]:
    """Yield all texts in parts that overlap, so that each piece lies in one as a whole.

    Rows are taken after each other, and the first ones from where a number would begin in memory. What arises where
    two texts meet is found in vain, no more.
    """
    short = []
    for each in texts:
        text, start, end = _place(_in_ascii(each))
        start -= min(start, (text.address + start) % 8)
        at = start
        while end - at > _PART // 8:
            yield text.slice(at, min(_PART + _OVERLAP, end - at))
            at += _PART
        # The last pieces may end behind what numbers can be made of. They are looked at together with what is short:
        # a few bytes take as long as many.
        at = max(start, min(at, end - (end - start) % 8 - 8))
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
    for at in range(start, end, _PART):
        yield at, text[at : min(at + _PART, end)].to_pybytes()


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


def _plain(text: pa.Buffer) -> pa.Int32Array:
    pairs = pc.take(tables.pairs(), _numbers(text, pa.uint16(), STEP[Table.PLAIN]), boundscheck=False)
    # Not where a number would begin in memory, which taking does not mind: it reads one after the other.
    triples = pa.Array.from_buffers(pa.uint32(), len(pairs) - 1, [None, pairs.buffers()[1].slice(tables.SIGN_BYTE)])
    weights = pc.take(tables.weights(), triples, boundscheck=False)
    # An odd number times another one is odd; where either triple is none, the product is 0.
    products = pc.multiply(weights[:-1], weights[1:])
    return pc.shift_right(products, _PLAIN_SHIFT).view(pa.int32())


def _id(text: pa.Buffer) -> pa.Int32Array:
    small = pc.bit_wise_or(_numbers(text, pa.uint64(), STEP[Table.ID]), _SMALL)
    # Some bytes of other languages pass, in vain: nobody looks for them.
    outside = pc.bit_wise_and(pc.subtract(small, _FIRST_IN_ID), _HIGH)
    products = pc.multiply(small.filter(pc.equal(outside, _NOTHING)), _ID_FACTOR)
    return pc.shift_right(products, _ID_SHIFT).cast(pa.int32(), safe=False)


_GATHERERS = {Table.PLAIN: _plain, Table.ID: _id}


def _numbers(text: pa.Buffer, kind: pa.DataType, width: int) -> pa.Array:
    return pa.Array.from_buffers(kind, text.size // width, [None, text])


def _marked(slots: pa.ChunkedArray) -> pa.UInt64Array:
    """Return a bit for each slot: whether it occurs."""
    valid = pc.inverse_permutation(slots, max_index=(1 << SLOT_BITS) - 1).combine_chunks().buffers()[0]
    # Arrow leaves the bits out where all of them would be set.
    return _ALL_SLOTS if valid is None else pa.Array.from_buffers(pa.uint64(), _WORDS, [None, valid])
