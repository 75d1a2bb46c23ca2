"""CloudEvents 1.0 in JSON."""

from __future__ import annotations

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat


def _recognises(fields: Fields) -> bool:
    return keys(fields) >= {"specversion", "type", "source"}


def _columns(fields: Fields, _at: int) -> Columns:
    source, event_id = text(fields, "source"), text(fields, "id")
    actor = first(fields, "authid", "userid")
    return Columns(
        text(fields, "type"),
        # An id is unique within its source; no URI has a bar in it, so two pairs never make one text.
        f"{source}|{event_id}" if source and event_id else None,
        severity=severities.of_level(text(fields, "severitytext")),
        actor=actor,
        actor_type=actor and (text(fields, "authtype") or "user"),
        subject=text(fields, "subject"),
        source=source,
        trace_id=_trace_id(text(fields, "traceparent")),
        device_id=text(fields, "deviceid"),
        ip=address(first(fields, "clientip", "sourceip")),
    )


def _trace_id(traceparent: str | None) -> str | None:
    """Return the second of the four parts of W3C's header."""
    pieces = (traceparent or "").split("-")
    return pieces[1] if len(pieces) >= 4 else None


FORMAT = VendorFormat("cloudevents", "CloudEvents", _recognises, (("time",),), "type", _columns)
