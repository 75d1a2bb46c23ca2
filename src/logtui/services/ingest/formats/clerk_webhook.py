"""Clerk webhooks: bare bodies, the lines of `clerk webhooks listen --json`, and deliveries as `receive` gets them.

Names become the catalogue's: `organizationMembership.created` is stored as `organization_membership.created`; the
payload has the name as it came. The body names no actor except when a session is impersonated, and none is made up.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from logtui.core.event import Event
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.masking import mask
from logtui.services.ingest.formats.reading import address, dotted_snake, first, folded, keys, part, snake, text
from logtui.services.ingest.formats.vendor import Columns, event_of, is_event, not_a_time
from logtui.services.ingest.record import Record, Rejected
from logtui.services.ingest.times import EventTime, read_time

_SECRET_TYPES = ("sms.", "email.")


@dataclass(frozen=True, slots=True)
class ClerkWebhook:
    """The format of Clerk's webhooks; `is_masked` hides the codes and texts of messages in the payload."""

    is_masked: bool = True
    name: str = field(default="clerk_webhook", init=False)
    title: str = field(default="Clerk webhooks", init=False)

    def recognises(self, fields: Fields) -> bool:
        names = keys(fields)
        if names >= {"type", "data"}:
            return is_event(fields) and not names.isdisjoint(("instance_id", "event_attributes"))
        return "body_b64" in names or ("type" in names and _is_status(folded(fields, 1)))

    def time(self, fields: Fields) -> EventTime | None:
        if "body_b64" in fields:
            body = _delivered(fields)
            if body is None:
                return None
            fields = _parsed(body)
        return read_time(text(fields, "timestamp")) or read_time(text(folded(fields, 1), "timestamp"))

    def events(self, fields: Fields, record: Record, ingested_at: int) -> Sequence[Event | Rejected]:
        if "data" not in fields:
            around = folded(fields, 2)
            if _is_status(around):
                return ()
            if "body_b64" in around:
                return (self._of_line(around, ingested_at),)
        return (_event(None, fields, record.text, ingested_at, None, is_masked=self.is_masked),)

    def _of_line(self, fields: Fields, ingested_at: int) -> Event | Rejected:
        body = _delivered(fields)
        if body is None:
            return Rejected("body_b64: not base64")
        headers = part(fields, "headers")
        message_id = first(headers, "svix-id", "webhook-id") or text(fields, "svix_id")
        sent_at = read_time(first(headers, "svix-timestamp", "webhook-timestamp"))
        return _event(
            message_id,
            _parsed(body),
            body,
            ingested_at,
            None if sent_at is None else sent_at.micros,
            is_masked=self.is_masked,
        )


def event_of_delivery(
    message_id: str, body: bytes, ingested_at: int, *, sent_at: int | None = None, is_masked: bool = True
) -> Event | Rejected:
    """Return the event of a verified Svix or Standard Webhooks delivery; its id is the message's.

    Args:
        message_id: the header `svix-id` or `webhook-id`.
        body: as it was signed.
        sent_at: microseconds, of the header `svix-timestamp` or `webhook-timestamp`: the time of a body without one.
        is_masked: hides codes and texts of Clerk's `sms.…` and `email.…` events in the payload.
    """
    return _event(message_id, _parsed(body), body, ingested_at, sent_at, is_masked=is_masked)


def _event(
    message_id: str | None, fields: Fields, body: bytes, ingested_at: int, sent_at: int | None, *, is_masked: bool
) -> Event | Rejected:
    if "type" not in fields or "timestamp" not in fields:
        fields = folded(fields)
    named = first(fields, "type", "event_type", "eventType")
    stamp = fields.get("timestamp")
    time = read_time(stamp)
    at = sent_at if time is None else time.micros
    if at is None:
        return Rejected("timestamp: missing") if stamp is None else not_a_time("timestamp", stamp)
    if named is None:
        return Rejected("type: missing, and without a type an event cannot be told from others")
    kind = dotted_snake(named)
    if is_masked and kind.startswith(_SECRET_TYPES):
        try:
            body = mask(body.decode()).encode()
        except (ValueError, RecursionError):
            return Rejected("data: its secrets could not be masked")
    return event_of(_columns(message_id, fields, kind), at, body, ingested_at)


def _columns(message_id: str | None, fields: Fields, kind: str) -> Columns:
    data = part(fields, "data")
    actor = part(data, "actor")
    impersonator = first(actor, "sub", "id")
    subject = text(data, "id")
    request = part(part(fields, "event_attributes"), "http_request")
    return Columns(
        kind,
        id=message_id,
        actor=impersonator,
        actor_type="user" if impersonator else None,
        subject=subject,
        subject_type=snake(text(data, "object") or kind.partition(".")[0]) if subject else None,
        source=text(fields, "instance_id"),
        ip=address(text(request, "client_ip")),
    )


def _is_status(fields: Fields) -> bool:
    """Tell whether a line of `clerk webhooks listen --json` is about the connection and reports no event."""
    if "data" in fields or "body_b64" in fields:
        return False
    return fields.get("type") == "reconnecting" or (fields.get("type") == "ready" and "relay_url" in fields)


def _delivered(fields: Fields) -> bytes | None:
    encoded = text(fields, "body_b64")
    try:
        return base64.b64decode(encoded or "", validate=True) or None
    except (binascii.Error, ValueError):
        return None


def _parsed(body: bytes) -> Fields:
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return parsed if isinstance(parsed, dict) else {}


FORMAT = ClerkWebhook()
