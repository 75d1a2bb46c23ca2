"""One writer at a time: a lock that programs on one machine take before they read, change and replace a file."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from logtui.core.errors import StoreError


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock of `path`, and hold it. It ends with the process, however that ends.

    The lock is a file of its own beside `path`, because `path` itself is replaced. It stays there.

    Raises:
        StoreError: the lock cannot be made.
    """
    target = Path(os.path.realpath(path))  # programs that reach the file by different links share one lock
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = target.with_name(f".{target.name[:200]}.lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise StoreError(f"{path}: cannot be written: {error.strerror or error}") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        except OSError as error:
            raise StoreError(f"{path}: cannot be locked: {error.strerror or error}") from error
        yield
    finally:
        os.close(descriptor)
