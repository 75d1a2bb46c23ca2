"""Gathers the pieces of text that are in a row group; `pieces` says what a piece is.

All of it runs in Arrow, 16 million characters in a few dozen calls. The trick is `inverse_permutation`: made for
something else, it marks which of a million numbers occur in an array, faster than anything that sorts or hashes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words import tables
from logtui.storage.words.id_numbers import are_ids, small_numbers
from logtui.storage.words.pieces import ID_FACTOR, SLOT_BITS, STEP, Table
from logtui.storage.words.texts import numbers_in, parts_of

_TOGETHER = 32
"""Parts after which slots are marked: that costs the same for few and for many, and they take twice the memory."""
_PLAIN_SHIFT = pa.scalar(32 - SLOT_BITS[Table.PLAIN], pa.uint32())
_ID_FACTOR, _ID_SHIFT = (pa.scalar(number, pa.uint64()) for number in (ID_FACTOR, 64 - SLOT_BITS[Table.ID]))


def pieces_in(*rows: pa.Table) -> Mapping[Table, pa.UInt64Array]:
    """Return which pieces of language and ids are in rows: for each table a bit for each slot, the lowest first."""
    plain, ids = no_slots(Table.PLAIN), no_slots(Table.ID)
    parts = parts_of(*rows)
    while together := list(islice(parts, _TOGETHER)):
        plain = pc.bit_wise_or(plain, _marked(Table.PLAIN, pa.chunked_array(map(_plain, together), pa.int32())))
        ids = pc.bit_wise_or(ids, marked(Table.ID, map(_id, together)))
    return {Table.PLAIN: plain, Table.ID: ids}


def no_slots(table: Table) -> pa.UInt64Array:
    """Return the bits of a table without pieces."""
    return pa.array([0] * (1 << SLOT_BITS[table] - 6), pa.uint64())


def marked(table: Table, slots: Iterable[pa.Int32Array]) -> pa.UInt64Array:
    """Return a bit for each slot of a table: whether it occurs. Most of them should occur once only."""
    found, all_slots = no_slots(table), pa.chunked_array(slots, pa.int32())
    # Arrow sets bits one by one where slots are fewer than half of all that there are, and else looks at all of them in
    # the end. Ids differ, so that the first is three times as fast for them; other pieces are the same ones again and
    # again, and each time waits for the one before.
    few = (1 << SLOT_BITS[table] - 1) - 1
    for start in range(0, len(all_slots), few):
        found = pc.bit_wise_or(found, _marked(table, all_slots.slice(start, few)))
    return found


def _plain(text: pa.Buffer) -> pa.Int32Array:
    pairs = pc.take(tables.pairs(), numbers_in(text, pa.uint16(), STEP[Table.PLAIN]), boundscheck=False)
    # Not where a number would begin in memory, which taking does not mind: it reads one after the other.
    triples = pa.Array.from_buffers(pa.uint32(), len(pairs) - 1, [None, pairs.buffers()[1].slice(tables.SIGN_BYTE)])
    weights = pc.take(tables.weights(), triples, boundscheck=False)
    # An odd number times another one is odd; where either triple is none, the product is 0.
    products = pc.multiply(weights[:-1], weights[1:])
    return pc.shift_right(products, _PLAIN_SHIFT).view(pa.int32())


def _id(text: pa.Buffer) -> pa.Int32Array:
    small = small_numbers(text)
    products = pc.multiply(small.filter(are_ids(small)), _ID_FACTOR)
    return pc.shift_right(products, _ID_SHIFT).cast(pa.int32(), safe=False)


def _marked(table: Table, slots: pa.ChunkedArray) -> pa.UInt64Array:
    """Return a bit for each slot: whether it occurs."""
    valid = pc.inverse_permutation(slots, max_index=(1 << SLOT_BITS[table]) - 1).combine_chunks().buffers()[0]
    if valid is None:
        # Arrow leaves the bits out where all of them would be set.
        return pc.bit_wise_not(no_slots(table))
    return pa.Array.from_buffers(pa.uint64(), 1 << SLOT_BITS[table] - 6, [None, valid])
