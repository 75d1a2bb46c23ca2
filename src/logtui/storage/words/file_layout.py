"""How the filters of words and of ids of a segment are laid out in their sidecars.

Part 0 says how many rows are together in each group, which of these hide text in escapes, and how large the tables are.
The pages of the tables follow, each a part: the bits of some slots, of all groups after each other. A question about a
text thus reads a few pages, however large the filter is.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from logtui.storage.sidecars import Kind
from logtui.storage.words.pieces import SLOT_BITS, Table

TABLES: Mapping[Kind, tuple[Table, ...]] = MappingProxyType(
    {Kind.WORDS: (Table.PLAIN,), Kind.IDS: (Table.ANCHORED, Table.HEX)}
)
"""Kind -> the tables in its sidecar, in their order there."""

_COUNT = struct.Struct("<I")
_BITS = struct.Struct("<BB")
_GROUP = struct.Struct("<IB")
_MOST_BITS = max(SLOT_BITS.values())
_PAGE_BYTES = 4096
_LEAST_PAGE_BITS = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a table is."""

    slot_bits: int
    """There are so many bits in the number of a slot; 0 for a table that was left out."""
    page_bits: int
    """The same of the slots of one page."""

    @property
    def pages(self) -> int:
        return 1 << self.slot_bits - self.page_bits if self.slot_bits else 0

    @property
    def page_bytes_of_group(self) -> int:
        """Bytes that one group takes in each page."""
        return 1 << self.page_bits - 3 if self.slot_bits else 0

    def place(self, slot: int) -> tuple[int, int]:
        """Return the page that the bits of a slot are on, and where in the bits of each group there."""
        slot &= (1 << self.slot_bits) - 1
        return slot >> self.page_bits, slot & (1 << self.page_bits) - 1


def shape_of(slot_bits: int, groups: int) -> Shape:
    """Return the shape of a table with pages that are read quickly."""
    fitting = (_PAGE_BYTES * 8 // groups).bit_length() - 1
    return Shape(slot_bits, min(slot_bits, max(_LEAST_PAGE_BITS, fitting)))


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of the segment that are together in a filter: a row group or, in the filter of ids, a page of one."""

    rows: int
    hides_text: bool
    """Whether payloads spell characters by their numbers, `\\u0041`, and the filter does not know what they say."""


@dataclass(frozen=True, slots=True)
class Head:
    """Part 0."""

    groups: tuple[Group, ...]
    shapes: Mapping[Table, Shape]
    """In the order of the tables."""

    def packed(self) -> bytes:
        parts = [_COUNT.pack(len(self.groups))]
        parts += [_BITS.pack(shape.slot_bits, shape.page_bits) for shape in self.shapes.values()]
        parts += [_GROUP.pack(group.rows, group.hides_text) for group in self.groups]
        return b"".join(parts)

    def part_of(self, table: Table, page: int) -> tuple[int, int]:
        """Return the number of the part that a page is, and how many bytes of bodies are between it and part 0."""
        tables = list(self.shapes)
        before = [self.shapes[each] for each in tables[: tables.index(table)]]
        number = 1 + sum(shape.pages for shape in before) + page
        size = sum(shape.pages * shape.page_bytes_of_group for shape in before)
        return number, (size + page * self.shapes[table].page_bytes_of_group) * len(self.groups)


def head_of(body: bytes | memoryview, tables: Sequence[Table]) -> Head | None:
    """Return what part 0 says; None if it cannot be."""
    try:
        (count,) = _COUNT.unpack_from(body)
        at = _COUNT.size
        shapes = {}
        for table in tables:
            shapes[table] = Shape(*_BITS.unpack_from(body, at))
            at += _BITS.size
        if len(body) != at + count * _GROUP.size or not count or not all(map(_is_possible, shapes.values())):
            return None
        groups = tuple(Group(rows, bool(flag)) for rows, flag in _GROUP.iter_unpack(body[at:]))
    except struct.error:
        return None
    return Head(groups, shapes)


def bytes_of(shapes: Sequence[Shape], groups: int, overhead: int) -> int:
    """Return the size of all parts, each with `overhead` bytes of its own."""
    pages = sum(shape.pages * (overhead + groups * shape.page_bytes_of_group) for shape in shapes)
    return overhead + _COUNT.size + len(shapes) * _BITS.size + groups * _GROUP.size + pages


def _is_possible(shape: Shape) -> bool:
    return shape.slot_bits == 0 or 3 <= shape.page_bits <= shape.slot_bits <= _MOST_BITS
