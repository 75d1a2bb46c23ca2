"""A record: one JSON value of an input, byte for byte as it came, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_RECORD = 16 << 20
"""Bytes of a record; a longer one is rejected, so that memory stays bounded whatever comes."""
KEPT_OF_SPOILED = 64 << 10
"""Bytes that the rejects keep of a record too long to hold."""


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an input. `text` has no white space around it and is UTF-8 unless a format finds otherwise."""

    text: bytes
    line: int
    """The line, counted from 1, on which it begins in the decompressed input."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record, or one event of it, that cannot be stored; it goes to the rejects with this reason."""

    reason: str
    """Lower case, no full stop, names the field: `time: "yesterdayish" is not a time`."""


@dataclass(frozen=True, slots=True)
class Spoiled:
    """Bytes of an input that are no record."""

    record: Record
    """What is kept of them: all, or the beginning of what is too long."""
    reason: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Whole lines, each of which should be one record: the shape that can be read many at a time."""

    data: bytes
    line: int
    """The number of the first."""


Piece = Record | Spoiled | Lines
"""What framing makes of an input."""
