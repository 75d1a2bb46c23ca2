"""Google Cloud: audit logs, and other entries of Cloud Logging."""

from __future__ import annotations

from urllib.parse import unquote

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.base import Fields
from logtui.services.ingest.formats.reading import address, first, keys, part, parts, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    return "protopayload" in names or (
        "logname" in names and not names.isdisjoint(("insertid", "resource", "textpayload", "jsonpayload"))
    )


def _columns(fields: Fields, at: int) -> Columns:
    payload = part(fields, "protoPayload")
    who, request = part(payload, "authenticationInfo"), part(payload, "requestMetadata")
    actor = first(who, "principalEmail", "principalSubject", "authoritySelector")
    insert_id = text(fields, "insertId")
    trace = text(fields, "trace")
    subject = text(payload, "resourceName")
    return Columns(
        text(payload, "methodName") or _log_id(text(fields, "logName")),
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
    refused = any(check.get("granted") is False for check in parts(payload, "authorizationInfo"))
    return severities.WARNING if refused else None


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
