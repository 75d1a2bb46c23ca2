"""Whether a segment may hold an id: one filter over all of its ids, of which a question reads one small part.

It is a split-block Bloom filter as in the Parquet format: blocks of 256 bits, in each of which a key sets 8 bits. The
keys are the ids of all columns, with a letter before them that tells the columns apart, so that one filter of one size
serves all; IPv6 addresses are in one spelling. A key that is not in the filter is in no event; one that is may be in
none, once in a thousand times.

    part 0 (1,024 bytes)            part 1 …
    header  block 0 … block 30      header  block 31 …

The number of blocks is a power of two and follows from the size of the file, so a block is found without looking
anything up; the header repeats it, for files that were cut.
"""

from __future__ import annotations

import os
from dataclasses import dataclass

from logtui.storage.sidecars import HEADER_SIZE, Kind, sidecar_path, unsealed
from logtui.storage.xxhash import xxh64

LETTERS = {"event_id": "e", "actor": "a", "subject": "s", "trace_id": "t", "device_id": "d", "ip": "i"}
"""Column whose values are in the filter -> what stands before them there."""
BLOCK = 32
PART_BLOCKS = 31
PART = HEADER_SIZE + PART_BLOCKS * BLOCK

_SALTS = (0x47B6137B, 0x44974D91, 0x8824AD5B, 0xA2B7289D, 0x705495C7, 0x2DF1424B, 0x9EFC4947, 0x5C6BFB31)
"""Of the Parquet format: one for each of a block's eight words."""


@dataclass(frozen=True, slots=True)
class Needle:
    """One value of one column, as the filters know it."""

    place: int
    """Which part of all blocks its block lies at, in 2**-32."""
    bits: int
    """The bits that it sets there."""

    @classmethod
    def of(cls, column: str, value: str) -> Needle:
        """Return what to look for: an address in whatever spelling, any other value as it is.

        Args:
            column: one of `LETTERS`.

        Raises:
            UnicodeEncodeError: the value is no text that could be stored.
        """
        if column == "ip":
            # Few questions are about one, and what it needs takes a millisecond to import.
            from logtui.storage.address_spelling import one_spelling

            value = one_spelling(value)
        key = xxh64((LETTERS[column] + value).encode())
        low = key & 0xFFFFFFFF
        bits = sum(1 << (32 * word + (low * salt % (1 << 32) >> 27)) for word, salt in enumerate(_SALTS))
        return cls(key >> 32, bits)


class Filter:
    """The open filter of one segment. Each needle is one read of `PART` bytes."""

    def __init__(self, descriptor: int, size: int) -> None:
        """Take over a descriptor; `size` is that of the segment, in bytes as it is now."""
        self._descriptor = descriptor
        self._size = size
        length = os.fstat(descriptor).st_size
        self._order = ((length - -(-length // PART) * HEADER_SIZE) // BLOCK).bit_length() - 1

    @classmethod
    def of(cls, root: str, segment: str, size: int) -> Filter | None:
        """Open the filter of a segment, by its name relative to the store; None where there is none."""
        try:
            descriptor = os.open(sidecar_path(root, segment, Kind.NEEDLES), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        return cls(descriptor, size)

    def may_have(self, needle: Needle) -> bool:
        """Tell whether the segment may have an event with this value: also where the filter cannot be relied on."""
        part, at = divmod(needle.place << max(0, self._order) >> 32, PART_BLOCKS)
        try:
            content = os.pread(self._descriptor, PART, part * PART)
        except OSError:
            return True
        body = unsealed(content, Kind.NEEDLES, self._size, part, layout=self._order)
        if body is None:
            return True
        return int.from_bytes(body[at * BLOCK : (at + 1) * BLOCK], "little") & needle.bits == needle.bits

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)
