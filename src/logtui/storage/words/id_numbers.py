"""Text as numbers of eight bytes, the first byte lowest, with letters made small: parts of ids, or not."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words.pieces import EVERY_BYTE, FIRST_IN_ID, HIGH, SMALL, STEP, Table
from logtui.storage.words.texts import numbers_in

_SMALL, _FIRST_IN_ID, _HIGH, _NOTHING = (pa.scalar(number, pa.uint64()) for number in (SMALL, FIRST_IN_ID, HIGH, 0))


def small_numbers(part: pa.Buffer) -> pa.UInt64Array:
    """Return the numbers of a part of text."""
    return pc.bit_wise_or(numbers_in(part, pa.uint64(), STEP[Table.HEX]), _SMALL)


def are_ids(numbers: pa.UInt64Array) -> pa.BooleanArray:
    """Tell which numbers may be parts of ids. Some bytes of other languages pass, in vain: nobody looks for them."""
    return pc.equal(pc.bit_wise_and(pc.subtract(numbers, _FIRST_IN_ID), _HIGH), _NOTHING)


def are_hex(numbers: pa.UInt64Array) -> pa.BooleanArray:
    """Tell which numbers are hexadecimal digits. Some bytes of other languages pass, in vain."""
    # A high bit changes at each end of what digits and letters there are.
    first, *others = (pc.add(numbers, end) for end in _ENDS)
    for each in others:
        first = pc.bit_wise_xor(first, each)
    return pc.equal(pc.bit_wise_and(first, _HIGH), _HIGH)


_ENDS = [pa.scalar((0x80 - end) * EVERY_BYTE, pa.uint64()) for end in (*b"0", ord("9") + 1, *b"a", ord("f") + 1)]
"""What makes the high bit of a byte from the first digit on, from after the last one on, and the same of letters."""
