"""GitHub: the audit log of an organization or enterprise, as exported, streamed or read through the API."""

from __future__ import annotations

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, in_any_case, keys, part, text, value
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_TELLING = frozenset(
    ("@timestamp", "at_sign_timestamp", "created_at", "_document_id", "org", "repo", "business", "operation_type")
)
_BUSINESS = ("business", "enterprise")


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    return (
        names >= {"action", "actor"}
        and not names.isdisjoint(_TELLING)
        and isinstance(in_any_case(fields, "actor"), str)
    )


def _columns(fields: Fields, _at: int) -> Columns:
    action, actor = text(fields, "action"), text(fields, "actor")
    is_bot = value(fields, "actor_is_bot") is True or (actor or "").endswith("[bot]")
    subject, subject_type = _subject(fields, action or "", actor)
    return Columns(
        action,
        text(fields, "_document_id"),
        severities.of_outcome(text(fields, "conclusion")),
        actor,
        ("bot" if is_bot else "user") if actor else None,
        subject,
        subject_type,
        "github",
        text(fields, "request_id"),
        None,
        address(text(fields, "actor_ip")),
    )


def _subject(fields: Fields, action: str, actor: str | None) -> tuple[str | None, str | None]:
    """Return the other user whom it concerns, else the team, else what the action begins with, else the repository."""
    user = text(fields, "user")
    if user is not None and user != actor:
        return user, "user"
    team = text(fields, "team") or text(part(fields, "data"), "team")
    if team is not None:
        return team, "team"
    kind = action.partition(".")[0]
    organization, business = text(fields, "org"), text(fields, "business")
    if kind == "org" and organization is not None:
        return organization, "organization"
    if kind in _BUSINESS and business is not None:
        return business, "business"
    if kind == "user" and user is not None:
        return user, "user"
    repository = first(fields, "repo", "repository")
    candidates = ((repository, "repository"), (organization, "organization"), (business, "business"), (user, "user"))
    return next(((name, of) for name, of in candidates if name is not None), (None, None))


FORMAT = VendorFormat(
    "github_audit",
    "GitHub audit log",
    _recognises,
    (("@timestamp",), ("at_sign_timestamp",), ("created_at",)),
    "action",
    _columns,
)
