"""Writing a file so that nobody ever sees half of it: exports and checkpoints appear whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from logtui.core.errors import StoreError


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """Write a new `path`; an existing file is replaced when the block ends well, and only then.

    The data is on the disk before the name points to it. Devices and pipes are written to directly.

    Raises:
        StoreError: the file cannot be written.
    """
    target = Path(os.path.realpath(path))  # a link keeps pointing to the file that gets the new content
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as device:
                yield device
            return
        temporary, sink = _create_beside(target)
        try:
            with sink:
                yield sink
                sink.flush()
                os.fsync(sink.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        _sync_directory(target.parent)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}") from error


def _create_beside(target: Path) -> tuple[Path, BinaryIO]:
    # The suffix keeps the unfinished file out of a store's listing when the export goes into one.
    temporary = target.with_name(f".{target.name[:200]}.{os.urandom(6).hex()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    if target.exists():
        os.fchmod(descriptor, stat.S_IMODE(target.stat().st_mode))
    return temporary, os.fdopen(descriptor, "wb")


def _sync_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
