"""What an import and its partner process tell each other: a line of JSON each, one answer for each order."""

from __future__ import annotations

import msgspec


class Order(msgspec.Struct, frozen=True):
    """Lines to be imported."""

    path: bytes
    device: int
    inode: int
    """Of the file that was opened; there may be another of its name by now."""
    offset: int
    end: int
    form: str
    """The name of the format that the file was found to have."""
    now: int
    """The time in microseconds; it goes on from there."""


class Refused(msgspec.Struct, frozen=True):
    """A record for the rejects."""

    offset: int
    line: int
    """How many lines stand before it behind that offset in the file, where a line begins."""
    reason: str
    record: bytes


class Answer(msgspec.Struct, frozen=True):
    """What came of an order. What it counts as written is durable."""

    events: int
    written: int
    duplicates: int
    segments: int
    differing: int
    formats: dict[str, int]
    rejects: list[Refused]
    notes: list[str]
    error: str
    """Why events could not be stored; "" if they could."""
    unindexed: int = 0
