"""A few megabytes set aside, so that retention can still write its records when the disk is full."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from logtui.storage.control_files import control

NAME = "reserve"
SIZE = 4 * 1024 * 1024


def set_aside(root: Path) -> None:
    """Fill the reserve, if there is room for it twice."""
    path = control(root, NAME)
    with suppress(OSError):
        if _free(root) < 2 * SIZE or (path.exists() and path.stat().st_size >= SIZE):
            return
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            os.posix_fallocate(descriptor, 0, SIZE)
        finally:
            os.close(descriptor)


def use_if_full(root: Path) -> None:
    """Give the reserve back to the disk when less than its size is free."""
    with suppress(OSError):
        if _free(root) < SIZE:
            control(root, NAME).unlink()


def _free(root: Path) -> int:
    state = os.statvfs(root)
    return state.f_bavail * state.f_frsize
