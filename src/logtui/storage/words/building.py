"""Makes the filters of words and of ids of a segment while it is written, or later."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from logtui.storage.segment_layout import PAGE_ROWS, ROW_GROUP_ROWS
from logtui.storage.sidecars import HEADER_SIZE, Identity, Kind, sealed
from logtui.storage.words.file_layout import TABLES, Group, Head, Shape, bytes_of, shape_of
from logtui.storage.words.id_gathering import id_pieces_in
from logtui.storage.words.pieces import Table
from logtui.storage.words.plain_gathering import plain_pieces_in
from logtui.storage.words.texts import COLUMNS, unescaped, with_escapes

MOST_OF_SEGMENT = {Kind.WORDS: 0.04, Kind.IDS: 0.0785}
"""Share of a segment's bytes that a filter takes at most; together they stay below 12 %."""
_MOST_FILLED = {Table.PLAIN: 0.08, Table.ANCHORED: 0.33, Table.HEX: 0.1}
"""Share of the slots of a table that are taken: how often a piece seems to be there that is not. A text of the first
kind mostly has several pieces, one of the second has six slots; one of the third lies in one of eight ways, of which
each has one or more pieces."""
_MAKES_WAY = {Table.HEX: 2}
"""Where there is not room for all: how many times the table is halved before an equal one is."""
_LEAST_BITS = 10
_MOST_UNESCAPED = 2_048
"""Payloads of a row group, or their share of a page's, whose escapes are read for the filter, which takes some
microseconds each."""


class FilterBuilder:
    """A `Builder` (see `sidecar_writing`) of what tells which rows may hold a text."""

    columns = COLUMNS

    def __init__(
        self, kind: Kind, pieces: Callable[..., Mapping[Table, pa.UInt64Array]], rows_together: int | None = None
    ) -> None:
        """Begin one.

        Args:
            pieces: gives the pieces that are in some tables' rows, for each table of the kind.
            rows_together: how many rows of a row group are told from others; None for all.
        """
        self.kind = kind
        self._pieces = pieces
        self._rows_together = rows_together
        self._most_unescaped = _MOST_UNESCAPED * (rows_together or ROW_GROUP_ROWS) // ROW_GROUP_ROWS
        self._groups: list[Group] = []
        self._found: dict[Table, list[pa.UInt64Array]] = {table: [] for table in TABLES[kind]}

    def add(self, group: pa.Table) -> None:
        """Take in the next row group."""
        step = self._rows_together or max(1, group.num_rows)
        for start in range(0, group.num_rows, step):
            self._add(group.slice(start, step))

    def _add(self, rows: pa.Table) -> None:
        escaped = with_escapes(rows["payload"])
        is_readable = len(escaped) <= self._most_unescaped
        for table, bits in self._pieces(rows, unescaped(escaped if is_readable else [])).items():
            self._found[table].append(bits)
        self._groups.append(Group(rows.num_rows, hides_text=not is_readable))

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
            larger = max(bits, key=lambda table: (bits[table] + _MAKES_WAY.get(table, 0), table.value))
            bits[larger] = bits[larger] - 1 if bits[larger] > _LEAST_BITS else 0


def words_builder() -> FilterBuilder:
    """Return what makes the filter of language."""
    return FilterBuilder(Kind.WORDS, plain_pieces_in)


def ids_builder() -> FilterBuilder:
    """Return what makes the filter of ids, addresses and UUIDs."""
    # A page can be read alone, and there are few of these pieces in one.
    return FilterBuilder(Kind.IDS, id_pieces_in, PAGE_ROWS)


def _needed(filters: list[pa.UInt64Array], most_filled: float) -> int:
    """Return how many bits the numbers of slots need, so that no filter is filled more."""
    if not filters:
        return _LEAST_BITS
    slots = 64 * len(filters[0])
    taken = max(map(_ones, filters))
    # Different pieces share slots, the more the fuller it is.
    pieces = slots * -math.log1p(-min(taken, slots - 1) / slots)
    needed = math.ceil(math.log2(max(1.0, pieces) / -math.log1p(-most_filled)))
    return min(slots.bit_length() - 1, max(_LEAST_BITS, needed))


def _ones(bits: pa.UInt64Array) -> int:
    count: int = pa.Array.from_buffers(pa.bool_(), 64 * len(bits), [None, bits.buffers()[1]]).true_count
    return count


def _folded(bits: pa.UInt64Array, shape: Shape) -> memoryview:
    """Return the bits of the slots by fewer bits of their numbers."""
    while len(bits) * 64 > 1 << shape.slot_bits:
        half = len(bits) // 2
        bits = pc.bit_wise_or(bits[:half], bits[half:])
    width = bits.type.bit_width // 8
    return memoryview(bits.buffers()[1])[bits.offset * width : (bits.offset + len(bits)) * width]
