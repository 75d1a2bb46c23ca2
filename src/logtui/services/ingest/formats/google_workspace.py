"""Google Workspace: activities of the Admin SDK Reports API, one record with one or more events.

Panther's copies, which have the one event's name and parameters in the record itself, are read too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from logtui.core.event import Event
from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.many import event_at, payloads
from logtui.services.ingest.formats.reading import (
    address,
    as_text,
    first,
    folded,
    in_any_case,
    keys,
    part,
    part_in_any_case,
    parts,
    snake,
    text,
    value,
)
from logtui.services.ingest.formats.vendor import Columns, event_of, hash_id, not_a_time
from logtui.services.ingest.record import Record, Rejected
from logtui.services.ingest.times import EventTime, read_time

_SUBJECTS: tuple[tuple[str, str], ...] = (
    ("doc_id", "document"),
    ("user_email", "user"),
    ("affected_email_address", "user"),
    ("target_user", "user"),
    ("group_email", "group"),
    ("role_name", "role"),
    ("calendar_id", "calendar"),
    ("shared_drive_id", "shared_drive"),
    ("app_name", "app"),
    ("setting_name", "setting"),
    ("application_name", "app"),
    ("device_id", "device"),
    ("domain_name", "domain"),
    ("doc_title", "document"),
    ("rule_name", "rule"),
)
"""Parameters that name what is acted on, in lower case, and its kind, the most telling first."""

_RANKS = {name: rank for rank, (name, _) in enumerate(_SUBJECTS)}
_KINDS = ("admin#reports#activity", "audit#activity")
_VALUES = ("value", "intValue", "boolValue", "multiValue")


@dataclass(frozen=True, slots=True)
class GoogleWorkspace:
    """The format of Google Workspace's activities."""

    name: str = "google_workspace"
    title: str = "Google Workspace activities"

    def recognises(self, fields: Fields) -> bool:
        about = part_in_any_case(fields, "id")
        return "applicationname" in keys(about) or in_any_case(fields, "kind") in _KINDS

    def time(self, fields: Fields) -> EventTime | None:
        return _time(fields) or _time(folded(fields))

    def events(self, fields: Fields, record: Record, ingested_at: int) -> Sequence[Event | Rejected]:
        time = _time(fields)
        if time is None:
            fields = folded(fields)
            time = _time(fields)
        if time is None:
            found = value(part(fields, "id"), "time")
            return (Rejected("id.time: missing") if found is None else not_a_time("id.time", found),)
        held = parts(fields, "events")
        if len(held) < 2:
            columns = _columns(fields, held[0] if held else fields, time.micros)
            return (event_of(columns, time.micros, record.text, ingested_at, "events.name"),)
        texts = payloads(record, ("events",), len(held))
        if isinstance(texts, Rejected):
            return (texts,)
        record_id = hash_id(record.text)
        seen: dict[str | None, int] = {}
        events: list[Event | Rejected] = []
        for index, event in enumerate(held):
            columns = _columns(fields, event, time.micros)
            earlier = seen.get(columns.id, 0)
            seen[columns.id] = earlier + 1
            if columns.id is not None and earlier:
                columns = columns._replace(id=f"{columns.id}-{earlier}")
            events.append(event_at(columns, time.micros, index, record_id, texts[index], ingested_at, "events.name"))
        return events


def _time(fields: Fields) -> EventTime | None:
    return read_time(value(part(fields, "id"), "time")) or read_time(fields.get("p_event_time"))


def _columns(fields: Fields, event: Fields, at: int) -> Columns:
    about, actor = part(fields, "id"), part(fields, "actor")
    application, qualifier = text(about, "applicationName"), text(about, "uniqueQualifier")
    named = first(event, "name", "type")
    parameters = _parameters(event)
    who = first(actor, "email", "profileId", "key")
    subject, subject_type = _subject(parameters)
    return Columns(
        ".".join(word.lower() for word in (application, named) if word) or None,
        f"{qualifier}-{at}-{named}" if qualifier and named else None,
        severities.gravest(
            severities.of_level(as_text(parameters.get("severity"))), severities.of_type(named) if named else None
        ),
        who,
        who and snake(text(actor, "callerType") or "user"),
        subject,
        subject_type,
        application,
        qualifier,
        as_text(parameters.get("device_id")),
        address(text(fields, "ipAddress")),
    )


def _subject(parameters: dict[str, object]) -> tuple[str | None, str | None]:
    for rank in sorted(_RANKS[name] for name in parameters if name in _RANKS):
        name, kind = _SUBJECTS[rank]
        found = as_text(parameters[name])
        if found is not None:
            return found, kind
    return None, None


def _parameters(event: Fields) -> dict[str, object]:
    """Return parameters by their names in lower case, of the API's list or of a plain object."""
    found = value(event, "parameters")
    if isinstance(found, dict):
        return {name.lower(): item for name, item in found.items()}
    return {
        (text(item, "name") or "").lower(): next((held for key in _VALUES if (held := item.get(key)) is not None), None)
        for item in parts(event, "parameters")
    }


FORMAT = GoogleWorkspace()
