"""Sidecars: derived facts about one segment, kept outside of its partition, that questions are answered from faster.

    .logtui/index/date=2026-10-04/i-01J8Z….needles

A segment never changes, so neither do they. Without them everything works as well, only slower: one that is missing,
damaged or of another segment is passed over. What proves something about the events themselves (`verify`, `--check`)
never looks at them.

A sidecar is one sealed part, or several, numbered from 0 on: what a question reads of it at once. Each begins with a
header that says which segment it is of, and has a checksum.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from logtui.storage.listing import SUFFIX
from logtui.storage.partitions import CONTROL_DIRECTORY

DIRECTORY = "index"
LEAST_ROWS = 4_096
"""A segment with fewer has no sidecars when it is published: it will be merged soon."""
LEAST_SETTLED = 64
"""A segment with fewer has none in the end either. Opening a segment takes as long as reading twenty filters, however
few events are in it, so ten years of quiet days need them too."""
HEADER_SIZE = 32
"""Bytes before the body of what `sealed` returns."""

_MAGIC = b"LTSC"
_HEADER = struct.Struct("<4sBBHIQII")
_CHECKSUM = struct.Struct("<I")
_LARGEST = 256 * 1024 * 1024


class Kind(StrEnum):
    """What a sidecar is for; its value is the suffix of its name."""

    SUMMARY = "summary"
    NEEDLES = "needles"
    WORDS = "words"
    IDS = "ids"


VERSIONS: Mapping[Kind, int] = MappingProxyType({Kind.SUMMARY: 2, Kind.NEEDLES: 1, Kind.WORDS: 2, Kind.IDS: 1})
"""Of the format of a body, 1 to 255. A sidecar of another version counts as missing, for older and newer programs."""

_CODES = {Kind.SUMMARY: 1, Kind.NEEDLES: 2, Kind.WORDS: 3, Kind.IDS: 4}


@dataclass(frozen=True, slots=True)
class Identity:
    """What tells a segment from another one that had its name: its rows, and its size in bytes."""

    rows: int
    size: int


def sidecar_path(root: str | Path, segment: str, kind: Kind) -> str:
    """Return where a sidecar is.

    Args:
        root: the store.
        segment: the segment's name relative to the store, `date=2026-10-04/i-….parquet`.
    """
    return f"{root}/{sidecar_name(segment, kind)}"


def sidecar_name(segment: str, kind: Kind) -> str:
    """Return where a sidecar is, relative to the store."""
    return f"{CONTROL_DIRECTORY}/{DIRECTORY}/{segment.removesuffix(SUFFIX)}.{kind}"


def sealed(kind: Kind, about: Identity, body: bytes, part: int = 0, *, layout: int = 0) -> bytes:
    """Return a part of a sidecar: `HEADER_SIZE` bytes that prove what it is, then the body.

    Args:
        part: its number.
        layout: what readers conclude a part's place from, 0 to 65,535; the same in all parts.
    """
    header = _HEADER.pack(_MAGIC, _CODES[kind], VERSIONS[kind], layout, about.rows, about.size, part, len(body))
    return header + _CHECKSUM.pack(zlib.crc32(body, zlib.crc32(header))) + body


def unsealed(
    content: bytes | memoryview, kind: Kind, size: int, part: int = 0, *, layout: int | None = None
) -> memoryview | None:
    """Return the body of what `sealed` gave; None unless it is whole, what it should be, and of this segment.

    Args:
        content: may go on after the part.
        size: of the segment as it is now.
        layout: None for any.
    """
    view = memoryview(content)
    if len(view) < HEADER_SIZE:
        return None
    magic, code, version, said_layout, _, said_size, said_part, length = _HEADER.unpack_from(view)
    if (magic, code, version, said_size, said_part) != (_MAGIC, _CODES[kind], VERSIONS[kind], size, part):
        return None
    if layout is not None and said_layout != layout:
        return None
    body = view[HEADER_SIZE : HEADER_SIZE + length]
    (checksum,) = _CHECKSUM.unpack_from(view, _HEADER.size)
    is_whole = len(body) == length and zlib.crc32(body, zlib.crc32(view[: _HEADER.size])) == checksum
    return body if is_whole else None


def unsealed_part(content: bytes, kind: Kind, size: int, part: int) -> memoryview | None:
    """Return the body of a part of a whole sidecar as `unsealed` does.

    The parts before it are passed over as their headers say: if one is wrong, what comes after it is not this part.
    """
    view = memoryview(content)
    for _ in range(part):
        if len(view) < HEADER_SIZE:
            return None
        view = view[HEADER_SIZE + _HEADER.unpack_from(view)[-1] :]
    return unsealed(view, kind, size, part)


def said(content: bytes, kind: Kind) -> Identity | None:
    """Return which segment the beginning of a sidecar says that it is of; None if it is none. Checks nothing else."""
    if len(content) < HEADER_SIZE:
        return None
    magic, code, version, _, rows, size, *_ = _HEADER.unpack_from(content)
    return Identity(rows, size) if (magic, code, version) == (_MAGIC, _CODES[kind], VERSIONS[kind]) else None


def first_part_size(content: bytes, kind: Kind) -> int:
    """Return the bytes of the first part, header and all, as the beginning of a sidecar says; 0 if it is none."""
    if said(content, kind) is None:
        return 0
    length: int = _HEADER.unpack_from(content)[-1]
    return HEADER_SIZE + length if length <= _LARGEST else 0


def is_of_another_version(content: bytes, kind: Kind) -> bool:
    """Tell whether content begins as a sidecar of this kind that an older or a newer program made."""
    if len(content) < HEADER_SIZE:
        return False
    magic, code, version, *_ = _HEADER.unpack_from(content)
    return (magic, code) == (_MAGIC, _CODES[kind]) and version != VERSIONS[kind]


def is_whole(content: bytes, kind: Kind, size: int) -> bool:
    """Tell whether all of a sidecar is as it was written."""
    view = memoryview(content)
    at = part = 0
    while at < len(view):
        body = unsealed(view[at:], kind, size, part)
        if body is None:
            return False
        at, part = at + HEADER_SIZE + len(body), part + 1
    return part > 0


def read_whole(root: str | Path, segment: str, size: int, kind: Kind) -> memoryview | None:
    """Return the body of a sidecar that is one part; None where there is none to rely on.

    Args:
        size: of the segment as it is now.
    """
    return unsealed(content_of(root, segment, kind), kind, size)


def content_of(root: str | Path, segment: str, kind: Kind) -> bytes:
    """Return all bytes of a sidecar; none where there is none that can be read."""
    try:
        descriptor = os.open(sidecar_path(root, segment, kind), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return b""
    try:
        length = os.fstat(descriptor).st_size
        return os.pread(descriptor, length, 0) if length <= _LARGEST else b""
    except OSError:
        return b""
    finally:
        os.close(descriptor)


def remove_sidecars(root: str | Path, segments: Iterable[str]) -> None:
    """Remove the sidecars of segments that are gone or about to go. Never raises `OSError`: they harm nobody.

    Args:
        segments: names relative to the store; names of other files are passed over.
    """
    for segment in segments:
        if segment.endswith(SUFFIX):
            for kind in Kind:
                with suppress(OSError):
                    os.unlink(sidecar_path(root, segment, kind))  # noqa: PTH108 - half the time of a Path's
