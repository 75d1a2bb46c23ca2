"""Okta: the System Log."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, part, parts, snake, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_TELLING = frozenset(("published", "displaymessage", "legacyeventtype", "outcome", "debugcontext", "uuid", "target"))
_ACTOR_TYPES: Mapping[str, str] = MappingProxyType({"User": "user", "SystemPrincipal": "system"})


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    return names >= {"eventtype", "actor"} and not names.isdisjoint(_TELLING) and "eventsource" not in names


def _columns(fields: Fields, _at: int) -> Columns:
    actor, client = part(fields, "actor"), part(fields, "client")
    targets = parts(fields, "target")
    # Most events name the user besides the application, policy or group; "what happened to them" is asked most.
    target = next((target for target in targets if text(target, "type") == "User"), targets[0] if targets else {})
    actor_type, subject_type = text(actor, "type"), text(target, "type")
    return Columns(
        text(fields, "eventType"),
        text(fields, "uuid"),
        severities.gravest(
            severities.of_level(text(fields, "severity")),
            severities.of_outcome(text(part(fields, "outcome"), "result")),
        ),
        first(actor, "id", "alternateId"),
        actor_type and (_ACTOR_TYPES.get(actor_type) or snake(actor_type)),
        first(target, "id", "alternateId", "displayName"),
        subject_type and snake(subject_type),
        "okta",
        text(part(fields, "transaction"), "id"),
        text(part(fields, "device"), "id"),
        address(text(client, "ipAddress")),
    )


FORMAT = VendorFormat("okta", "Okta System Log", _recognises, (("published",),), "eventType", _columns)
