"""A record: one JSON value of an input, byte for byte as it came, and where it stood."""

from __future__ import annotations

from dataclasses import dataclass


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
