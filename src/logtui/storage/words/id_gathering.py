"""Gathers the pieces of ids, addresses and digests that are in some rows, in Arrow."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words.anchor_gathering import anchored_slots
from logtui.storage.words.id_numbers import are_hex, are_ids, small_numbers
from logtui.storage.words.marking import marked_in_turns
from logtui.storage.words.pieces import HEX_FACTOR, SLOT_BITS, Table
from logtui.storage.words.texts import parts_of

_FACTOR, _SHIFT = (pa.scalar(number, pa.uint64()) for number in (HEX_FACTOR, 64 - SLOT_BITS[Table.HEX]))


def id_pieces_in(*rows: pa.Table) -> Mapping[Table, pa.UInt64Array]:
    """Return which pieces of ids are in rows, anchored ones and others: a bit for each slot, the lowest first."""
    texts = [(numbers, are_ids(numbers)) for numbers in map(small_numbers, parts_of(*rows))]
    return {
        Table.ANCHORED: marked_in_turns(Table.ANCHORED, anchored_slots(texts)),
        Table.HEX: marked_in_turns(Table.HEX, (_slots(_hex(numbers.filter(ids))) for numbers, ids in texts)),
    }


def _hex(ids: pa.UInt64Array) -> pa.UInt64Array:
    return ids.filter(are_hex(ids))


def _slots(numbers: pa.UInt64Array) -> pa.Int32Array:
    return pc.shift_right(pc.multiply(numbers, _FACTOR), _SHIFT).cast(pa.int32(), safe=False)
