"""Okta: the System Log."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, part, parts, snake, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

_ALWAYS = frozenset(("eventtype", "actor"))
_TELLING = frozenset(("published", "displaymessage", "legacyeventtype", "outcome", "debugcontext", "uuid", "target"))
_ACTOR_TYPES: Mapping[str, str] = MappingProxyType({"User": "user", "SystemPrincipal": "system"})


def _recognises(fields: Fields) -> bool:
    names = keys(fields)
    return names >= _ALWAYS and not names.isdisjoint(_TELLING) and "eventsource" not in names


def _columns(fields: Fields, _at: int) -> Columns:
    actor, client = part(fields, "actor"), part(fields, "client")
    target = _target(parts(fields, "target"))
    actor_type, subject_type = text(actor, "type"), text(target, "type")
    return Columns(
        text(fields, "eventType"),
        text(fields, "uuid"),
        _severity(text(fields, "severity"), text(part(fields, "outcome"), "result")),
        text(actor, "id") or text(actor, "alternateId"),
        actor_type and (_ACTOR_TYPES.get(actor_type) or snake(actor_type)),
        text(target, "id") or first(target, "alternateId", "displayName"),
        subject_type and snake(subject_type),
        "okta",
        text(part(fields, "transaction"), "id"),
        text(part(fields, "device"), "id"),
        address(text(client, "ipAddress")),
    )


def _target(targets: list[Fields]) -> Fields:
    """Return the user of several: most events name them besides the application, policy or group, and what happened to
    them is asked most.
    """
    if len(targets) > 1:
        return next((target for target in targets if text(target, "type") == "User"), targets[0])
    return targets[0] if targets else {}


@lru_cache(maxsize=64)
def _severity(level: str | None, outcome: str | None) -> str | None:
    return severities.gravest(severities.of_level(level), severities.of_outcome(outcome))


FORMAT = VendorFormat("okta", "Okta System Log", _recognises, (("published",),), "eventType", _columns)
