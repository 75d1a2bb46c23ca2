"""Clerk: entries of the Application Log.

Their names are not published, so the likely ones are all tried. A record counts as one of Clerk's by what is public:
the type is in the catalogue, or an id begins as Clerk's do.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logtui.core import catalogue
from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, folded, keys, part, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "user_": "user",
        "org_": "organization",
        "orgmem_": "organization_membership",
        "orginv_": "organization_invitation",
        "orgdmn_": "organization_domain",
        "sess_": "session",
        "client_": "client",
        "ins_": "instance",
        "idn_": "identification",
        "sms_": "sms_message",
        "ema_": "email",
        "wle_": "waitlist_entry",
        "csub_item_": "subscription_item",
        "csub_": "subscription",
        "cplan_": "plan",
        "cpayer_": "payer",
        "ak_": "api_key",
        "mch_": "machine",
    }
)
"""How ids begin, and what they are ids of."""

_TIMES = ("event_time", "event_time_ms", "timestamp", "time", "created_at")
_TYPES = ("type", "event_type")
_TELLING = frozenset(
    ("actor", "actor_id", "subject", "subject_id", "trace_id", "device_id", "severity", "payload", "source")
)


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    if "specversion" in names or names.isdisjoint(_TIMES) or len(names & _TELLING) < 2:
        return False
    if any(key != key.lower() for key in fields):
        fields = folded(fields, 2)
    kind = first(fields, *_TYPES)
    if kind is None:
        return False
    return kind in catalogue.load() or any(
        _kind_of(who) is not None for who in (_who(fields, "actor")[0], _who(fields, "subject")[0])
    )


def _columns(fields: Fields, at: int) -> Columns:
    event_id = first(fields, "event_id", "id")
    actor, actor_type = _who(fields, "actor")
    subject, subject_type = _who(fields, "subject")
    request = part(part(fields, "event_attributes"), "http_request")
    return Columns(
        first(fields, *_TYPES),
        # An entry is found at /v1/logs/{event_time_ms}:{event_id}, so the id alone is not promised to be unique.
        f"{at // 1000}:{event_id}" if event_id and ":" not in event_id else event_id,
        severities.of_level(text(fields, "severity")) or severities.of_outcome(text(fields, "severity")),
        actor,
        actor_type,
        subject,
        subject_type,
        first(fields, "source", "instance_id"),
        first(fields, "trace_id", "traceId"),
        first(fields, "device_id", "deviceId"),
        address(first(fields, "ip", "ip_address", "client_ip") or text(request, "client_ip")),
    )


def _who(fields: Fields, role: str) -> tuple[str | None, str | None]:
    """Return the id and the kind of the actor or the subject, of an object or of flat members."""
    found = part(fields, role)
    name = first(found, "id", f"{role}_id") or first(fields, f"{role}_id", role)
    if name is None:
        return None, None
    kind = first(found, "type", "object") or text(fields, f"{role}_type") or _kind_of(name)
    return name, kind


def _kind_of(name: str | None) -> str | None:
    return next((kind for prefix, kind in _PREFIXES.items() if name is not None and name.startswith(prefix)), None)


FORMAT = VendorFormat(
    "clerk_log", "Clerk application log", _recognises, tuple((name,) for name in _TIMES), "type", _columns
)
