"""How serious an event is, from what vendors say: an outcome, a level, or the last word of the type.

The rule of all formats: the gravest of what the record says. A failed or refused action is a warning, `error` is left
to records whose own level says so, success needs the vendor's word for it, and a record that says nothing has no
severity.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from logtui.core.event import SEVERITY_RANK, Severity
from logtui.core.query.flags import FAILURE_WORDS, last_word

INFO, SUCCESS, WARNING, ERROR = (severity.value for severity in Severity)

_OUTCOMES: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("success", "succeeded", "successful", "allow", "allowed", "pass", "passed", "ok"), SUCCESS)
    | dict.fromkeys(
        ("failure", "failed", "fail", "deny", "denied", "error", "rejected", "blocked", "timed_out", "rate_limit"),
        WARNING,
    )
)
_LEVELS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(("trace", "debug", "verbose", "default", "info", "informational", "notice", "low"), INFO)
    | dict.fromkeys(("warn", "warning", "medium"), WARNING)
    | dict.fromkeys(("error", "err", "high", "critical", "crit", "fatal", "alert", "emergency", "emerg"), ERROR)
)
_SUCCESS_WORDS = frozenset(("succeeded", "success", "passed"))


def of_outcome(word: str | None) -> str | None:
    """Return the severity of an outcome: success, or a warning for a failure; None for other words."""
    return None if word is None else _OUTCOMES.get(word.lower())


def of_level(word: str | None) -> str | None:
    """Return the severity of a level as syslog, cloud loggers and risk scores name it."""
    return None if word is None else _LEVELS.get(word.lower())


def gravest(*said: str | None) -> str | None:
    """Return the gravest of several severities."""
    result: str | None = None
    for severity in said:
        if severity is not None and (result is None or SEVERITY_RANK[severity] > SEVERITY_RANK[result]):
            result = severity
    return result


@lru_cache(maxsize=4096)
def of_type(event_type: str) -> str | None:
    """Return what the last word of a type says: `payment_intent.succeeded`, `sign_in.password.failed`."""
    word = last_word(event_type)
    return WARNING if word in FAILURE_WORDS else SUCCESS if word in _SUCCESS_WORDS else None
