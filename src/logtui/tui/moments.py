"""Times as the screen shows them: in UTC, in local time, or as ages. Pure but for the machine's time zone."""

from __future__ import annotations

import time
from dataclasses import dataclass

from logtui.core.clock import DAY, HOUR, MINUTE, SECOND
from logtui.core.times import format_utc

ZONE_NAMES = {"utc": "UTC", "local": "local", "relative": "age"}
"""Zone -> what headings call it."""


@dataclass(frozen=True, slots=True)
class Zone:
    """How times are shown."""

    name: str = "utc"
    """utc, local or relative."""
    now: int = 0
    """What ages are relative to."""

    def moment(self, at: int, width: int) -> str:
        """Return a time as exactly as `width` cells allow."""
        if self.name == "relative":
            return age(self.now - at)
        date, clock = self._parts(at)
        for form in (f"{date} {clock[:12]}", f"{date[-5:]} {clock[:12]}", f"{date[-5:]} {clock[:8]}", clock[:8]):
            if len(form) <= width:
                return form
        return clock[:5]

    def tick(self, at: int, bucket: int) -> str:
        """Return a time as exactly as buckets of this width need it."""
        if self.name == "relative":
            return f"{age(self.now - at)} ago" if at <= self.now else f"in {age(at - self.now)}"
        date, clock = self._parts(at)
        if bucket % DAY == 0:
            return date
        return f"{date[-5:]} {clock[: 5 if bucket % MINUTE == 0 else 8 if bucket % SECOND == 0 else 12]}"

    def _parts(self, at: int) -> tuple[str, str]:
        """Return `2026-10-04` and `09:30:00.123456`."""
        date, _, clock = format_utc(at + _offset(at) if self.name == "local" else at).partition("T")
        return date, clock[:-1]


def age(micros: int) -> str:
    """Return how long ago something was, in its two largest units; what is yet to come has a plus sign."""
    sign, left = ("+", -micros) if micros < 0 else ("", micros)
    if left < MINUTE:
        return f"{sign}{left // SECOND}s"
    if left < HOUR:
        return f"{sign}{left // MINUTE}m {left % MINUTE // SECOND:02}s"
    if left < DAY:
        return f"{sign}{left // HOUR}h {left % HOUR // MINUTE:02}m"
    return f"{sign}{left // DAY}d {left % DAY // HOUR:02}h"


def _offset(at: int) -> int:
    """Return local time minus UTC at a time; 0 for times that the C library cannot tell."""
    try:
        return time.localtime(at // SECOND).tm_gmtoff * SECOND
    except (OverflowError, OSError, ValueError):
        return 0
