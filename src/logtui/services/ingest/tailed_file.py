"""One file that is read as it grows."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from logtui.services.ingest.follow_checkpoint import Place
from logtui.services.ingest.json_lines import LineFramer
from logtui.services.ingest.record import Piece
from logtui.services.ingest.sources import is_counted

_HEAD = 1024
_CHUNK = 1 << 20
_FEWEST_TELLING = 16
"""Bytes that two files must have in common before one is taken for a copy of the other."""

_MARKS = (".", "-", "_")
"""What stands between the name of a file and what rotation adds to it."""

Identity = tuple[int, int]
"""Device and inode."""


class TailedFile:
    """Stays open, so that it can be read to its end after it was renamed or removed."""

    def __init__(self, path: Path, place: Place | None = None) -> None:
        """Open a file at its beginning, or at a place.

        Raises:
            OSError: it cannot be opened, or is no regular file.
        """
        self.path = path
        self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode):
            os.close(self._descriptor)
            raise OSError(0, "not a regular file; only files can be followed")
        self.identity: Identity = (status.st_dev, status.st_ino)
        self._head = b""
        self._begin(place.offset if place else 0, place.line if place else 1)

    def _begin(self, offset: int, line: int) -> None:
        self._offset = offset
        """How far it was read; the last line may not be whole."""
        self._line = line
        self._framer = LineFramer(line)
        self._head = os.pread(self._descriptor, min(_HEAD, offset), 0)

    @property
    def place(self) -> Place:
        """How far its lines were given out."""
        head = self._head[: self._offset - self._framer.held]
        return Place(
            str(self.path),
            *self.identity,
            self._offset - self._framer.held,
            self._framer.line,
            len(head),
            hashlib.sha256(head).hexdigest(),
        )

    @property
    def size(self) -> int:
        """Its bytes now."""
        return os.fstat(self._descriptor).st_size

    @property
    def begun(self) -> bytes:
        """Its first bytes, as they are now."""
        return os.pread(self._descriptor, _HEAD, 0)

    def was_replaced(self) -> bool:
        """Tell whether what was read is not there any more: truncated, and perhaps written anew."""
        return self.size < self._offset or os.pread(self._descriptor, len(self._head), 0) != self._head

    def begin_anew(self) -> None:
        """Go on at its beginning."""
        self._begin(0, 1)

    def read(self) -> Iterator[Piece]:
        """Yield the next lines that are whole; nothing at the end."""
        data = os.pread(self._descriptor, _CHUNK, self._offset)
        if len(self._head) < _HEAD:
            self._head += data[: _HEAD - len(self._head)]
        self._offset += len(data)
        return self._framer.feed(data)

    def has_more(self) -> bool:
        """Tell whether there are bytes that were not read."""
        return self.size > self._offset

    def finish(self) -> Iterator[Piece]:
        """Yield the last line although nothing ends it; for a file that will not grow any more."""
        return self._framer.finish()

    def close(self) -> None:
        """Close the file."""
        os.close(self._descriptor)


def is_at(place: Place, path: Path) -> bool:
    """Tell whether a file is the one of a place, or holds a copy of what was read of it and more."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            return size >= place.offset and hashlib.sha256(file.read(place.head_size)).hexdigest() == place.head
    except OSError:
        return False


def find_again(place: Place) -> Path | None:
    """Return where the file of a place is now: under its name, renamed beside it, or copied before it was truncated."""
    path = Path(place.path)
    try:
        others = sorted(path.parent.iterdir())
    except OSError:
        return None
    same = (each for each in (path, *others) if _is_inode(place, each) and is_at(place, each))
    copies = (each for each in siblings_of(path) if place.head_size >= _FEWEST_TELLING and is_at(place, each))
    return next(chain(same, copies), None)


def siblings_of(path: Path) -> list[Path]:
    """Return the other files beside one whose names begin with its name: what rotation makes of it."""
    try:
        return [
            each
            for each in sorted(path.parent.iterdir())
            if each.name.startswith(tuple(path.name + mark for mark in _MARKS))
            and is_counted(each.name)
            and each.is_file()
        ]
    except OSError:
        return []


def _is_inode(place: Place, path: Path) -> bool:
    try:
        status = path.stat()
    except OSError:
        return False
    return stat.S_ISREG(status.st_mode) and (status.st_dev, status.st_ino) == (place.device, place.inode)
