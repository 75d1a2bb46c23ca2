"""What the flags mean."""

from __future__ import annotations

import pytest

from logtui.core import catalogue
from logtui.core.clock import MINUTE
from logtui.core.query.flags import is_failure, is_late, last_word


@pytest.mark.parametrize(
    ("event_type", "severity", "expected"),
    [
        ("sign_in.password.failed", None, True),
        ("sign_in.code_attempt_invalid", "info", True),
        ("Sign_In.User_Locked", None, True),
        ("failed", None, True),
        ("sign_in.failed.retried", None, False),
        ("user.unlocked", None, False),
        ("user.created", "warning", True),
        ("user.created", "ERROR", True),
        ("user.created", "success", False),
        ("user.created", None, False),
        ("", None, False),
    ],
)
def test_a_failure_ends_in_a_word_for_it_or_is_severe(event_type: str, severity: str | None, expected: bool) -> None:
    """Only the last word of a type counts, after a dot or an underscore, in any case."""
    assert is_failure(event_type, severity) is expected


def test_the_catalogue_has_failures_of_many_kinds() -> None:
    """The words were chosen from the real list; a sample of it is recognised, and successes are not."""
    failures = {last_word(name) for name in catalogue.load().types if is_failure(name, None)}

    assert failures >= {"failed", "rejected", "blocked", "invalid", "pwned", "locked", "denied"}
    assert failures.isdisjoint({"created", "completed", "unlocked", "passed"})


@pytest.mark.parametrize(("delay", "expected"), [(0, False), (5 * MINUTE, False), (5 * MINUTE + 1, True)])
def test_late_is_more_than_five_minutes(delay: int, expected: bool) -> None:
    """Exactly five minutes are still in time."""
    assert is_late(1_000, 1_000 + delay) is expected


def test_an_unknown_time_of_writing_is_not_late() -> None:
    """Stores of other tools may not have it."""
    assert not is_late(0, None)
