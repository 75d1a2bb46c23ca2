"""Where everything goes that could not be stored: a file of NDJSON, made when it is needed."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from logtui.core.errors import StoreError

_FILE_MODE = 0o640
_DIRECTORY_MODE = 0o750


@dataclass(frozen=True, slots=True)
class Reject:
    """One record, or one event of it, that was not stored."""

    file: str
    line: int
    """In the decompressed input; 0 where the whole input is meant."""
    reason: str
    record: bytes


class RejectSink(Protocol):
    """Takes what could not be stored."""

    def add(self, reject: Reject) -> None:
        """Take one; it counts as kept after the next `flush`."""
        ...

    def flush(self) -> None:
        """Keep what was added.

        Raises:
            StoreError: it cannot be kept.
        """
        ...


class Rejects:
    """Appends to one file, whole lines at a time; what was flushed survives a power cut."""

    def __init__(self, path: Callable[[], Path]) -> None:
        """Take where the file is to be; asked for when the first record is rejected."""
        self._path = path
        self._pending: list[bytes] = []
        self._descriptor: int | None = None
        self.place: Path | None = None
        """The file, once there is one."""

    def add(self, reject: Reject) -> None:
        """Remember a reject until the next `flush`."""
        self._pending.append(_line(reject))

    def flush(self) -> None:
        """Bring the rejects to the disk.

        Raises:
            StoreError: they cannot be written; the file is as it was.
        """
        if not self._pending:
            return
        place = self.place or self._path()
        try:
            if self._descriptor is None:
                self._descriptor = _open(place)
                self.place = place
            _append(self._descriptor, b"".join(self._pending))
        except OSError as error:
            raise StoreError(f"{place}: rejected records cannot be written: {_reason(error)}") from error
        self._pending.clear()

    def close(self) -> None:
        """Close the file. What was not flushed is gone."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _open(place: Path) -> int:
    is_new = not place.exists()
    place.parent.mkdir(_DIRECTORY_MODE, exist_ok=True)
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, _FILE_MODE)
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        # Somebody else's file, or one whose writer was killed: what is added begins a line of its own.
        os.write(descriptor, b"\n")
    if is_new:
        directory = os.open(place.parent, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)
    return descriptor


def _append(descriptor: int, data: bytes) -> None:
    size = os.fstat(descriptor).st_size
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
        raise


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _line(reject: Reject) -> bytes:
    """Return a line: `record` is the text as it came, or `record_base64` its bytes where they are no text."""
    fields: dict[str, object] = {"file": reject.file, "line": reject.line, "reason": reject.reason}
    try:
        fields["record"] = reject.record.decode()
    except UnicodeDecodeError:
        fields["record_base64"] = base64.b64encode(reject.record).decode()
    return json.dumps(fields, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
