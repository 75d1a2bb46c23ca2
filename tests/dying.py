"""Processes that die at a chosen call of the system."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

STEPS = ("open", "mkdir", "fsync", "link", "replace", "unlink")
"""The calls that publishing and compaction are made of."""


def die_at(step: int) -> None:
    """Kill this process with SIGKILL at the `step`-th of the calls, counted from 1, before it does anything."""
    calls = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*args: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == step:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **options)

        return wrapper

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
