"""Runs one deed on a store and kills itself before the n-th change of the file system: what a crash leaves.

    python -m tests.services.retention_killed DEED DIRECTORY FIRST STRIDE

Makes DIRECTORY/<n> for n = FIRST, FIRST + STRIDE, … until the deed ends by itself, and prints how many were killed.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.retained import apply, make_days, retained

from logtui.core.cancel import CancelToken
from logtui.core.retention.partition import Hold
from logtui.core.retention.policy import Policy

# Before the forks, so that not each of the processes that are killed imports them.
from logtui.services.retention import rows as _rows  # noqa: F401
from logtui.services.retention.adopting import set_policy
from logtui.services.retention.holding import add_hold, release_hold
from logtui.services.retention.restoring import restore
from logtui.services.verification.sealing import seal_store
from logtui.storage import event_writer as _event_writer  # noqa: F401
from logtui.storage import expiry as _expiry  # noqa: F401

EXPIRED = (9, 10, 11)
KEPT = (0, 1, 2, 3, 4)
DAYS = 5
_CALLS = ("open", "mkdir", "fsync", "link", "unlink", "rename", "replace", "rmdir", "write", "ftruncate")


def make(root: Path, deed: str) -> None:
    """Make the store that a deed is done on."""
    make_days(root, (*KEPT, *EXPIRED))
    if deed in ("reduce", "unreduce"):
        set_policy(retained(root), Policy(DAYS, keep=(("user.deleted", 100),)))
    if deed == "hold":
        add_hold(retained(root), Hold("ada", "case", query="actor:user_ada"))
    if deed in ("restore", "unreduce", "release"):
        if deed == "release":
            add_hold(retained(root), Hold("ada", "case", query="actor:user_ada"))
        seal_store(retained(root), token=CancelToken())
        apply(root, DAYS)


def do(root: Path, deed: str) -> None:
    """Do it."""
    if deed in ("drop", "reduce", "hold"):
        apply(root, DAYS)
    elif deed == "purge":
        apply(root, DAYS, keep_trash=0)
    elif deed == "seal":
        seal_store(retained(root), token=CancelToken())
    elif deed == "release":
        release_hold(retained(root), "ada", "over", keep_trash=0, token=CancelToken())
    else:
        restore(retained(root), token=CancelToken())


def _dying_at(step: int) -> None:
    calls = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **options: Any) -> Any:
            nonlocal calls
            is_reading = call is os_open and not args[1] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            calls += not is_reading
            if calls == step and not is_reading:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **options)

        return wrapper

    os_open = os.open
    for name in _CALLS:
        setattr(os, name, counted(getattr(os, name)))


def main() -> None:
    deed, place, first, stride = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    template = place / "template"
    make(template, deed)
    step = first
    while True:
        root = place / str(step)
        shutil.copytree(template, root, symlinks=True)
        child = os.fork()
        if child == 0:
            try:
                _dying_at(step)
                do(root, deed)
                os._exit(0)
            finally:
                os._exit(1)
        status = os.waitpid(child, 0)[1]
        if not os.WIFSIGNALED(status):
            print(os.waitstatus_to_exitcode(status))
            return
        step += stride


if __name__ == "__main__":
    main()
