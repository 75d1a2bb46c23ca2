"""Where "now" comes from: always an argument, so that tests and `--now` decide it."""

from __future__ import annotations

import time
from collections.abc import Callable

Clock = Callable[[], int]
"""Returns microseconds since 1970-01-01T00:00:00Z."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
"""Durations in microseconds."""


def system_clock() -> int:
    """The machine's clock."""
    return time.time_ns() // 1000


def frozen_clock(at: int) -> Clock:
    """A clock that always says `at`."""
    return lambda: at
