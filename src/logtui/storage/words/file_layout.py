"""How the word filter of a segment is laid out in its sidecar.

Part 0 says how many rows each row group has, which of them hide text in escapes, and how large the tables are. The
pages of the tables follow, each a part: the bits of some slots, of all row groups after each other. A question about a
text thus reads a few pages, however large the filter is.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from logtui.storage.words.pieces import SLOT_BITS, Table

_COUNT = struct.Struct("<I")
_BITS = struct.Struct("<BB")
_GROUP = struct.Struct("<IB")
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
        """Bytes that one row group takes in each page."""
        return 1 << self.page_bits - 3 if self.slot_bits else 0

    def place(self, slot: int) -> tuple[int, int]:
        """Return the page that the bits of a slot are on, and where in the bits of each row group there."""
        slot &= (1 << self.slot_bits) - 1
        return slot >> self.page_bits, slot & (1 << self.page_bits) - 1


def shape_of(slot_bits: int, groups: int) -> Shape:
    """Return the shape of a table with pages that are read quickly."""
    fitting = (_PAGE_BYTES * 8 // groups).bit_length() - 1
    return Shape(slot_bits, min(slot_bits, max(_LEAST_PAGE_BITS, fitting)))


@dataclass(frozen=True, slots=True)
class Group:
    """One row group of the segment."""

    rows: int
    hides_text: bool
    """Whether payloads spell characters by their numbers, `\\u0041`, and the filter does not know what they say."""


@dataclass(frozen=True, slots=True)
class Head:
    """Part 0."""

    groups: tuple[Group, ...]
    shapes: dict[Table, Shape]

    def packed(self) -> bytes:
        parts = [_COUNT.pack(len(self.groups))]
        parts += [_BITS.pack(self.shapes[table].slot_bits, self.shapes[table].page_bits) for table in Table]
        parts += [_GROUP.pack(group.rows, group.hides_text) for group in self.groups]
        return b"".join(parts)

    def part_of(self, table: Table, page: int) -> tuple[int, int]:
        """Return the number of the part that a page is, and how many bytes of bodies are between it and part 0."""
        before = [self.shapes[each] for each in list(Table)[: table.value]]
        number = 1 + sum(shape.pages for shape in before) + page
        size = sum(shape.pages * shape.page_bytes_of_group for shape in before)
        return number, (size + page * self.shapes[table].page_bytes_of_group) * len(self.groups)


def head_of(body: bytes | memoryview) -> Head | None:
    """Return what part 0 says; None if it cannot be."""
    try:
        (count,) = _COUNT.unpack_from(body)
        at = _COUNT.size
        shapes = {}
        for table in Table:
            shapes[table] = Shape(*_BITS.unpack_from(body, at))
            at += _BITS.size
        if len(body) != at + count * _GROUP.size or not count or not all(map(_is_possible, shapes.values())):
            return None
        groups = tuple(Group(rows, bool(flag)) for rows, flag in _GROUP.iter_unpack(body[at:]))
    except struct.error:
        return None
    return Head(groups, shapes)


def head_size(groups: int) -> int:
    """Return the size of the body of part 0."""
    return _COUNT.size + len(Table) * _BITS.size + groups * _GROUP.size


def bytes_of(shapes: Sequence[Shape], groups: int, overhead: int) -> int:
    """Return the size of all parts, each with `overhead` bytes of its own."""
    pages = sum(shape.pages * (overhead + groups * shape.page_bytes_of_group) for shape in shapes)
    return overhead + head_size(groups) + pages


def _is_possible(shape: Shape) -> bool:
    return shape.slot_bits == 0 or 3 <= shape.page_bits <= shape.slot_bits <= SLOT_BITS
