"""Reads the filters of a segment: which of its rows may hold what is asked for."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import accumulate

from logtui.storage.sidecars import HEADER_SIZE, Kind, first_part_size, sidecar_path, unsealed
from logtui.storage.words.demands import AllOf, AnyOf, Demand, Hidden, Holds
from logtui.storage.words.file_layout import TABLES, Group, Head, head_of
from logtui.storage.words.pieces import Table

_FIRST_READ = 4096


class Unreliable(Exception):  # noqa: N818 - a reason to read the segment itself
    """What was read is not what was written."""


@dataclass(slots=True)
class _File:
    """An open sidecar."""

    descriptor: int
    kind: Kind
    size: int
    """Of the segment."""
    head: Head
    pages_at: int
    pages: dict[tuple[Table, int], memoryview] = field(default_factory=dict)

    def bytes_at(self, table: Table, slot: int) -> tuple[memoryview, int]:
        """Return for each group the byte that has the bit of a slot, and which bit it is.

        Raises:
            Unreliable: the file is damaged.
        """
        shape = self.head.shapes[table]
        page, place = shape.place(slot)
        return self._page(table, page)[place >> 3 :: shape.page_bytes_of_group], place & 7

    def _page(self, table: Table, page: int) -> memoryview:
        content = self.pages.get((table, page))
        if content is None:
            number, before = self.head.part_of(table, page)
            size = HEADER_SIZE + len(self.head.groups) * self.head.shapes[table].page_bytes_of_group
            at = self.pages_at + before + (number - 1) * HEADER_SIZE
            content = unsealed(os.pread(self.descriptor, size, at), self.kind, self.size, number)
            if content is None or len(content) != size - HEADER_SIZE:
                raise Unreliable
            self.pages[table, page] = content
        return content


class WordFilter:
    """The open filters of a segment."""

    def __init__(self, files: Sequence[_File]) -> None:
        """Begin to use them.

        Args:
            files: one or more. The groups of the last one are the smallest; those of others consist of them.
        """
        self.groups: tuple[Group, ...] = files[-1].head.groups
        """Rows that are told from others."""
        self._bits = {file.kind: _bits_of_groups(file.head.groups, self.groups) for file in files}
        self._files = {table: file for file in files for table, shape in file.head.shapes.items() if shape.pages}
        self._hidden = 0
        for file in files:
            flags = zip(self._bits[file.kind], file.head.groups, strict=True)
            self._hidden |= sum(bits for bits, group in flags if group.hides_text)

    @property
    def everywhere(self) -> int:
        """All bits that `holding` may return."""
        return (1 << len(self.groups)) - 1

    def holding(self, demand: Demand) -> int:
        """Return a bit for each group, the first one lowest: whether what is demanded may be there.

        Raises:
            Unreliable: a filter is damaged.
        """
        return self._within(self.everywhere, demand)

    def _within(self, groups: int, demand: Demand) -> int:
        match demand:
            case AllOf(parts):
                for part in parts:
                    if groups:
                        groups = self._within(groups, part)
                return groups
            case AnyOf(parts):
                found = 0
                for part in parts:
                    found |= self._within(groups & ~found, part)
                return found
            case Hidden():
                return groups & self._hidden
            case Holds(table, slots):
                for slot in slots if table in self._files else ():
                    if groups:
                        groups &= self._with_slot(table, slot)
                return groups

    def _with_slot(self, table: Table, slot: int) -> int:
        file = self._files[table]
        found, bit = file.bytes_at(table, slot)
        return sum(bits for bits, byte in zip(self._bits[file.kind], found, strict=True) if byte >> bit & 1)


def _bits_of_groups(groups: Sequence[Group], smallest: Sequence[Group]) -> list[int]:
    """Return for each group which of the smallest it consists of, as bits."""
    number_of = {end: number for number, end in enumerate(_ends(smallest), start=1)}
    found, first = [], 0
    for end in _ends(groups):
        found.append((1 << number_of[end]) - (1 << first))
        first = number_of[end]
    return found


def _ends(groups: Sequence[Group]) -> Iterator[int]:
    return accumulate(group.rows for group in groups)


def kinds_asked(demand: Demand) -> frozenset[Kind]:
    """Return the filters that a demand is about."""
    match demand:
        case AllOf(parts) | AnyOf(parts):
            return frozenset[Kind]().union(*map(kinds_asked, parts))
        case Holds(table, _):
            return frozenset(kind for kind, tables in TABLES.items() if table in tables)
        case Hidden():
            return frozenset()


@contextmanager
def word_filter(
    root: str, segment: str, rows: int, size: int, kinds: Collection[Kind] = tuple(TABLES)
) -> Iterator[WordFilter | None]:
    """Give the filters of a segment; None where there is none to rely on.

    Args:
        kinds: which of them; the others are not opened.
        segment: its name relative to the store.
        rows: of the segment as it is now.
        size: the same in bytes.
    """
    with ExitStack() as stack:
        asked = (kind for kind in TABLES if kind in kinds)
        found = (_opened(stack, sidecar_path(root, segment, kind), kind, rows, size) for kind in asked)
        files = [file for file in found if file is not None]
        if len(files) > 1 and not set(_ends(files[0].head.groups)).issubset(_ends(files[1].head.groups)):
            del files[1:]
        yield WordFilter(files) if files else None


def _opened(stack: ExitStack, path: str, kind: Kind, rows: int, size: int) -> _File | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    stack.callback(os.close, descriptor)
    try:
        content = os.pread(descriptor, _FIRST_READ, 0)
        body = unsealed(content, kind, size)
        if body is None and (whole := first_part_size(content, kind)) > _FIRST_READ:
            # A segment of very many rows.
            body = unsealed(os.pread(descriptor, whole, 0), kind, size)
    except OSError:
        return None
    head = None if body is None else head_of(body, TABLES[kind])
    if body is None or head is None or sum(group.rows for group in head.groups) != rows:
        return None
    return _File(descriptor, kind, size, head, HEADER_SIZE + len(body))
