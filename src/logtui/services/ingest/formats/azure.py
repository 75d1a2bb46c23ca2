"""Microsoft: the Azure activity log and Entra's audit and sign-in logs.

The same events come from diagnostic settings (wrapped in `properties`), from the management API in camel or snake
case, and from Microsoft Graph (not wrapped); all of these are read.
"""

from __future__ import annotations

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import (
    address,
    as_text,
    first,
    keys,
    part,
    part_in_any_case,
    parts,
    snake,
    text,
    value,
)
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_OBJECT_ID = "http://schemas.microsoft.com/identity/claims/objectidentifier"
_LEVELS = {"1": severities.ERROR, "2": severities.ERROR, "3": severities.WARNING, "4": severities.INFO}
_SIGN_IN = "Sign-in activity"
_GRAPH_AUDIT = frozenset(("activitydisplayname", "activitydatetime", "initiatedby"))
_GRAPH_SIGN_IN = frozenset(("createddatetime", "userprincipalname", "appid"))


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    if not names.isdisjoint(("operation_name", "operationname")):
        return not names.isdisjoint(("category", "event_timestamp", "eventtimestamp"))
    inner = keys(part_in_any_case(fields, "properties")) or names
    return inner >= _GRAPH_AUDIT or inner >= _GRAPH_SIGN_IN or ("category" in names and "activitydatetime" in inner)


def _columns(fields: Fields, _at: int) -> Columns:
    inner = part(fields, "properties") or fields
    actor, actor_type = _actor(fields, inner)
    subject, subject_type = _subject(fields, inner)
    operation = _operation(fields, inner)
    return Columns(
        _type(fields, operation),
        _named(fields, "event_data_id", "eventDataId") or text(inner, "id"),
        _severity(fields, inner),
        actor,
        actor_type,
        subject,
        subject_type,
        _source(fields, inner, operation),
        _named(fields, "correlationId", "correlation_id") or text(inner, "correlationId"),
        text(part(inner, "deviceDetail"), "deviceId"),
        _ip(fields, inner),
    )


def _named(fields: Fields, *names: str) -> str | None:
    """Return the first text under the names; the management API writes it as `{"value": …}`."""
    for name in names:
        found = value(fields, name)
        if found is not None:
            said = text(found, "value") if isinstance(found, dict) else as_text(found)
            if said is not None:
                return said
    return None


def _operation(fields: Fields, inner: Fields) -> str | None:
    named = first(inner, "activityDisplayName") or _named(fields, "operationName", "operation_name")
    if named is None:
        named = text(inner, "operationName")
    if named is None and text(inner, "appId") is not None and text(inner, "createdDateTime") is not None:
        return _SIGN_IN
    return named


def _type(fields: Fields, operation: str | None) -> str | None:
    """Return `Microsoft.Compute.disks.delete` for what is done to a resource, `audit_logs.add_user` for Entra's."""
    if operation is None:
        return None
    if "/" in operation:
        return operation.replace("/", ".")
    category = _named(fields, "category")
    if operation == _SIGN_IN and (category is None or "SignIn" not in category):
        category = "SignInLogs"
    elif category is None or not part(fields, "properties"):
        # What Graph calls the category of an audit is a finer one, within what others call AuditLogs.
        category = "AuditLogs"
    return f"{snake(category)}.{snake(operation)}"


def _severity(fields: Fields, inner: Fields) -> str | None:
    level = text(fields, "Level")
    return severities.gravest(
        _LEVELS.get(level) or severities.of_level(level) if level else None,
        _outcome(text(inner, "result")),
        _outcome(_named(fields, "resultType")),
        _outcome(text(part(inner, "status"), "errorCode")),
        _outcome(_named(fields, "status")) if inner is fields or "status" in fields else None,
    )


def _outcome(word: str | None) -> str | None:
    """Read a result: a word, or the number of an error, of which 0 is none."""
    if word is not None and word.isdecimal():
        return severities.SUCCESS if word.strip("0") == "" else severities.WARNING
    return severities.of_outcome(word)


def _actor(fields: Fields, inner: Fields) -> tuple[str | None, str | None]:
    by = part(inner, "initiatedBy")
    if by:
        found = first(part(by, "user"), "id", "userPrincipalName", "displayName")
        if found is not None:
            return found, "user"
        found = first(part(by, "app"), "servicePrincipalId", "appId", "displayName")
        if found is not None:
            return found, "app"
    found = first(inner, "userId", "userPrincipalName")
    if found is not None:
        return found, "user"
    found = first(inner, "servicePrincipalId", "servicePrincipalName")
    if found is not None:
        return found, "service_principal"
    identity = part(fields, "identity")
    claims = part(identity, "claims") or part(fields, "claims")
    found = text(fields, "caller") or text(claims, _OBJECT_ID) or text(fields, "identity")
    if found is None:
        return None, None
    is_app = text(claims, "idtyp") == "app"
    return found, "app" if is_app else "user" if "@" in found or claims else None


def _subject(fields: Fields, inner: Fields) -> tuple[str | None, str | None]:
    targets = parts(inner, "targetResources")
    if targets:
        target = next((target for target in targets if text(target, "type") == "User"), targets[0])
        kind = text(target, "type")
        return first(target, "id", "userPrincipalName", "displayName"), kind and snake(kind)
    signed_into = first(inner, "resourceId", "resourceDisplayName") if "appId" in inner else None
    if signed_into is not None:
        return signed_into, "application"
    resource = first(fields, "resourceId", "resource_id")
    if resource is None:
        return None, None
    kind = _named(fields, "resource_type", "resourceType") or _kind_of(resource)
    return resource, snake(kind.rpartition("/")[2]) or None


def _kind_of(resource: str) -> str:
    """Return `disks` for `/subscriptions/…/providers/Microsoft.Compute/disks/d1`."""
    path = resource.strip("/").split("/")
    is_provider = len(path) > 1 and path[-2].lower() == "providers"
    return path[0].removesuffix("s") if is_provider else path[-2] if len(path) > 1 else ""


def _source(fields: Fields, inner: Fields, operation: str | None) -> str:
    named = text(inner, "loggedByService") or _named(fields, "resource_provider_name", "resourceProviderName")
    if named is not None:
        return named
    return operation.partition("/")[0] if operation and "/" in operation else "entra"


def _ip(fields: Fields, inner: Fields) -> str | None:
    request = part(fields, "httpRequest") or part(fields, "http_request")
    return (
        address(text(fields, "callerIpAddress"))
        or address(text(inner, "ipAddress"))
        or address(text(part(part(inner, "initiatedBy"), "user"), "ipAddress"))
        or address(first(request, "clientIpAddress", "client_ip_address"))
    )


FORMAT = VendorFormat(
    "azure",
    "Azure activity log and Entra logs",
    _recognises,
    (
        ("time",),
        ("properties", "activityDateTime"),
        ("activityDateTime",),
        ("event_timestamp",),
        ("eventTimestamp",),
        ("properties", "createdDateTime"),
        ("createdDateTime",),
    ),
    "operationName",
    _columns,
)
