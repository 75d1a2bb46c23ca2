"""Reads Thrift's compact protocol, the encoding of a Parquet footer.

Only what the footer reader needs: walk the fields of a struct, take the ones that matter, skip the rest. Importing a
Parquet library for that would cost 30 ms and 40 MB at start.
"""

from __future__ import annotations

from collections.abc import Iterator

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT, UUID = range(1, 14)
"""Wire types."""

_VARINTS = frozenset({I16, I32, I64})
_FIXED = {TRUE: 0, FALSE: 0, BYTE: 1, DOUBLE: 8, UUID: 16}
_DEEPEST = 64
"""Nesting that no writer reaches; deeper input is damaged or hostile."""


class ThriftError(ValueError):
    """The bytes are not what the compact protocol allows."""


class Reader:
    """A position in a buffer. Every method moves it past what was read."""

    __slots__ = ("data", "position")

    def __init__(self, data: bytes, position: int = 0) -> None:
        self.data = data
        self.position = position

    def varint(self) -> int:
        """Return an unsigned number."""
        data, position = self.data, self.position
        byte = data[position]
        position += 1
        value = byte & 0x7F
        shift = 7
        while byte > 0x7F:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 70:
                raise ThriftError("number is too long")
        self.position = position
        return value

    def integer(self) -> int:
        """Return a signed number (zigzag)."""
        value = self.varint()
        return (value >> 1) ^ -(value & 1)

    def binary(self) -> bytes:
        """Return bytes of any content."""
        length = self.varint()
        start = self.position
        self._move(length)
        return self.data[start : self.position]

    def fields(self, after: int = 0) -> Iterator[tuple[int, int]]:
        """Yield (field id, wire type) of one struct; the caller must read or skip each value before the next.

        `after` is the last field that is behind the position.
        """
        data = self.data
        field = after
        while True:
            head = data[self.position]
            self.position += 1
            if head == 0:
                return
            delta = head >> 4
            field = field + delta if delta else self.integer()
            yield field, head & 0x0F

    def list_header(self) -> tuple[int, int]:
        """Return (size, wire type of the elements) of a list or set."""
        head = self.data[self.position]
        self.position += 1
        size = head >> 4
        return (self.varint() if size == 15 else size), head & 0x0F

    def skip(self, kind: int, depth: int = 0) -> None:
        """Pass over one value of a struct's field."""
        if kind in _VARINTS:
            data = self.data
            position = self.position
            while data[position] > 0x7F:
                position += 1
            self.position = position + 1
        elif kind == BINARY:
            self._move(self.varint())
        elif kind == STRUCT:
            self._skip_struct(depth + 1)
        elif kind in (LIST, SET):
            self._skip_list(depth + 1)
        elif kind == MAP:
            self._skip_map(depth + 1)
        elif kind in _FIXED:
            self._move(_FIXED[kind])
        else:
            raise ThriftError(f"unknown wire type {kind}")

    def _move(self, length: int) -> None:
        self.position += length
        if self.position > len(self.data):
            raise IndexError("value ends after the buffer")

    def _skip_struct(self, depth: int) -> None:
        if depth > _DEEPEST:
            raise ThriftError("nested too deeply")
        for _, kind in self.fields():
            self.skip(kind, depth)

    def _skip_list(self, depth: int) -> None:
        size, kind = self.list_header()
        for _ in range(size):
            self._skip_element(kind, depth)

    def _skip_map(self, depth: int) -> None:
        size = self.varint()
        if not size:
            return
        kinds = self.data[self.position]
        self.position += 1
        for _ in range(size):
            self._skip_element(kinds >> 4, depth)
            self._skip_element(kinds & 0x0F, depth)

    def _skip_element(self, kind: int, depth: int) -> None:
        # A boolean is part of a field's head, but a byte of its own inside a collection.
        if kind in (TRUE, FALSE):
            self._move(1)
        else:
            self.skip(kind, depth)
