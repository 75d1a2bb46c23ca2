"""Writing a file so that nobody ever sees half of it: exports and checkpoints appear whole or not at all.

Where the file system can, the data has no name until it is complete, so that not even a killed process leaves a trace.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from logtui.core.errors import StoreError
from logtui.services.output_place import descriptor_named
from logtui.storage.throwaway import sweep


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write a new `path`; an existing file is replaced when the block ends well, and only then.

    The data is on the disk before the name points to it. Devices, pipes and open files (`/dev/fd/63`) are written to
    directly.

    Raises:
        StoreError: the file cannot be written.
    """
    try:
        stream = _opened_stream(path)
        if stream is not None:
            with stream:
                yield stream
            return
        target = Path(os.path.realpath(path))  # a link keeps pointing to the file that gets the new content
        unfinished = _Unfinished(target)
        try:
            with unfinished.sink as sink:
                yield sink
                sink.flush()
                os.fsync(sink.fileno())
                unfinished.give_name()
            unfinished.temporary.replace(target)
        except BaseException:
            unfinished.temporary.unlink(missing_ok=True)
            raise
        _sync_directory(target.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}") from error


def _opened_stream(path: Path) -> BinaryIO | None:
    """Open what is no file to replace: what the process has open already, a device, a pipe."""
    descriptor = descriptor_named(path)
    if descriptor is not None:
        return os.fdopen(os.dup(descriptor), "wb")
    return path.open("wb") if path.exists() and not path.is_file() else None


class _Unfinished:
    """The new content of `target`, without a name if that is possible."""

    def __init__(self, target: Path) -> None:
        # The suffix keeps the unfinished file out of the listing of a directory of Parquet files.
        prefix = f".{target.name[:200]}."
        sweep(target.parent, re.compile(re.escape(prefix) + r"[0-9a-f]{12}\.tmp"))
        self.temporary = target.with_name(f"{prefix}{os.urandom(6).hex()}.tmp")
        descriptor = _nameless(target.parent)
        self._has_name = descriptor is None
        if descriptor is None:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            descriptor = os.open(self.temporary, flags, 0o666)
        with suppress(OSError):  # where there are no locks, nobody sweeps
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self.sink = os.fdopen(descriptor, "wb")
        if target.exists():
            os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))

    def give_name(self) -> None:
        """Make the data reachable as `temporary`."""
        if not self._has_name:
            # With a directory's descriptor, which an absolute path does not need, Python follows the link in /proc.
            directory = os.open("/", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
            try:
                os.link(_in_proc(self.sink.fileno()), self.temporary, src_dir_fd=directory, follow_symlinks=True)
            finally:
                os.close(directory)


def _nameless(directory: Path) -> int | None:
    """Open a file without a name; None where the system or the file system has none."""
    try:
        descriptor = os.open(directory, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o666)
    except (OSError, AttributeError):  # if it is the directory that is wrong, the next attempt will say so
        return None
    if os.path.exists(_in_proc(descriptor)):  # noqa: PTH110 - a link of the system's own kind
        return descriptor
    os.close(descriptor)
    return None


def _in_proc(descriptor: int) -> str:
    return f"/proc/self/fd/{descriptor}"


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
