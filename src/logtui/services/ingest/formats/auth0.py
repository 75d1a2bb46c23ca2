"""Auth0: tenant logs as the Management API gives them, and log streams, which wrap them in `data`."""

from __future__ import annotations

from urllib.parse import unquote

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.auth0_codes import NAMES
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, part, part_in_any_case, snake, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_TELLING = frozenset(("log_id", "client_id", "user_agent", "strategy", "connection", "tenant_name"))
_OF_APIS = ("api_operation.", "token_exchange.client_credentials.")
"""Types whose actor is the application when no user stands behind it."""


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    if "date" not in names:
        names = keys(part_in_any_case(fields, "data"))
    return names >= {"date", "type"} and not names.isdisjoint(_TELLING)


def _unwrap(fields: Fields) -> Fields:
    inner = part(fields, "data")
    return inner if inner and text(fields, "date") is None else fields


def _columns(fields: Fields, _at: int) -> Columns:
    code = text(fields, "type")
    kind = code and NAMES.get(code, code)
    request, response = part(part(fields, "details"), "request"), part(part(fields, "details"), "response")
    user = first(fields, "user_id", "user_name") or text(part(part(request, "auth"), "user"), "user_id")
    client = text(fields, "client_id") if kind and kind.startswith(_OF_APIS) else None
    subject, subject_type = _subject(text(request, "path"), part(response, "body"))
    return Columns(
        kind,
        first(fields, "log_id", "_id"),
        kind and _severity(kind, text(response, "statusCode")),
        user or client,
        "user" if user else "client" if client else None,
        subject,
        subject_type,
        "auth0",
        text(part(fields, "details"), "session_id"),
        None,
        address(text(fields, "ip")),
    )


def _severity(kind: str, status: str | None) -> str | None:
    refused = status is not None and status.isdecimal() and int(status[:9]) >= 400
    if refused or kind.endswith((".warning", ".send_failed", ".rate_limited", "exceeded", ".canceled", ".offline")):
        return severities.WARNING
    return severities.of_type(kind)


def _subject(path: str | None, body: Fields) -> tuple[str | None, str | None]:
    """Return what an API operation acted on: `("auth0|12", "users")` for `/api/v2/users/auth0%7C12/roles`."""
    if path is None:
        return None, None
    collection, _, rest = path.removeprefix("/api").removeprefix("/v2").strip("/").partition("/")
    named = unquote(rest.partition("/")[0]) or first(body, "user_id", "client_id", "id")
    return (named or path), (snake(collection) or None)


FORMAT = VendorFormat("auth0", "Auth0 logs", _recognises, (("date",),), "type", _columns, _unwrap)
