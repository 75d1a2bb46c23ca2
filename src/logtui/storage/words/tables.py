"""Tables that make pieces of text by looking things up: from two bytes and the next two to the weight of a triple.

What each number means is in `pieces`. The layout is for speed. An entry of `pairs` has in its upper byte the sign of
its second byte, and below that the number of its pair. Read from the upper byte of one entry on, four bytes are the
last sign of one pair below the number of the next pair: a place in `weights`, without any arithmetic.
"""

from __future__ import annotations

from array import array
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words.pieces import SIGN_OF, SIGNS, TRIPLE_FACTOR, TRIPLE_MIX, TRIPLE_SHIFT, plain_before, triple

SIGN_BYTE = 3
"""Which byte of an entry of `pairs` is the sign: the next three are the number of the pair after it."""
_APART = 256
"""Between the weights of one pair and the next one: a byte tells which sign is before it."""


@cache
def pairs() -> pa.UInt32Array:
    """Return what each two bytes are, as a number with the first one lowest."""
    number_of = {pair: number for number, (pair, _) in enumerate(_known_pairs(), start=1)}
    rows = {
        last: array("I", [number_of.get((first, last), 0) | last << 8 * SIGN_BYTE for first in SIGN_OF]).tobytes()
        for last in range(SIGNS)
    }
    return _table(b"".join(rows[last] for last in SIGN_OF))


@cache
def weights() -> pa.UInt32Array:
    """Return the weights of all triples: 0 of those that do not look like language."""
    weight_of = _mixed().to_pylist()
    rows = [bytes(4 * _APART)]
    for (middle, last), before in _known_pairs():
        known = [weight_of[triple(first, middle, last)] if before >> first & 1 else 0 for first in range(SIGNS)]
        rows.append(array("I", known).tobytes().ljust(4 * _APART, b"\0"))
    return _table(b"".join(rows))


def _known_pairs() -> list[tuple[tuple[int, int], int]]:
    """Return the pairs of signs that end a triple of language, with a bit for each sign that may begin it."""
    each = range(SIGNS)
    return [((middle, last), before) for last in each for middle in each if (before := plain_before(middle, last))]


def _mixed() -> pa.UInt32Array:
    """Return `triple_weight` of all numbers of triples."""
    numbers = pc.cast(pa.arange(0, SIGNS**3), pa.uint32())
    mixed = pc.multiply(numbers, pa.scalar(TRIPLE_FACTOR, pa.uint32()))
    mixed = pc.bit_wise_xor(mixed, pc.shift_right(mixed, pa.scalar(TRIPLE_SHIFT, pa.uint32())))
    return pc.bit_wise_or(pc.multiply(mixed, pa.scalar(TRIPLE_MIX, pa.uint32())), pa.scalar(1, pa.uint32()))


def _table(content: bytes) -> pa.UInt32Array:
    # Without bits that say that no value is missing: taking values looks at them, and takes four times as long.
    return pa.Array.from_buffers(pa.uint32(), len(content) // 4, [None, pa.py_buffer(content)])
