"""How long events are kept: days, a size, and longer for some types. Pure.

A day expires as a whole: when every moment of it is older than the policy allows, never earlier.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from logtui.core.clock import DAY
from logtui.core.errors import UsageError

PLANS: Mapping[str, int | None] = MappingProxyType({"hobby": 1, "pro": 7, "business": 30, "enterprise": None})
"""Plan -> days; None where the number has to be given."""
MOST_DAYS = 36_500
NEVER_DROPPED_BY_SIZE = 2
"""The newest days, which a size limit does not touch: events are still coming in."""

_TYPE_PATTERN = re.compile(r"[A-Za-z0-9_.*-]{1,200}")
_UNITS = {"": 1, "B": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}
_SIZE = re.compile(r"([0-9]{1,12}(?:\.[0-9]{1,6})?) ?([KMGT]?)(?:i?B)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Policy:
    """What may stay. Equal policies decide alike."""

    days: int | None = None
    """Whole UTC days before today that are kept; None keeps all."""
    plan: str = ""
    """The plan's name the days came from, for people."""
    max_bytes: int | None = None
    """Size of all partitions together; the oldest days go first."""
    keep: tuple[tuple[str, int], ...] = ()
    """(type or pattern such as `user.*`, days) of events that are kept longer than their day."""

    def __post_init__(self) -> None:
        for days in (self.days, *(days for _, days in self.keep)):
            if days is not None and not 1 <= days <= MOST_DAYS:
                raise UsageError(f"retention of {days} days: expected a number from 1 to {MOST_DAYS}")
        for pattern, days in self.keep:
            if _TYPE_PATTERN.fullmatch(pattern) is None:
                raise UsageError(f"keep {pattern!r}: expected an event type such as user.deleted or user.*")
            if self.days is not None and days <= self.days:
                raise UsageError(f"keep {pattern} for {days} days: all events are kept for {self.days}; give more days")
        if self.max_bytes is not None and self.max_bytes < 1:
            raise UsageError("the size limit must be at least one byte")

    @property
    def is_empty(self) -> bool:
        """Whether nothing ever expires."""
        return self.days is None and self.max_bytes is None

    def first_kept_day(self, now: int) -> int | None:
        """Return the first microsecond of the oldest day that age does not expire; None where all are kept."""
        return None if self.days is None else (now // DAY - self.days) * DAY

    def kept_types(self, day: int, now: int) -> tuple[str, ...]:
        """Return the types whose events of `day` (its first microsecond) outlive the day, in the policy's order."""
        age = now // DAY - day // DAY
        return tuple(pattern for pattern, days in self.keep if age <= days)

    def describe(self) -> str:
        """Return the policy as people say it: `keeps 7 days (pro), at most 20.0 GiB, user.* for 365 days`."""
        if self.is_empty:
            return "keeps everything: no days and no size are set"
        parts = []
        if self.days is not None:
            parts.append(f"keeps {self.days} day{'s' * (self.days != 1)}" + (f" ({self.plan})" if self.plan else ""))
        else:
            parts.append("keeps days of any age")
        if self.max_bytes is not None:
            parts.append(f"at most {size_text(self.max_bytes)}")
        parts.extend(f"{pattern} for {days} days" for pattern, days in self.keep)
        return ", ".join(parts)


def days_of_plan(plan: str, days: int | None) -> int:
    """Return the days that a plan stands for; `days` is the number that goes with `enterprise`.

    Raises:
        UsageError: there is no such plan, or its number is missing or another one.
    """
    if plan not in PLANS:
        raise UsageError(f"there is no plan {plan!r}; expected one of {', '.join(PLANS)}")
    fixed = PLANS[plan]
    if fixed is None:
        if days is None:
            raise UsageError(f"the plan {plan} needs its number of days as well")
        return days
    if days is not None and days != fixed:
        raise UsageError(f"the plan {plan} keeps {fixed} days, not {days}; give one of the two")
    return fixed


def parse_size(text: str) -> int:
    """Read `500MB`, `20 GiB` or a number of bytes; units are powers of 1,024.

    Raises:
        UsageError: it is no size.
    """
    match = _SIZE.fullmatch(text.strip())
    size = int(float(match[1]) * _UNITS[match[2].upper()]) if match else 0
    if size < 1:
        raise UsageError(f"{text!r} is not a size; expected one such as 500MB, 20GB or 1.5TB")
    return size


def size_text(size: int) -> str:
    """Return bytes as people read them: `512 B`, `9.8 MiB`."""
    value = float(size)
    for unit in ("B", "KiB", "MiB", "GiB"):
        if value < 1024:
            return f"{size} B" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1024
    return f"{value:,.1f} TiB"
