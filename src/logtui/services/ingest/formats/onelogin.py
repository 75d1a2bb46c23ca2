"""OneLogin: events, whose numbers are turned into dotted names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import address, first, keys, text
from logtui.services.ingest.formats.vendor import Columns, VendorFormat

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "3": "user.assumed",
        "4": "user.role.assigned",
        "5": "login.succeeded",
        "6": "login.failed",
        "11": "user.password.changed",
        "12": "user.unlocked",
        "13": "user.created",
        "15": "user.deactivated",
        "16": "user.activated",
        "17": "user.deleted",
        "24": "user.otp_device.deregistered",
        "72": "user.privilege.granted",
        "90": "app.access.denied",
        "172": "user.authentication_factor.removed",
        "211": "user.password.changed_by_admin",
        "240": "user.app_password.revealed",
        "531": "user.api.locked",
        "551": "user.api.suspended",
        "553": "user.api.locked",
    }
)
"""Event type id -> name, for ids whose meaning is public; others are `event.<id>`."""

_SUBJECTS = tuple((f"{kind}_id", f"{kind}_name", kind) for kind in ("user", "app", "role", "group", "policy"))


def _recognises(fields: Fields) -> bool:
    return "event_type_id" in keys(fields)


def _columns(fields: Fields, _at: int) -> Columns:
    number = text(fields, "event_type_id")
    user, system = first(fields, "actor_user_id", "actor_user_name"), text(fields, "actor_system")
    subject, subject_type = next(
        (
            (found, kind)
            for number_field, name_field, kind in _SUBJECTS
            if (found := first(fields, number_field, name_field)) is not None
        ),
        (None, None),
    )
    return Columns(
        number and TYPES.get(number, f"event.{number}"),
        id=first(fields, "uuid", "id"),
        actor=user or system,
        actor_type="user" if user else "system" if system else None,
        subject=subject,
        subject_type=subject_type,
        source="onelogin",
        device_id=text(fields, "otp_device_id"),
        ip=address(text(fields, "ipaddr")),
    )


FORMAT = VendorFormat(
    "onelogin", "OneLogin events", _recognises, (("created_at",), ("event_timestamp",)), "event_type_id", _columns
)
