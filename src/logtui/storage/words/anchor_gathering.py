"""Gathers the anchored pieces of text, eight bytes at a time; `anchors` says what they are.

Of a sign that occurs several times in one number, only the one counts that has none of the others in its near piece.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.words.anchors import AFTER, BEFORE, FACTORS_AFTER, FACTORS_BEFORE, SLOT_SHIFT, small
from logtui.storage.words.id_numbers import are_ids
from logtui.storage.words.pieces import EVERY_BYTE, HIGH


def _number(value: int) -> pa.UInt64Scalar:
    return pa.scalar(value, pa.uint64())


_NOTHING, _HIGH, _MOST_ASCII = map(_number, (0, HIGH, 0x7F * EVERY_BYTE))
_TO_HIGH = _number((0x80 - small(AFTER)) * EVERY_BYTE)
"""Makes the high bit of what is at least as large as the sign, and no ASCII is larger."""
_BYTE, _ALL_BUT_ONE = _number(8), _number(56)
_BEFORE = [_number(small(sign) * EVERY_BYTE) for sign in BEFORE]
_FRACTION, _LEAST_EXPONENT = _number(52), _number(1023 + 7)
"""Of a floating-point number: where its exponent begins, and the exponent of the high bit of the lowest byte."""
_SLOT_SHIFT = _number(SLOT_SHIFT)


def anchored_slots(texts: Sequence[tuple[pa.UInt64Array, pa.BooleanArray]]) -> list[pa.Int32Array]:
    """Return the slots of the anchored pieces; some more than once, and some for nothing.

    Args:
        texts: small numbers of text, and which of them may be parts of ids.
    """
    before = _joined([_before([numbers for numbers, _ in texts], sign) for sign in _BEFORE])
    return [*_slots(_after(texts), FACTORS_AFTER), *_slots(before, FACTORS_BEFORE)]


def _slots(numbers: pa.UInt64Array, factors: Sequence[int]) -> Iterator[pa.Int32Array]:
    for factor in factors:
        slots = pc.shift_right(pc.multiply(numbers, _number(factor)), _SLOT_SHIFT)
        yield slots.cast(pa.int32(), safe=False)


def _after(texts: Sequence[tuple[pa.UInt64Array, pa.BooleanArray]]) -> pa.UInt64Array:
    """Return the near and the far pieces after the last sign in each number; some for nothing."""
    here, second, third = _around([(text, _places_after(text, ids)) for text, ids in texts], 3)
    shift = _highest_byte(_signs_after(here))
    near, far = _behind(here, second, shift), _behind(second, third, shift)
    return _joined([near.filter(are_ids(near)), far.filter(are_ids(far))])


def _places_after(text: pa.UInt64Array, ids: pa.BooleanArray) -> pa.UInt64Array:
    count = max(0, len(text) - 2)
    signs = pc.not_equal(_signs_after(text.slice(0, count)), _NOTHING)
    # All of the next number is in the two pieces, which leaves a third of the places.
    return pc.indices_nonzero(pc.and_(signs, ids.slice(1, count)))


def _signs_after(text: pa.UInt64Array) -> pa.UInt64Array:
    # What is no ASCII passes in vain.
    return _highs(pc.add(text, _TO_HIGH))


def _before(texts: Sequence[pa.UInt64Array], sign: pa.UInt64Scalar) -> pa.UInt64Array:
    """Return the pieces before the first sign in each number; some for nothing."""
    before, here = _around([(text, _places_before(text, sign)) for text in texts], 2)
    signs = pc.bit_wise_xor(_others(here, sign), _HIGH)
    near = _ending(before, here, _highest_byte(pc.bit_wise_and(signs, pc.subtract(_NOTHING, signs))))
    # Nobody asks for one that has a sign in it, and in a UUID each of three groups would make such.
    return near.filter(pc.and_(are_ids(near), pc.equal(_others(near, sign), _HIGH)))


def _places_before(text: pa.UInt64Array, sign: pa.UInt64Scalar) -> pa.UInt64Array:
    return pc.indices_nonzero(pc.not_equal(_others(text.slice(1), sign), _HIGH))


def _others(text: pa.UInt64Array, sign: pa.UInt64Scalar) -> pa.UInt64Array:
    # Of ASCII, only the sign does not reach the high bit.
    return _highs(pc.add(pc.bit_wise_xor(text, sign), _MOST_ASCII))


def _around(found: Sequence[tuple[pa.UInt64Array, pa.UInt64Array]], count: int) -> Iterator[pa.UInt64Array]:
    """Yield the numbers at places in texts, then those after them, and so on, of all texts together."""
    # Few calls with many numbers: a call takes as long as a thousand numbers.
    for skipped in range(count):
        yield _joined([pc.take(text.slice(skipped), at, boundscheck=False) for text, at in found])


def _joined(arrays: Sequence[pa.UInt64Array]) -> pa.UInt64Array:
    return pa.chunked_array(arrays, pa.uint64()).combine_chunks()


def _highs(numbers: pa.UInt64Array) -> pa.UInt64Array:
    return pc.bit_wise_and(numbers, _HIGH)


def _highest_byte(bits: pa.UInt64Array) -> pa.UInt64Array:
    """Return the number of bits below the byte that holds the highest bit, which is a high bit of a byte."""
    # The exponent of a floating-point number is where its highest bit is.
    exponents = pc.shift_right(bits.cast(pa.float64(), safe=False).view(pa.uint64()), _FRACTION)
    return pc.subtract(exponents, _LEAST_EXPONENT)


def _behind(first: pa.UInt64Array, second: pa.UInt64Array, shift: pa.UInt64Array) -> pa.UInt64Array:
    """Return the eight bytes after a byte of the first number."""
    low = pc.shift_right(pc.shift_right(first, shift), _BYTE)
    return pc.bit_wise_or(low, pc.shift_left(second, pc.subtract(_ALL_BUT_ONE, shift)))


def _ending(first: pa.UInt64Array, second: pa.UInt64Array, shift: pa.UInt64Array) -> pa.UInt64Array:
    """Return the eight bytes before a byte of the second number."""
    high = pc.shift_left(pc.shift_left(second, pc.subtract(_ALL_BUT_ONE, shift)), _BYTE)
    return pc.bit_wise_or(pc.shift_right(first, shift), high)
