"""WorkOS: audit log events, and the events of its Events API and webhooks."""

from __future__ import annotations

from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, part, parts, snake, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat, is_event


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    return names >= {"action", "occurred_at", "actor"} or (
        names >= {"event", "data", "created_at", "id"} and ("object" not in names or is_event(fields))
    )


def _columns(fields: Fields, _at: int) -> Columns:
    actor = part(fields, "actor")
    targets = parts(fields, "targets")
    target = next((target for target in targets if text(target, "type") == "user"), targets[0] if targets else {})
    data = part(fields, "data")
    kind = first(target, "type") or text(data, "object")
    actor_type = text(actor, "type")
    return Columns(
        first(fields, "action", "event"),
        id=text(fields, "id"),
        actor=first(actor, "id", "name"),
        actor_type=actor_type and snake(actor_type),
        subject=first(target, "id", "name") or text(data, "id"),
        subject_type=kind and snake(kind),
        source="workos",
        ip=address(text(part(fields, "context"), "location")) or address(text(data, "ip_address")),
    )


FORMAT = VendorFormat("workos", "WorkOS", _recognises, (("occurred_at",), ("created_at",)), "action", _columns)
