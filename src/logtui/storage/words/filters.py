"""Reads the filters of a segment: which stripes of its row groups may hold what is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from logtui.storage.sidecars import HEADER_SIZE, Kind, sidecar_path, unsealed
from logtui.storage.words.anchors import STRIPES
from logtui.storage.words.demands import AllOf, AnyOf, Demand, Hidden, Holds
from logtui.storage.words.file_layout import TABLES, Group, Head, head_of
from logtui.storage.words.pieces import Table

_FIRST_READ = 4096
_ALL_OF_GROUP = (1 << STRIPES) - 1


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
        """Return for each row group the byte that has the bit of a slot, and which bit it is.

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

    def __init__(self, files: list[_File]) -> None:
        self.groups: tuple[Group, ...] = files[0].head.groups
        """The row groups of the segment."""
        self._files = {table: file for file in files for table, shape in file.head.shapes.items() if shape.pages}

    @property
    def everywhere(self) -> int:
        """All bits that `holding` may return."""
        return sum((1 << group.stripes) - 1 << at * STRIPES for at, group in enumerate(self.groups))

    def holding(self, demand: Demand) -> int:
        """Return a bit for each stripe, `STRIPES` for each row group, the first one lowest: whether it may be there.

        Raises:
            Unreliable: a filter is damaged.
        """
        return self._within(self.everywhere, demand)

    def _within(self, stripes: int, demand: Demand) -> int:
        match demand:
            case AllOf(parts):
                for part in parts:
                    if stripes:
                        stripes = self._within(stripes, part)
                return stripes
            case AnyOf(parts):
                found = 0
                for part in parts:
                    found |= self._within(stripes & ~found, part)
                return found
            case Hidden():
                return stripes & _bits(_ALL_OF_GROUP if group.hides_text else 0 for group in self.groups)
            case Holds(table, slots):
                for slot in slots if table in self._files else ():
                    if stripes:
                        stripes &= self._with_slot(table, slot)
                return stripes

    def _with_slot(self, table: Table, slot: int) -> int:
        found, bit = self._files[table].bytes_at(table, slot)
        if table is Table.STRIPED:
            # The slots of all stripes are one byte.
            return _bits(found)
        return _bits(_ALL_OF_GROUP if byte >> bit & 1 else 0 for byte in found)


def _bits(bytes_of_groups: Iterable[int]) -> int:
    return int.from_bytes(bytes(bytes_of_groups), "little")


@contextmanager
def word_filter(root: str, segment: str, rows: int, size: int) -> Iterator[WordFilter | None]:
    """Give the filters of a segment; None where there is none to rely on.

    Args:
        segment: its name relative to the store.
        rows: of the segment as it is now.
        size: the same in bytes.
    """
    with ExitStack() as stack:
        found = (_opened(stack, sidecar_path(root, segment, kind), kind, rows, size) for kind in TABLES)
        files = [file for file in found if file is not None]
        agree = [file for file in files if file.head.groups == files[0].head.groups]
        yield WordFilter(agree) if agree else None


def _opened(stack: ExitStack, path: str, kind: Kind, rows: int, size: int) -> _File | None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    stack.callback(os.close, descriptor)
    try:
        content = os.pread(descriptor, _FIRST_READ, 0)
        body = unsealed(content, kind, size)
        if body is None and len(content) == _FIRST_READ:
            # A segment of very many row groups.
            body = unsealed(os.pread(descriptor, os.fstat(descriptor).st_size, 0), kind, size)
    except OSError:
        return None
    head = None if body is None else head_of(body, TABLES[kind])
    if body is None or head is None or sum(group.rows for group in head.groups) != rows:
        return None
    return _File(descriptor, kind, size, head, HEADER_SIZE + len(body))
