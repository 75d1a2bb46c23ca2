"""GitHub: webhook deliveries, bare bodies or with their headers.

The name of the event is in the header `X-GitHub-Event`. A bare body is told by the object that it carries. Its time is
that of this object: a delivery whose object has none (a star's removal, a member's) is rejected rather than dated by
guess.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import dig, first, folded, keys, part, part_in_any_case, snake, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_OBJECTS: tuple[tuple[frozenset[str], str, str], ...] = tuple(
    (frozenset(needed.split()), obj, event)
    for needed, obj, event in (
        ("review pull_request", "review", "pull_request_review"),
        ("thread pull_request", "thread", "pull_request_review_thread"),
        ("comment issue", "comment", "issue_comment"),
        ("comment pull_request", "comment", "pull_request_review_comment"),
        ("comment discussion", "comment", "discussion_comment"),
        ("comment", "comment", "commit_comment"),
        ("check_run", "check_run", "check_run"),
        ("check_suite", "check_suite", "check_suite"),
        ("workflow_job", "workflow_job", "workflow_job"),
        ("workflow_run", "workflow_run", "workflow_run"),
        ("deployment_status", "deployment_status", "deployment_status"),
        ("deployment", "deployment", "deployment"),
        ("discussion", "discussion", "discussion"),
        ("pull_request", "pull_request", "pull_request"),
        ("issue", "issue", "issues"),
        ("release", "release", "release"),
        ("milestone", "milestone", "milestone"),
        ("forkee", "forkee", "fork"),
        ("alert", "alert", "alert"),
        ("member team", "member", "membership"),
        ("membership organization", "membership", "organization"),
        ("member", "member", "member"),
        ("team", "team", "team"),
        ("package", "package", "package"),
        ("hook zen", "hook", "ping"),
        ("hook", "hook", "meta"),
        ("head_commit commits", "head_commit", "push"),
        ("before after ref", "head_commit", "push"),
        ("ref_type master_branch", "repository", "create"),
        ("ref_type ref", "repository", "delete"),
        ("starred_at", "repository", "star"),
        ("installation repositories", "installation", "installation"),
        ("label", "label", "label"),
        ("repository", "repository", "repository"),
        ("installation", "installation", "installation"),
        ("organization", "organization", "organization"),
    )
)
"""Keys that a body has, the one of them that is the object, and the event's name; the first that fits."""

_ACTOR_TYPES: Mapping[str, str] = MappingProxyType({"User": "user", "Bot": "bot", "Organization": "organization"})
_TIMES = ("updated_at", "submitted_at", "completed_at", "started_at", "published_at", "created_at", "timestamp")
_TIME = "updated_at of the object"
"""Where the time is put, and what a rejection for want of it names."""
_NUMBERED = frozenset(("pull_request", "issue", "discussion"))


def _recognises(fields: Fields) -> bool:
    if "sender" in keys(fields):
        return "login" in keys(part_in_any_case(fields, "sender"))
    return "x-github-event" in keys(part_in_any_case(fields, "headers"))


def _body(fields: Fields) -> Fields:
    """Return the delivered object of a line that has its headers beside it."""
    return part(fields, "payload") or part(fields, "body") or fields if part(fields, "headers") else fields


def _unwrap(fields: Fields) -> Fields:
    """Return the body, with what its headers and its object say about event, delivery and time beside it."""
    body = _body(fields)
    headers = folded(part(fields, "headers"), 1)
    names = keys(body)
    obj, event = next(((obj, event) for needed, obj, event in _OBJECTS if names >= needed), ("", ""))
    about = part(body, obj)
    time = next((found for name in _TIMES if (found := text(about, name)) is not None), None)
    if obj == "repository":
        # The repository itself is as old as its last change of any kind.
        time = text(body, "starred_at") or (time if event == "repository" else None)
    return {
        **body,
        ".event": headers.get("x-github-event") or event,
        ".delivery": headers.get("x-github-delivery"),
        ".object": obj,
        _TIME: dig(body, ("repository", "pushed_at")) if event == "push" else time,
    }


def _columns(fields: Fields, _at: int) -> Columns:
    event, action, obj = text(fields, ".event"), text(fields, "action"), str(fields.get(".object"))
    sender, about = part(fields, "sender"), part(fields, obj)
    login, kind = text(sender, "login"), text(sender, "type")
    subject, subject_type = _subject(fields, obj, about)
    return Columns(
        f"{event}.{action}" if event and action else event,
        id=text(fields, ".delivery"),
        severity=severities.of_outcome(first(about, "conclusion", "state")),
        actor=login,
        actor_type=(_ACTOR_TYPES.get(kind, snake(kind)) if kind else "user") if login else None,
        subject=subject,
        subject_type=subject_type,
        source="github",
    )


def _subject(fields: Fields, obj: str, about: Fields) -> tuple[str | None, str | None]:
    """Return `owner/repo#7` for what has a number, a user by login, else the repository or organization."""
    repository = text(part(fields, "repository"), "full_name")
    for kind in (obj, "pull_request", "issue", "discussion"):
        number = text(part(fields, kind), "number") if kind in _NUMBERED else None
        if number is not None:
            return f"{repository or ''}#{number}", kind
    if obj in ("member", "membership"):
        return (text(about, "login") or text(part(about, "user"), "login")), "user"
    if repository is not None:
        return repository, "repository"
    organization = text(part(fields, "organization"), "login")
    return organization, "organization" if organization else None


FORMAT = VendorFormat(
    "github_webhook",
    "GitHub webhooks",
    _recognises,
    ((_TIME,),),
    "X-GitHub-Event",
    _columns,
    _unwrap,
)
