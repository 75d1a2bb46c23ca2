"""Makes the filters of words and of anchors of a segment while it is written, or later."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.sidecars import HEADER_SIZE, Identity, Kind, sealed
from logtui.storage.words.anchor_gathering import anchored_pieces_in
from logtui.storage.words.file_layout import TABLES, Group, Head, Shape, bytes_of, shape_of
from logtui.storage.words.gathering import pieces_in
from logtui.storage.words.pieces import SLOT_BITS, Table
from logtui.storage.words.texts import COLUMNS, unescaped, with_escapes

MOST_OF_SEGMENT = {Kind.WORDS: 0.086, Kind.ANCHORS: 0.032}
"""Share of a segment's bytes that a filter takes at most; together they stay below 12 %."""
_MOST_FILLED = {Table.PLAIN: 0.08, Table.ID: 0.2, Table.ANCHORED: 0.2, Table.STRIPED: 0.5}
"""Share of the slots of a table that are taken: how often a piece seems to be there that is not. A text of the first
kind mostly has several pieces; one of the second lies in one of eight ways, of which each has one or more. Of an id,
four slots are in the third one; the last one is asked only about what is in there."""
_LEAST_BITS = 10
_MOST_UNESCAPED = 2_048
"""Payloads of a row group whose escapes are read for the filter, which takes some microseconds each."""


class FilterBuilder:
    """A `Builder` (see `sidecar_writing`) of what tells which row groups may hold a text."""

    columns = COLUMNS

    def __init__(self, kind: Kind, pieces: Callable[[pa.Table, pa.Table], Mapping[Table, pa.UInt64Array]]) -> None:
        """Begin one.

        Args:
            pieces: gives the pieces in a row group, and in more payloads, that are in the tables of the kind.
        """
        self.kind = kind
        self._pieces = pieces
        self._groups: list[Group] = []
        self._found: dict[Table, list[pa.UInt64Array]] = {table: [] for table in TABLES[kind]}

    def add(self, group: pa.Table) -> None:
        """Take in the next row group."""
        escaped = with_escapes(group["payload"])
        is_readable = len(escaped) <= _MOST_UNESCAPED
        for table, bits in self._pieces(group, unescaped(escaped if is_readable else [])).items():
            self._found[table].append(bits)
        self._groups.append(Group(group.num_rows, hides_text=not is_readable))

    def write(self, file: IO[bytes], about: Identity) -> None:
        """Write the filter."""
        head = Head(tuple(self._groups), self._shapes(about.size))
        file.write(sealed(self.kind, about, head.packed()))
        part = 1
        for table, shape in head.shapes.items():
            filters = [_folded(found, shape) for found in self._found[table]] if shape.pages else []
            size = shape.page_bytes_of_group if shape.pages else 0
            for page in range(shape.pages):
                body = b"".join(each[page * size : page * size + size] for each in filters)
                file.write(sealed(self.kind, about, body, part))
                part += 1

    def _shapes(self, segment_size: int) -> dict[Table, Shape]:
        """Choose how large the tables are: as is needed, or as what they may take allows."""
        bits = {table: _needed(found, _MOST_FILLED[table]) for table, found in self._found.items()}
        while True:
            shapes = {table: shape_of(each, len(self._groups)) for table, each in bits.items()}
            size = bytes_of(list(shapes.values()), len(self._groups), HEADER_SIZE)
            if size <= segment_size * MOST_OF_SEGMENT[self.kind] or not any(bits.values()):
                return shapes
            larger = max(bits, key=lambda table: (bits[table], table.value))
            bits[larger] = bits[larger] - 1 if bits[larger] > _LEAST_BITS else 0


def words_builder() -> FilterBuilder:
    """Return what makes the filter of language and of ids anywhere."""
    return FilterBuilder(Kind.WORDS, pieces_in)


def anchors_builder() -> FilterBuilder:
    """Return what makes the filter of ids after `_` and addresses before `@`."""
    return FilterBuilder(Kind.ANCHORS, anchored_pieces_in)


def _needed(filters: list[pa.UInt64Array], most_filled: float) -> int:
    """Return how many bits the numbers of slots need, so that no filter is filled more."""
    slots = 1 << SLOT_BITS
    taken = max((_ones(each) for each in filters), default=0)
    # Different pieces share slots, the more the fuller it is.
    pieces = slots * -math.log1p(-min(taken, slots - 1) / slots)
    return min(SLOT_BITS, max(_LEAST_BITS, math.ceil(math.log2(max(1.0, pieces) / -math.log1p(-most_filled)))))


def _ones(bits: pa.UInt64Array) -> int:
    count: int = pa.Array.from_buffers(pa.bool_(), 1 << SLOT_BITS, [None, bits.buffers()[1]]).true_count
    return count


def _folded(bits: pa.UInt64Array, shape: Shape) -> memoryview:
    """Return the bits of the slots by fewer bits of their numbers."""
    while len(bits) * 64 > 1 << shape.slot_bits:
        half = len(bits) // 2
        bits = pc.bit_wise_or(bits[:half], bits[half:])
    width = bits.type.bit_width // 8
    return memoryview(bits.buffers()[1])[bits.offset * width : (bits.offset + len(bits)) * width]
