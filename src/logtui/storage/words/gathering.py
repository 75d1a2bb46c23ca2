"""Gathers the pieces of text that are in a row group; `pieces` says what a piece is.

All of it runs in Arrow, 16 million characters in a few dozen calls. The trick is `inverse_permutation`: made for
something else, it marks which of a million numbers occur in an array, faster than anything that sorts or hashes them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words.pieces import (
    FIRST_IN_ID,
    FOLDED_INTO_ASCII,
    HIGH,
    ID_FACTOR,
    SIGN_OF,
    SIGNS,
    SLOT_BITS,
    SMALL,
    STEP,
    TRIPLE_FACTOR,
    TRIPLE_MIX,
    TRIPLE_SHIFT,
    Table,
    is_plain,
    triple,
)

COLUMNS = ("payload", "event_type", "actor", "subject", "event_id")
"""Where words are looked for."""

_REPEATED = frozenset(("event_type", "actor", "subject"))
_PART = 1024 * 1024
"""Bytes of text that are looked at together. A multiple of every step."""
_TOGETHER = 16
"""Parts after which slots are marked: that costs the same for few and for many, and they take twice the memory."""
_OVERLAP = 16
"""More than a piece is long."""


_WORDS = 1 << SLOT_BITS - 6
_NO_SLOTS = pa.array([0] * _WORDS, pa.uint64())
_ALL_SLOTS = pc.bit_wise_not(_NO_SLOTS)


def pieces_in(group: pa.Table) -> dict[Table, pa.UInt64Array]:
    """Return which pieces are in the rows: for each table `2 ** SLOT_BITS` bits, the lowest first."""
    found = dict.fromkeys(Table, _NO_SLOTS)
    parts = _parts(group)
    while together := list(islice(parts, _TOGETHER)):
        for table, gather in _GATHERERS.items():
            slots = pa.chunked_array([gather(part) for part in together], pa.int32())
            found[table] = pc.bit_wise_or(found[table], _marked(slots))
    return found


def with_escapes(payloads: pa.ChunkedArray) -> list[str]:
    """Return the payloads that spell characters by their numbers, `\\u0041`."""
    found = []
    for chunk in payloads.chunks:
        data, ends = _bytes_of(chunk), _ends(chunk)
        at = data.find(b"\\u")
        while at >= 0:
            row = bisect_right(ends, ends[0] + at)
            begin, end = ends[row - 1] - ends[0], ends[row] - ends[0]
            found.append(data[begin:end].decode())
            at = data.find(b"\\u", end)
    return found


def unescaped(payloads: Sequence[str]) -> pa.Table:
    """Return payloads, for `pieces_in`, with the characters that are ASCII or fold to it in place of their numbers."""
    return pa.table({"payload": pa.array([_ESCAPE.sub(_character, text) for text in payloads], pa.string())})


_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})")


def _character(escape: re.Match[str]) -> str:
    char = chr(int(escape[1], 16))
    # Others are in no piece, and one half of a pair is no text.
    return char if char.isascii() else FOLDED_INTO_ASCII.get(char, "\N{REPLACEMENT CHARACTER}")


def _parts(group: pa.Table) -> Iterator[pa.Buffer]:
    """Yield all texts in parts that overlap, so that each piece lies in one as a whole.

    Rows are taken after each other, and the first ones from where a number would begin in memory. What arises where
    two texts meet is found in vain, no more.
    """
    for name in group.column_names:
        if name not in COLUMNS:
            continue
        column = group[name]
        if name in _REPEATED:
            column = pa.chunked_array([pc.unique(column)], column.type)
        for chunk in column.chunks:
            text, start, end = _place(_in_ascii(chunk))
            start -= min(start, (text.address + start) % 8)
            for at in range(start, end, _PART):
                yield text.slice(at, min(_PART + _OVERLAP, end - at))
            # The last pieces may end behind what numbers can be made of.
            tail = end - (end - start) % 8 - 8
            yield pa.py_buffer(text[max(start, tail) : end].to_pybytes() + bytes(_OVERLAP))


def _in_ascii(texts: pa.StringArray) -> pa.StringArray:
    """Return the texts with ASCII letters in place of what folds to them."""
    data = _bytes_of(texts)
    for char, folded in FOLDED_INTO_ASCII.items():
        if _holds(data, char.encode()):
            texts = pc.replace_substring(texts, char, folded)
    return texts


def _holds(data: bytes, searched: bytes) -> bool:
    """Tell whether some bytes are in others. It looks for the second one: ten times as fast, and that one is rare."""
    second = searched[1:2]
    at = data.find(second)
    while at >= 0:
        if data[max(0, at - 1) : at - 1 + len(searched)] == searched:
            return True
        at = data.find(second, at + 1)
    return False


def _bytes_of(texts: pa.StringArray) -> bytes:
    text, start, end = _place(texts)
    found: bytes = text.slice(start, end - start).to_pybytes()
    return found


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
    pairs = _numbers(text, pa.uint16(), STEP[Table.PLAIN])
    two, first = (pc.take(signs, pairs, boundscheck=False) for signs in _signs_of_pairs())
    triples = pc.add(two[:-1], first[1:])
    weights = pc.take(_weights(), triples, boundscheck=False)
    # An odd number times another one is odd; where either triple is none, the product is 0.
    products = pc.multiply(weights[:-1], weights[1:])
    return pc.shift_right(products, pa.scalar(32 - SLOT_BITS, pa.uint32())).view(pa.int32())


def _id(text: pa.Buffer) -> pa.Int32Array:
    small = pc.bit_wise_or(_numbers(text, pa.uint64(), STEP[Table.ID]), _u64(SMALL))
    outside = pc.bit_wise_and(pc.bit_wise_or(pc.subtract(small, _u64(FIRST_IN_ID)), small), _u64(HIGH))
    products = pc.multiply(small.filter(pc.equal(outside, _u64(0))), _u64(ID_FACTOR))
    return pc.shift_right(products, _u64(64 - SLOT_BITS)).cast(pa.int32())


_GATHERERS = {Table.PLAIN: _plain, Table.ID: _id}


def _numbers(text: pa.Buffer, kind: pa.DataType, width: int) -> pa.Array:
    return pa.Array.from_buffers(kind, text.size // width, [None, text])


def _marked(slots: pa.ChunkedArray) -> pa.UInt64Array:
    """Return a bit for each slot: whether it occurs."""
    if not len(slots):
        return _NO_SLOTS
    valid = pc.inverse_permutation(slots, max_index=(1 << SLOT_BITS) - 1).combine_chunks().buffers()[0]
    # Arrow leaves the bits out where all of them would be set.
    return _ALL_SLOTS if valid is None else pa.Array.from_buffers(pa.uint64(), _WORDS, [None, valid])


@cache
def _signs_of_pairs() -> tuple[pa.UInt16Array, pa.UInt16Array]:
    """Return, for each two bytes as a number, the first two signs of a triple, and the third one that the first is."""
    pairs = [(SIGN_OF[number & 0xFF], SIGN_OF[number >> 8]) for number in range(1 << 16)]
    two = [triple(one, other, 0) for one, other in pairs]
    return pa.array(two, pa.uint16()), pa.array([triple(0, 0, one) for one, _ in pairs], pa.uint16())


@cache
def _weights() -> pa.UInt32Array:
    """Return the weights of all triples by number: 0 of those that do not look like language."""
    numbers = pc.cast(pa.arange(0, SIGNS**3), pa.uint32())
    mixed = pc.multiply(numbers, pa.scalar(TRIPLE_FACTOR, pa.uint32()))
    mixed = pc.bit_wise_xor(mixed, pc.shift_right(mixed, pa.scalar(TRIPLE_SHIFT, pa.uint32())))
    mixed = pc.bit_wise_or(pc.multiply(mixed, pa.scalar(TRIPLE_MIX, pa.uint32())), pa.scalar(1, pa.uint32()))
    each = range(SIGNS)
    plain = {triple(one, two, three) for one in each for two in each for three in each if is_plain(one, two, three)}
    is_one = pa.array([number in plain for number in range(SIGNS**3)])
    weights = pc.if_else(is_one, mixed, pa.scalar(0, pa.uint32()))
    # Without bits that say that no value is missing: taking values looks at them, and takes four times as long.
    return pa.Array.from_buffers(weights.type, len(weights), [None, weights.buffers()[1]])


def _u64(number: int) -> pa.Scalar:
    return pa.scalar(number, pa.uint64())
