"""Slack: the Audit Logs API."""

from __future__ import annotations

from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, part, part_in_any_case, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    if not names >= {"action", "actor", "context"} or "occurred_at" in names:
        return False
    return "user" in keys(part_in_any_case(fields, "actor")) or not names.isdisjoint(("date_create", "entity"))


def _columns(fields: Fields, _at: int) -> Columns:
    actor, entity, context = part(fields, "actor"), part(fields, "entity"), part(fields, "context")
    actor_type = text(actor, "type")
    acting = part(actor, actor_type or "user")
    kind = text(entity, "type")
    resource = part(entity, kind or "")
    return Columns(
        text(fields, "action"),
        id=text(fields, "id"),
        actor=first(acting, "id", "email", "name"),
        actor_type=actor_type,
        subject=first(resource, "id", "email", "name"),
        subject_type=kind,
        source="slack",
        trace_id=text(context, "session_id"),
        ip=address(text(context, "ip_address")),
    )


FORMAT = VendorFormat("slack", "Slack audit logs", _recognises, (("date_create",),), "action", _columns)
