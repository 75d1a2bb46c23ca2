"""GitHub's webhooks: the event of a bare body is told by the object that it carries."""

from __future__ import annotations

import json
from typing import Any

import pytest

from logtui.core.event import Event
from logtui.services.ingest.formats.github_webhook import FORMAT
from logtui.services.ingest.record import Record, Rejected

AT = "2026-09-21T14:13:20Z"
REPOSITORY = {"full_name": "acme/store", "updated_at": "2020-01-01T00:00:00Z", "pushed_at": 1_790_000_000}
SENDER = {"login": "ada", "type": "User"}


def read(**body: Any) -> Event | Rejected:
    """Read a delivery by ada in acme/store."""
    fields = {"repository": REPOSITORY, "sender": SENDER} | body
    assert FORMAT.recognises(fields)
    (found,) = FORMAT.events(fields, Record(json.dumps(fields).encode(), 1), 0)
    return found


@pytest.mark.parametrize(
    ("body", "event_type", "subject", "subject_type"),
    [
        (
            {"action": "closed", "pull_request": {"number": 7, "updated_at": AT}},
            "pull_request.closed",
            "acme/store#7",
            "pull_request",
        ),
        (
            {"action": "submitted", "review": {"submitted_at": AT}, "pull_request": {"number": 7}},
            "pull_request_review.submitted",
            "acme/store#7",
            "pull_request",
        ),
        (
            {"action": "created", "comment": {"updated_at": AT}, "issue": {"number": 8}},
            "issue_comment.created",
            "acme/store#8",
            "issue",
        ),
        (
            {"action": "created", "comment": {"updated_at": AT}, "pull_request": {"number": 7}},
            "pull_request_review_comment.created",
            "acme/store#7",
            "pull_request",
        ),
        ({"action": "opened", "issue": {"number": 8, "updated_at": AT}}, "issues.opened", "acme/store#8", "issue"),
        (
            {"action": "labeled", "issue": {"number": 8, "updated_at": AT}, "label": {"name": "bug"}},
            "issues.labeled",
            "acme/store#8",
            "issue",
        ),
        ({"action": "created", "starred_at": AT}, "star.created", "acme/store", "repository"),
        ({"action": "published", "release": {"published_at": AT}}, "release.published", "acme/store", "repository"),
        ({"forkee": {"created_at": AT}}, "fork", "acme/store", "repository"),
        (
            {"action": "privatized", "repository": REPOSITORY | {"updated_at": AT}},
            "repository.privatized",
            "acme/store",
            "repository",
        ),
        (
            {"ref": "refs/heads/x", "before": "0", "after": "1", "head_commit": None, "commits": []},
            "push",
            "acme/store",
            "repository",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_body_tells_its_event(body: dict[str, Any], event_type: str, subject: str, subject_type: str) -> None:
    """The name of the event, with the action, and what it is about."""
    found = read(**body)

    assert isinstance(found, Event), found
    assert (found.event_type, found.subject, found.subject_type) == (event_type, subject, subject_type)
    assert (found.event_time, found.actor, found.source) == (1_790_000_000_000_000, "ada", "github")


@pytest.mark.parametrize(
    "body",
    [
        {"action": "deleted", "starred_at": None},
        {"action": "added", "member": {"login": "bo"}},
        {"ref": "v1", "ref_type": "tag", "master_branch": "main"},
        {"ref": "v1", "ref_type": "tag"},
    ],
)
def test_a_body_without_a_time_of_its_own_is_not_dated_by_guess(body: dict[str, Any]) -> None:
    """The repository's last change may be years ago."""
    assert isinstance(read(**body), Rejected)


def test_the_header_goes_before_what_the_body_suggests() -> None:
    """It is what GitHub calls the event."""
    fields = {
        "headers": {"x-github-event": "dependabot_alert", "X-GitHub-Delivery": "guid-1"},
        "body": {"action": "created", "alert": {"updated_at": AT}, "repository": REPOSITORY, "sender": SENDER},
    }
    (found,) = FORMAT.events(fields, Record(json.dumps(fields).encode(), 1), 0)

    assert isinstance(found, Event)
    assert (found.event_type, found.event_id) == ("dependabot_alert.created", "guid-1")
