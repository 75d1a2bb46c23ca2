"""Google Cloud: audit logs, and other entries of Cloud Logging."""

from __future__ import annotations

from urllib.parse import unquote

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, part, parts, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    return "protopayload" in names or (
        "logname" in names and not names.isdisjoint(("insertid", "resource", "textpayload", "jsonpayload"))
    )


def _columns(fields: Fields, at: int) -> Columns:
    payload = part(fields, "protoPayload")
    who = part(payload, "authenticationInfo")
    method = text(payload, "methodName")
    if method is None:
        # Some exports have it, and what belongs to it, one level further down.
        inner = part(payload, "metadata")
        method = text(inner, "methodName")
        payload = inner if method is not None else payload
    request = part(payload, "requestMetadata")
    actor = first(who, "principalEmail", "principalSubject", "authoritySelector")
    insert_id = text(fields, "insertId")
    trace = text(fields, "trace")
    subject = text(payload, "resourceName")
    return Columns(
        method or _permission(payload) or _log_id(text(fields, "logName")),
        # Google promises that an insertId is unique among the entries of one log and time.
        f"{insert_id}-{at}" if insert_id else None,
        severities.gravest(severities.of_level(text(fields, "severity")), _outcome(payload)),
        actor,
        actor and _actor_type(actor),
        subject,
        text(part(fields, "resource"), "type") if subject else None,
        text(payload, "serviceName") or text(fields, "serviceName"),
        trace.rpartition("/")[2] if trace else text(part(fields, "operation"), "id"),
        None,
        address(first(request, "callerIp", "callerIP")),
    )


def _outcome(payload: Fields) -> str | None:
    status = part(payload, "status")
    if text(status, "code") not in (None, "0"):
        return severities.WARNING
    for check in parts(payload, "authorizationInfo"):
        if check.get("granted") is False:
            return severities.WARNING
    return None


def _permission(payload: Fields) -> str | None:
    """Return the permission that was asked for, which names the action nearly as well as the method."""
    checks = parts(payload, "authorizationInfo")
    return text(checks[0], "permission") if checks else None


def _actor_type(actor: str) -> str:
    if actor.endswith("gserviceaccount.com") or actor.startswith("serviceAccount:"):
        return "service_account"
    return "system" if actor.startswith("system:") else "user"


def _log_id(name: str | None) -> str | None:
    """Return `cloudaudit.googleapis.com/activity` of `projects/p/logs/cloudaudit.googleapis.com%2Factivity`."""
    return unquote(name.rpartition("/")[2]) or None if name else None


FORMAT = VendorFormat(
    "gcp_audit",
    "Google Cloud audit logs",
    _recognises,
    (("timestamp",), ("protoPayload", "timestamp"), ("receiveTimestamp",)),
    "protoPayload.methodName",
    _columns,
)
