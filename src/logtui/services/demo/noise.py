"""Columns of seeded random values, for tables of many events.

Random bytes become columns without passing through Python objects, which is what makes millions of events cheap. Loads
pyarrow, as do `population` and `bulk_tables`, so the rest of the demo must not import it at the top.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pyarrow as pa
import pyarrow.compute as pc

ID_LENGTH = 26
"""Random characters of an id, after its prefix and the `3`."""

_BASE62 = (b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" * 5)[:256]
_FLAT_HEAD = 20
"""Flattens the head of the Zipf distribution, so that nobody does a twentieth of everything."""


class Noise:
    """A seeded source of columns; the same seed and the same calls give the same values."""

    def __init__(self, seed: str) -> None:
        self._bytes = random.Random(seed).randbytes

    def fractions(self, count: int) -> pa.Array:
        """Return numbers from 0 to below 1."""
        raw = pa.Array.from_buffers(pa.uint32(), count, [None, pa.py_buffer(self._bytes(4 * count))])
        return pc.multiply(raw.cast(pa.float64()), 2.0**-32)

    def below(self, limit: int, count: int) -> pa.Array:
        """Return whole numbers from 0 to below `limit`, all equally likely."""
        return whole(pc.multiply(self.fractions(count), float(limit)))

    def ranks(self, size: int, count: int) -> pa.Array:
        """Return places in a ranking of `size`, low ones more often, about as Zipf found."""
        powers = pc.power(pa.scalar(1 + size / _FLAT_HEAD), self.fractions(count))
        places = whole(pc.multiply(pc.subtract(powers, 1.0), float(_FLAT_HEAD)))
        return pc.min_element_wise(places, size - 1)

    def any_of(self, options: Sequence[str], count: int) -> pa.Array:
        """Return texts of `options`, all equally likely."""
        return pa.array(options).take(self.below(len(options), count))

    def ids(self, count: int) -> bytearray:
        """Return the random characters of `count` ids, one after the other."""
        return bytearray(self._bytes(ID_LENGTH * count).translate(_BASE62))

    def trace_ids(self, count: int) -> pa.Array:
        """Return texts of 32 hexadecimal digits."""
        return fixed_texts(self._bytes(16 * count).hex().encode(), 32)


def whole(numbers: pa.Array) -> pa.Array:
    """Return numbers without their fractions."""
    return numbers.cast(pa.int64(), safe=False)


def fixed_texts(characters: bytes | bytearray, length: int) -> pa.Array:
    """Return texts of one length from ASCII characters that lie one after the other."""
    offsets = pa.arange(0, len(characters) + 1, length).cast(pa.int32())
    return pa.StringArray.from_buffers(len(characters) // length, offsets.buffers()[1], pa.py_buffer(characters))


def joined(*parts: pa.Array | str) -> pa.Array:
    """Return texts put together row by row; a null stays null."""
    return pc.binary_join_element_wise(*parts, "")
