"""Elastic Common Schema, nested or with dotted keys, bare or as Elasticsearch exports it in `_source`."""

from __future__ import annotations

from typing import Any

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, part, part_in_any_case, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_SUBJECTS = (
    (("user", "target"), ("id", "name", "email"), "user"),
    (("group",), ("id", "name"), "group"),
    (("file",), ("path", "name"), "file"),
    (("url",), ("full", "original", "path"), "url"),
)


def _recognises(fields: Fields) -> bool:
    wrapped = part_in_any_case(fields, "_source")
    names = keys(wrapped or fields)
    return "@timestamp" in names and (
        "ecs" in names
        or any(name.startswith(("event.", "ecs.")) for name in names)
        or bool(wrapped)
        or bool(part_in_any_case(fields, "event"))
    )


def _unwrap(fields: Fields) -> Fields:
    inner = part(fields, "_source")
    if inner:
        return {"_id": fields.get("_id"), **_nested(inner)}
    return _nested(fields)


def _nested(fields: Fields) -> Fields:
    """Return the object with its dotted keys, `event.action`, spread out."""
    if not any("." in key for key in fields):
        return fields
    result: dict[str, Any] = {}
    for key, item in fields.items():
        *path, last = key.split(".")[:8]
        place = result
        for name in path:
            inner = place.get(name)
            place[name] = dict(inner) if isinstance(inner, dict) else {}
            place = place[name]
        place[last] = item
    return result


def _columns(fields: Fields, _at: int) -> Columns:
    event, user, trace = part(fields, "event"), part(fields, "user"), part(fields, "trace")
    actor = first(user, "id", "name", "email")
    subject, subject_type = _subject(fields)
    return Columns(
        first(event, "action", "code") or first(event, "dataset", "provider", "module"),
        text(event, "id") or text(fields, "_id"),
        severities.gravest(
            severities.of_level(text(part(fields, "log"), "level")), severities.of_outcome(text(event, "outcome"))
        ),
        actor,
        actor and "user",
        subject,
        subject_type,
        first(event, "dataset", "provider", "module")
        or text(part(fields, "service"), "name")
        or first(part(fields, "observer"), "product", "name"),
        text(trace, "id") or text(part(fields, "transaction"), "id"),
        text(part(fields, "device"), "id") or text(part(fields, "host"), "id"),
        address(text(part(fields, "source"), "ip")) or address(text(part(fields, "client"), "ip")),
    )


def _subject(fields: Fields) -> tuple[str | None, str | None]:
    for path, names, kind in _SUBJECTS:
        found = fields
        for name in path:
            found = part(found, name)
        if found and (subject := first(found, *names)) is not None:
            return subject, kind
    return None, None


FORMAT = VendorFormat(
    "ecs",
    "Elastic Common Schema",
    _recognises,
    (("@timestamp",), ("event", "created")),
    "event.action",
    _columns,
    _unwrap,
)
