"""Stripe: events, as webhooks and the API give them."""

from __future__ import annotations

from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import keys, part, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat, is_event


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    return names >= {"id", "type", "created", "data"} and (
        not names.isdisjoint(("livemode", "api_version", "pending_webhooks")) or is_event(fields)
    )


def _columns(fields: Fields, _at: int) -> Columns:
    resource = part(part(fields, "data"), "object")
    # Older API versions have the id itself there. Stripe names no person: `account` is whose event it is.
    request = text(part(fields, "request"), "id") or text(fields, "request")
    return Columns(
        text(fields, "type"),
        id=text(fields, "id"),
        subject=text(resource, "id"),
        subject_type=text(resource, "object"),
        source="stripe",
        trace_id=request,
    )


FORMAT = VendorFormat("stripe", "Stripe events", _recognises, (("created",),), "type", _columns)
