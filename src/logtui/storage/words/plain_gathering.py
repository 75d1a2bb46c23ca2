"""Gathers the pieces of language that are in a row group, in Arrow: 16 million characters in a few dozen calls."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words import tables
from logtui.storage.words.marking import marked, no_slots
from logtui.storage.words.pieces import SLOT_BITS, STEP, Table
from logtui.storage.words.texts import numbers_in, parts_of

_TOGETHER = 32
"""Parts after which slots are marked: that costs the same for few and for many, and they take twice the memory."""
_PLAIN_SHIFT = pa.scalar(32 - SLOT_BITS[Table.PLAIN], pa.uint32())


def plain_pieces_in(*rows: pa.Table) -> Mapping[Table, pa.UInt64Array]:
    """Return which pieces of language are in rows: a bit for each slot, the lowest first."""
    found = no_slots(Table.PLAIN)
    parts = parts_of(*rows)
    while together := list(islice(parts, _TOGETHER)):
        found = pc.bit_wise_or(found, marked(Table.PLAIN, pa.chunked_array(map(_plain, together), pa.int32())))
    return {Table.PLAIN: found}


def _plain(text: pa.Buffer) -> pa.Int32Array:
    pairs = pc.take(tables.pairs(), numbers_in(text, pa.uint16(), STEP[Table.PLAIN]), boundscheck=False)
    # Not where a number would begin in memory, which taking does not mind: it reads one after the other.
    triples = pa.Array.from_buffers(pa.uint32(), len(pairs) - 1, [None, pairs.buffers()[1].slice(tables.SIGN_BYTE)])
    weights = pc.take(tables.weights(), triples, boundscheck=False)
    # An odd number times another one is odd; where either triple is none, the product is 0.
    products = pc.multiply(weights[:-1], weights[1:])
    return pc.shift_right(products, _PLAIN_SHIFT).view(pa.int32())
