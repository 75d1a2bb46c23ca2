"""The flags of `is:<flag>`: names, meanings, and the words and limits that define them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logtui.core.clock import MINUTE
from logtui.core.event import Severity
from logtui.core.query.fold import fold

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "failure": "the type ends in a word for failure, or the severity is warning or error",
        "success": "the severity is success",
        "warning": "the severity is warning",
        "error": "the severity is error",
        "anonymous": "nobody is named as the actor",
        "unknown": "the type is not in the catalogue",
        "late": "written more than five minutes after it happened",
    }
)
"""Name -> what is true of the events that have it."""

FAILURE_WORDS = frozenset(
    {"failed", "failure", "rejected", "blocked", "invalid", "pwned", "locked", "denied", "error", "expired"}
)
"""Last words of event types, after the last `.` or `_`, folded."""

FAILURE_SEVERITIES = frozenset({Severity.WARNING.value, Severity.ERROR.value})

_LONGEST_SEVERITY = max(map(len, FAILURE_SEVERITIES))

LATE_AFTER = 5 * MINUTE
"""`ingested_at - event_time` above this makes an event late."""


def last_word(event_type: str) -> str:
    """Return what follows the last `.` or `_` of a type, folded."""
    return fold(event_type[max(event_type.rfind("."), event_type.rfind("_")) + 1 :])


def is_failure(event_type: str, severity: str | None) -> bool:
    """Tell whether `is:failure` holds."""
    return last_word(event_type) in FAILURE_WORDS or (
        severity is not None and len(severity) <= _LONGEST_SEVERITY and fold(severity) in FAILURE_SEVERITIES
    )


def is_late(event_time: int, ingested_at: int | None) -> bool:
    """Tell whether `is:late` holds."""
    return ingested_at is not None and ingested_at - event_time > LATE_AFTER
