"""Small files under `.logtui`: written whole and durably or not at all, never through a link."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from logtui.core.errors import StoreError
from logtui.storage.listing import reason
from logtui.storage.partitions import CONTROL_DIRECTORY

_DIRECTORY_MODE = 0o750
_FILE_MODE = 0o640


def control(root: Path, *parts: str) -> Path:
    """Return a path under the store's control directory."""
    return root.joinpath(CONTROL_DIRECTORY, *parts)


def write_control(root: Path, *parts: str, content: bytes) -> None:
    """Replace one file under `.logtui`; directories on the way are made.

    Raises:
        StoreError: it could not be written; the old one is still there.
    """
    target = control(root, *parts)
    staging = control(root, "tmp")
    temporary = staging / f"{uuid.uuid4().hex}.tmp"
    try:
        make_directory(root, *parts[:-1])
        staging.mkdir(_DIRECTORY_MODE, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(temporary, flags, _FILE_MODE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        flush_directory(target.parent)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise StoreError(f"{target}: cannot be written: {reason(error)}") from error


def make_directory(root: Path, *parts: str) -> Path:
    """Make a directory under `.logtui` and flush the names on the way; one that is there is kept.

    Raises:
        OSError: it cannot be made, or a link or a file stands in its place.
    """
    place = root
    for part in (CONTROL_DIRECTORY, *parts):
        place = place / part
        try:
            place.mkdir(_DIRECTORY_MODE)
            flush_directory(place.parent)
        except FileExistsError:
            if place.is_symlink() or not place.is_dir():
                raise NotADirectoryError(20, "is not a directory", str(place)) from None
    return place


def flush_directory(path: Path | int) -> None:
    """Bring the names in a directory to the disk."""
    if isinstance(path, int):
        os.fsync(path)
        return
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def as_store_error(doing: str) -> Iterator[None]:
    """Translate what the system says into an error that names what was being done."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{doing}: {reason(error)}") from error
