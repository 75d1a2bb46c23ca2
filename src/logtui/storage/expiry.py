"""Which events come too late: their day has expired by the store's policy, so they would only be removed again.

Writers ask before they store; importers turn the answer into a reject. Asking costs one look at the settings file.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from logtui.core.clock import DAY, Clock, system_clock
from logtui.core.errors import StoreError, UsageError
from logtui.core.query.fold import fold
from logtui.core.retention.policy import Policy
from logtui.core.times import day_of
from logtui.storage.control_files import control
from logtui.storage.ledger import read_ledger
from logtui.storage.ledger_state import standing_of
from logtui.storage.policy_file import NAME, read_policy


class ExpiredDayError(StoreError):
    """Events are older than the store keeps; none of their day were stored. `day` is written `2026-10-04`."""

    def __init__(self, message: str, day: str) -> None:
        super().__init__(message)
        self.day = day


class Expiry:
    """The policy of one store as writers see it; follows changes of its settings. Several threads may use it."""

    def __init__(self, root: Path, clock: Clock = system_clock) -> None:
        self._root = root
        self._clock = clock
        self._seen: tuple[int, int] | None = None
        self._policy = Policy()

    def first_kept_day(self) -> int | None:
        """Return the first microsecond of the oldest day that is kept; None where all are.

        Raises:
            StoreError: the store's settings are wrong.
        """
        return self._current().first_kept_day(self._clock())

    def reason(self, event_time: int, event_type: str) -> str:
        """Return why an event may not be stored, or "" if it may.

        Raises:
            StoreError: the store's settings or its ledger cannot be read.
        """
        policy = self._current()
        now = self._clock()
        first = policy.first_kept_day(now)
        if first is None or event_time >= first:
            return ""
        day = event_time // DAY * DAY
        if any(_is_like(event_type, pattern) for pattern in policy.kept_types(day, now)) or self._is_held(day):
            return ""
        days = f"{policy.days} day{'s' * (policy.days != 1)}"
        return f"event_time: {day_of(day)} has expired: the store keeps {days}"

    def _is_held(self, day: int) -> bool:
        """Whether a hold keeps the whole day, so that its late events belong to what is held."""
        holds = standing_of(read_ledger(self._root)).holds.values()
        return any(hold.covers(day) and not hold.query for hold in holds)

    def _current(self) -> Policy:
        seen = self._look()
        if seen != self._seen:
            try:
                self._policy = read_policy(self._root).policy
            except UsageError as error:
                raise StoreError(str(error)) from error
            self._seen = seen
        return self._policy

    def _look(self) -> tuple[int, int] | None:
        try:
            state = os.stat(control(self._root, NAME))  # noqa: PTH116 - once for each batch
        except OSError:
            return None
        return state.st_mtime_ns, state.st_ino


def _is_like(event_type: str, pattern: str) -> bool:
    expression = ".*".join(re.escape(part) for part in fold(pattern).split("*"))
    return re.fullmatch(expression, fold(event_type), re.DOTALL) is not None
