"""Making files durable and visible: staged, flushed, linked under the final name, the directory flushed.

Linking never replaces a file. A process that dies anywhere in between leaves the whole file under its name or no name.
Each flush is load-bearing, and a failed one is never repeated on the same file: the kernel may have dropped the pages,
and the second flush would then succeed without them.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa

from logtui.core.errors import StoreError
from logtui.storage.marker import STAGING, marker_path, read_marker
from logtui.storage.partitions import CONTROL_DIRECTORY

DIRECTORY_MODE = 0o750
STAGING_SUFFIX = ".tmp"
"""Keeps staged files out of every `*.parquet` glob that other tools may use."""

Flush = Callable[[Path], None]

_FILE_MODE = 0o640
_SURELY_OLD = 60.0
"""Seconds after which a staged file that nobody has locked is a dead writer's: it is locked right after it is made."""
_ADVICE = {
    errno.ENOSPC: "free some space there, then write again",
    errno.EDQUOT: "the quota is used up: free some space or raise it, then write again",
    errno.EROFS: "mount it for writing, or name another place",
    errno.EACCES: "run as a user who may write there, or change the owner or the mode",
    errno.EPERM: "run as a user who may write there, or change the owner or the mode",
    errno.EIO: "the disk may be failing: look at the system's log before writing again",
}


class TargetExistsError(Exception):
    """A file of the final name is there already; nothing was changed."""


def flush(path: Path) -> None:
    """Bring a file or the names in a directory to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def leave_to_system(path: Path) -> None:
    """Flush nothing: for throw-away stores."""


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """Give the path of a new, empty file in the staging directory, and remove it in the end.

    The file is locked as long as its maker lives, which tells `sweep_staging` to leave it alone.
    """
    staging = staging_directory(root)
    staging.mkdir(DIRECTORY_MODE, exist_ok=True)
    path = staging / f"{uuid.uuid4().hex}{STAGING_SUFFIX}"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield path
    finally:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)


def sweep_staging(root: Path, *, now: float | None = None) -> int:
    """Remove what writers left behind that surely are dead, and return how many files that were.

    Args:
        now: seconds since the epoch; the machine's clock without it.
    """
    now = time.time() if now is None else now
    swept = 0
    with suppress(OSError), os.scandir(staging_directory(root)) as entries:
        for entry in entries:
            if entry.name.endswith(STAGING_SUFFIX) and entry.is_file(follow_symlinks=False):
                with suppress(OSError):
                    if now - entry.stat(follow_symlinks=False).st_mtime > _SURELY_OLD:
                        swept += _remove_unless_locked(entry.path)
    return swept


def _remove_unless_locked(path: str) -> bool:
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.unlink(path)  # noqa: PTH108 - beside the descriptor that proves it dead
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def publish(temporary: Path, target: Path, flush: Flush) -> None:
    """Give a staged, flushed file its final name in a partition, and make the name durable.

    Raises:
        TargetExistsError: the name is taken.
        StoreError: the partition is no directory, or the file did not stay under its name.
    """
    partition = target.parent
    with suppress(FileExistsError):
        partition.mkdir(DIRECTORY_MODE)
    if not stat.S_ISDIR(partition.lstat().st_mode):
        raise StoreError(f"{partition}: not a directory; move it away")
    # Also when the directory was there: its maker may have died before it was flushed.
    flush(partition.parent)
    try:
        os.link(temporary, target, follow_symlinks=False)
    except FileExistsError as error:
        raise TargetExistsError from error
    try:
        flush(partition)
        # Retention may have moved the partition away between the two lines; the link then went with it.
        if not target.samefile(temporary):
            raise StoreError(f"{target}: another file took its place while it was written; write again")
    except BaseException:
        with suppress(OSError):
            target.unlink()
        raise


def staging_directory(root: Path) -> Path:
    """Return where segments are written before they have a name."""
    return root / CONTROL_DIRECTORY / STAGING


def require_store(root: Path) -> None:
    """Raise `StoreError` unless `root` is a store of a format that may be written to."""
    try:
        marker = read_marker(root)
    except PermissionError as error:
        raise StoreError(f"{marker_path(root)}: no permission to read it; nothing is written into the store") from error
    if marker is None:
        raise StoreError(f"{root}: not a store that logtui made; nothing is written into it")
    if marker.is_foreign:
        raise StoreError(f"{root}: other tools write this store, logtui only keeps its days; ingest into another one")


@contextmanager
def as_store_error(doing: str) -> Iterator[None]:
    """Translate what the system and pyarrow raise, with what to do about it."""
    try:
        yield
    except pa.ArrowException as error:
        raise StoreError(f"{doing}: {error}") from error
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0)
        reason = (error.strerror or str(error)).lower()
        raise StoreError(f"{doing}: {reason}" + (f"; {advice}" if advice else "")) from error
