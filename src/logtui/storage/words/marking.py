"""Marks which slots of a table occur, in Arrow.

The trick is `inverse_permutation`: made for something else, it marks which of a million numbers occur in an array,
faster than anything that sorts or hashes them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words.pieces import SLOT_BITS, Table


def no_slots(table: Table) -> pa.UInt64Array:
    """Return the bits of a table without pieces."""
    return pa.array([0] * (1 << SLOT_BITS[table] - 6), pa.uint64())


def marked(table: Table, slots: pa.ChunkedArray) -> pa.UInt64Array:
    """Return a bit for each slot of a table, the lowest first: whether it occurs."""
    valid = pc.inverse_permutation(slots, max_index=(1 << SLOT_BITS[table]) - 1).combine_chunks().buffers()[0]
    if valid is None:
        # Arrow leaves the bits out where all of them would be set.
        return pc.bit_wise_not(no_slots(table))
    return pa.Array.from_buffers(pa.uint64(), 1 << SLOT_BITS[table] - 6, [None, valid])


def marked_in_turns(table: Table, slots: Iterable[pa.Int32Array]) -> pa.UInt64Array:
    """Return the same as `marked`, sooner where most slots occur once only."""
    found, all_slots = no_slots(table), pa.chunked_array(slots, pa.int32())
    # Arrow sets bits one by one where slots are fewer than half of all that there are, and else looks at all of them in
    # the end. Ids differ, so that the first is three times as fast for them; other pieces are the same ones again and
    # again, and each time waits for the one before.
    few = (1 << SLOT_BITS[table] - 1) - 1
    for start in range(0, len(all_slots), few):
        found = pc.bit_wise_or(found, marked(table, all_slots.slice(start, few)))
    return found
