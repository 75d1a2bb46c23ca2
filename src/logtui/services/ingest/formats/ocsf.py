"""OCSF: the Open Cybersecurity Schema Framework, whatever product wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, in_any_case, keys, part, parts, snake, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_TELLING = frozenset(("metadata", "type_uid", "type_name", "activity_id", "category_uid"))
_SEVERITY_IDS: Mapping[str, str] = MappingProxyType(
    {"1": severities.INFO, "2": severities.INFO, "3": severities.WARNING}
    | dict.fromkeys(("4", "5", "6"), severities.ERROR)
)
_STATUS_IDS: Mapping[str, str] = MappingProxyType({"1": severities.SUCCESS, "2": severities.WARNING})
_SUBJECTS = ("user", "group", "resource", "policy", "job", "file")


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    if "class_uid" in names:
        return not names.isdisjoint(_TELLING)
    return "p_log_type" in names and str(in_any_case(fields, "p_log_type")).startswith("OCSF.")


def _columns(fields: Fields, _at: int) -> Columns:
    metadata, actor = part(fields, "metadata"), part(fields, "actor")
    acting = part(actor, "user")
    who = first(acting, "uid", "name", "email_addr")
    app = first(actor, "app_uid", "app_name", "invoked_by")
    subject, subject_type = _subject(fields)
    return Columns(
        _type(fields),
        text(metadata, "uid"),
        _severity(fields),
        who or app,
        (snake(text(acting, "type") or "user") if who else "app" if app else None),
        subject,
        subject_type,
        text(part(metadata, "product"), "name"),
        first(metadata, "correlation_uid", "trace_uid"),
        text(part(fields, "device"), "uid"),
        address(text(part(fields, "src_endpoint"), "ip")),
    )


def _type(fields: Fields) -> str | None:
    """Return `dns_activity.response` for `DNS Activity: Response`."""
    name = text(fields, "type_name")
    if name is not None:
        return ".".join(map(snake, name.split(":")))
    kind, activity = text(fields, "class_name"), text(fields, "activity_name")
    if kind is not None:
        return ".".join(snake(word) for word in (kind, activity) if word)
    number = text(fields, "type_uid")
    return f"ocsf.{number}" if number else None


def _severity(fields: Fields) -> str | None:
    level = _SEVERITY_IDS.get(text(fields, "severity_id") or "") or severities.of_level(text(fields, "severity"))
    outcome = _STATUS_IDS.get(text(fields, "status_id") or "") or severities.of_outcome(text(fields, "status"))
    return severities.gravest(level, outcome)


def _subject(fields: Fields) -> tuple[str | None, str | None]:
    for kind in _SUBJECTS:
        resource = part(fields, kind)
        if resource and (name := first(resource, "uid", "name", "path")) is not None:
            return name, snake(text(resource, "type") or kind)
    for resource in parts(fields, "resources"):
        if (name := first(resource, "uid", "name")) is not None:
            return name, snake(text(resource, "type") or "resource")
    looked_up = text(part(fields, "query"), "hostname")
    return looked_up, "hostname" if looked_up else None


FORMAT = VendorFormat("ocsf", "OCSF", _recognises, (("time",), ("time_dt",)), "type_name", _columns)
