"""Locks between processes that write to one store: `flock` on files in `.logtui/locks`.

The system releases such a lock when its holder dies, however it dies. Not `lockf`: it does not hold between two
threads, and it is lost when any descriptor of the file is closed.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from logtui.core.errors import LockedError, StoreError
from logtui.storage.partitions import CONTROL_DIRECTORY
from logtui.storage.publishing import DIRECTORY_MODE, as_store_error, flush, staged

Tell = Callable[[str], None]
"""Takes a note for the person at the terminal."""
MAINTENANCE = "maintenance"
"""Held by the one process that merges or removes segments."""

_DAY_LOCKS = 64
"""Days share this many files, so that a store of ten years does not get thousands."""
_LOCK_MODE = 0o600
_SIGNATURE = 160
_PATIENCE = 2.0
"""Seconds of waiting before the holder is named."""
_LONGEST_WAIT = 60.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.0005, 0.02


def day_lock(day_number: int) -> str:
    """Return the name of the lock under which events of a day (counted from 1970) are compared and published."""
    return f"days-{day_number % _DAY_LOCKS:02}"


@contextmanager
def holding(
    root: Path,
    name: str,
    *,
    is_patient: bool = True,
    tell: Tell | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[None]:
    """Hold a lock of a store.

    Args:
        is_patient: whether to wait for the holder, up to a minute.
        tell: gets one note when the wait becomes long.

    Raises:
        LockedError: another process holds it.
        StoreError: the lock file cannot be made.
    """
    path = root / CONTROL_DIRECTORY / "locks" / f"{name}.lock"
    with as_store_error(f"cannot lock {path}"):
        descriptor = _take(path, is_patient, tell, sleep)
    try:
        yield
    finally:
        os.close(descriptor)


def require_file_system(root: Path) -> None:
    """Try out what the promises of a store rest on: locks, links that never replace, flushed directories.

    Raises:
        StoreError: the file system lacks one of them, as some network and shared ones do.
    """
    doing = f"{root}: this file system cannot keep a store whole; use a local one (ext4, xfs, btrfs, zfs, apfs)"
    with as_store_error(doing), staged(root) as first, staged(root) as second:
        descriptor = os.open(first, os.O_RDONLY | os.O_CLOEXEC)
        try:
            # `staged` holds the lock through another descriptor, so this must be refused.
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pass
        else:
            raise StoreError(f"{doing}: locks do not exclude each other")
        finally:
            os.close(descriptor)
        name = first.with_suffix(".link")
        try:
            os.link(first, name, follow_symlinks=False)
            with suppress(FileExistsError):
                os.link(second, name, follow_symlinks=False)
                raise StoreError(f"{doing}: a link replaces what is there")
        finally:
            with suppress(OSError):
                name.unlink()
        flush(first.parent)


def _take(path: Path, is_patient: bool, tell: Tell | None, sleep: Callable[[float], None]) -> int:
    waited, pause, is_told = 0.0, _FIRST_PAUSE, False
    while True:
        descriptor = _try(path)
        if descriptor is not None:
            return descriptor
        if not is_patient or waited >= _LONGEST_WAIT:
            raise LockedError(
                f"{path.parent.parent.parent}: {_holder(path)} is at work on it; {_what_to_do(is_patient)}"
            )
        if tell is not None and not is_told and waited >= _PATIENCE:
            tell(f"waiting for {_holder(path)}, which is writing to the same day")
            is_told = True
        sleep(pause)
        waited += pause
        pause = min(2 * pause, _LONGEST_PAUSE)


def _try(path: Path) -> int | None:
    """Return the descriptor that holds the lock, or None if another has it."""
    path.parent.mkdir(DIRECTORY_MODE, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, _LOCK_MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Somebody may have removed the file in between; two holders of two files would not know of each other.
        if not os.path.samestat(os.fstat(descriptor), path.lstat()):
            raise BlockingIOError
        _sign(descriptor)
    except (BlockingIOError, FileNotFoundError):
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _sign(descriptor: int) -> None:
    """Say in the file who holds it. A full disk must not keep anybody from cleaning up."""
    command = " ".join([Path(sys.argv[0]).name or "python", *sys.argv[1:2]])
    try:
        signature = f"{os.getpid()} {socket.gethostname()} {command}".encode(errors="replace")
        # Of one length, because truncating a file makes ext4 write it at once.
        os.pwrite(descriptor, signature[: _SIGNATURE - 1].ljust(_SIGNATURE - 1) + b"\n", 0)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise


def _holder(path: Path) -> str:
    try:
        process, host, command = path.read_text("utf-8", errors="replace")[:200].split(" ", 2)
    except (OSError, ValueError):
        return "another process"
    return f"process {process} on {host} ({command.strip()})"


def _what_to_do(is_patient: bool) -> str:
    return "it has been for a minute: see what it does, or end it" if is_patient else "try again when it is done"
