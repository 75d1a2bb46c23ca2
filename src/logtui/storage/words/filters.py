"""Reads the word filter of a segment: which of its row groups may hold what is asked for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from logtui.storage.sidecars import HEADER_SIZE, Kind, sidecar_path, unsealed
from logtui.storage.words.demands import AllOf, AnyOf, Demand, Hidden, Holds
from logtui.storage.words.file_layout import Group, Head, head_of
from logtui.storage.words.pieces import Table

_FIRST_READ = 4096


class Unreliable(Exception):  # noqa: N818 - a reason to read the segment itself
    """What was read is not what was written."""


@dataclass(slots=True)
class WordFilter:
    """An open filter."""

    _descriptor: int
    _size: int
    """Of the segment."""
    _head: Head
    _pages_at: int
    _pages: dict[tuple[Table, int], memoryview]

    @property
    def groups(self) -> tuple[Group, ...]:
        """The row groups of the segment."""
        return self._head.groups

    def holding(self, demand: Demand) -> int:
        """Return a bit for each row group, the first one lowest: whether it may meet the demand.

        Raises:
            Unreliable: the filter is damaged.
        """
        return self._within((1 << len(self.groups)) - 1, demand)

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
                return sum(1 << at for at, group in enumerate(self.groups) if groups >> at & 1 and group.hides_text)
            case Holds(table, slots):
                for slot in slots:
                    if groups and self._head.shapes[table].pages:
                        groups = self._with_slot(groups, table, slot)
                return groups

    def _with_slot(self, groups: int, table: Table, slot: int) -> int:
        shape = self._head.shapes[table]
        page, place = shape.place(slot)
        content = self._page(table, page)
        size = shape.page_bytes_of_group
        byte, bit = place >> 3, 1 << (place & 7)
        return sum(1 << at for at in range(len(self.groups)) if groups >> at & 1 and content[at * size + byte] & bit)

    def _page(self, table: Table, page: int) -> memoryview:
        content = self._pages.get((table, page))
        if content is None:
            number, before = self._head.part_of(table, page)
            size = HEADER_SIZE + len(self.groups) * self._head.shapes[table].page_bytes_of_group
            at = self._pages_at + before + (number - 1) * HEADER_SIZE
            content = unsealed(os.pread(self._descriptor, size, at), Kind.WORDS, self._size, number)
            if content is None or len(content) != size - HEADER_SIZE:
                raise Unreliable
            self._pages[table, page] = content
        return content


@contextmanager
def word_filter(root: str, segment: str, rows: int, size: int) -> Iterator[WordFilter | None]:
    """Give the filter of a segment; None where there is none to rely on.

    Args:
        segment: its name relative to the store.
        rows: of the segment as it is now.
        size: the same in bytes.
    """
    try:
        descriptor = os.open(sidecar_path(root, segment, Kind.WORDS), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        yield None
        return
    try:
        yield _opened(descriptor, rows, size)
    finally:
        os.close(descriptor)


def _opened(descriptor: int, rows: int, size: int) -> WordFilter | None:
    try:
        content = os.pread(descriptor, _FIRST_READ, 0)
        body = unsealed(content, Kind.WORDS, size)
        if body is None and len(content) == _FIRST_READ:
            # A segment of very many row groups.
            body = unsealed(os.pread(descriptor, os.fstat(descriptor).st_size, 0), Kind.WORDS, size)
    except OSError:
        return None
    head = None if body is None else head_of(body)
    if body is None or head is None or sum(group.rows for group in head.groups) != rows:
        return None
    return WordFilter(descriptor, size, head, HEADER_SIZE + len(body), {})
