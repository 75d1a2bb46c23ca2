"""The most frequent values of one column in a segment, and the bytes that they are kept in. Pure."""

from __future__ import annotations

import struct
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from logtui.storage.summary import SummaryError

TOP_COLUMNS = ("actor", "subject", "ip")
"""Columns of which the most frequent values are kept."""
MOST_VALUES = 256
"""Of one column, that are kept with their counts."""
_TOP = struct.Struct("<QQII")
"""Events without a value, how often the most frequent one comes that is not listed, number of values, and the code of
the character between them."""
_SURROGATES = range(0xD800, 0xE000)


@dataclass(frozen=True, slots=True)
class Top:
    """The most frequent values of one column."""

    nulls: int
    """Events without a value."""
    values: Sequence[str]
    counts: Sequence[int]
    """Of each value."""
    most_other: int
    """No value that is not listed comes more often; 0 where all are listed."""

    def cut(self, most: int) -> Top:
        """Return the same of fewer values, the most frequent ones, which come first."""
        if len(self.values) <= most:
            return self
        return Top(self.nulls, self.values[:most], self.counts[:most], self.counts[most])

    @classmethod
    def of(cls, nulls: int, pairs: Iterable[tuple[str, int]], most_other: int) -> Top:
        """Put one together from values with their counts."""
        values, counts = [*zip(*pairs, strict=True)] or ((), ())
        return cls(nulls, [*values], [*counts], most_other)


def encoded_top(top: Top) -> bytes:
    """Return the bytes of the most frequent values."""
    text = "".join(top.values)
    # Text that is cut at a sign is read in a third of the time that JSON takes, and a year has 365 of these.
    between = next(code for code in range(sys.maxunicode) if code not in _SURROGATES and chr(code) not in text)
    head = _TOP.pack(top.nulls, top.most_other, len(top.values), between)
    return head + struct.pack(f"<{len(top.counts)}Q", *top.counts) + chr(between).join(top.values).encode()


def decoded_top(data: bytes) -> Top:
    """Return the most frequent values of some bytes.

    Raises:
        SummaryError: they are none.
    """
    try:
        nulls, most_other, listed, between = _TOP.unpack_from(data)
        layout = struct.Struct(f"<{listed}Q")
        counts = list(layout.unpack_from(data, _TOP.size))
        values = data[_TOP.size + layout.size :].decode().split(chr(between)) if listed else []
        if not len(values) == len(counts) == listed:
            raise ValueError(f"{len(values)} values, {len(counts)} counts, {listed} listed")
        return Top(nulls, values, counts, most_other)
    except (ValueError, OverflowError, MemoryError, struct.error) as error:
        raise SummaryError("these are no most frequent values") from error
