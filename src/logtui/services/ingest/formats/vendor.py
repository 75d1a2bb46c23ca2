"""A format of one event a record: where its time stands, and a function that reads the other columns."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from logtui.core.event import Event
from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.reading import as_text, dig, folded, in_any_case, value
from logtui.services.ingest.record import Record, Rejected
from logtui.services.ingest.times import EventTime, read_time

Path = tuple[str, ...]

_SHOWN = 60
"""Characters of a wrong value in the reason for a rejection."""


class Columns(NamedTuple):
    """What a format finds in a record, besides its time. A plain tuple: one is made for each event of an import."""

    type: str | None
    id: str | None = None
    """The vendor's; without one the event gets the hash of its record."""
    severity: str | None = None
    """None: what the last word of the type says."""
    actor: str | None = None
    actor_type: str | None = None
    subject: str | None = None
    subject_type: str | None = None
    source: str | None = None
    trace_id: str | None = None
    device_id: str | None = None
    ip: str | None = None


@dataclass(frozen=True, slots=True)
class VendorFormat:
    """A `Format` of one event a record."""

    name: str
    title: str
    recognises: Callable[[Fields], bool]
    times: Sequence[Path]
    """Where the time may stand, the best place first. `p_event_time`, which Panther adds, is tried last."""
    type_field: str
    """What a rejection for want of a type names."""
    columns: Callable[[Fields, int], Columns]
    """Reads the event's object, at its time in microseconds."""
    unwrap: Callable[[Fields], Fields] | None = None
    """Finds the event's object in the record; None: it is the record."""

    def time(self, fields: Fields) -> EventTime | None:
        time = self._time(self._inner(fields), fields)
        if time is None:
            fields = folded(fields)
            time = self._time(self._inner(fields), fields)
        return time

    def read(self, fields: Fields) -> tuple[int, Columns] | None:
        """Return the time and the columns of a plain record, with a type among them; None where `events` has to look
        with care.
        """
        inner = self._inner(fields)
        time = self._time(inner, fields)
        if time is None:
            return None
        columns = self.columns(inner, time.micros)
        return None if columns.type is None else (time.micros, columns)

    def events(self, fields: Fields, record: Record, ingested_at: int) -> Sequence[Event | Rejected]:
        found = self.read(fields)
        if found is None:
            time = self._time(self._inner(fields), fields)
            fields = folded(fields)
            inner = self._inner(fields)
            time = time or self._time(inner, fields)
            if time is None:
                return (self._without_time(inner),)
            found = time.micros, self.columns(inner, time.micros)
        at, columns = found
        return (event_of(columns, at, record.text, ingested_at, self.type_field),)

    def _inner(self, fields: Fields) -> Fields:
        return fields if self.unwrap is None else self.unwrap(fields)

    def _time(self, inner: Fields, fields: Fields) -> EventTime | None:
        for path in self.times:
            time = read_time(value(inner, path[0]) if len(path) == 1 else dig(inner, path))
            if time is not None:
                return time
        return read_time(fields.get("p_event_time"))

    def _without_time(self, inner: Fields) -> Rejected:
        for path in self.times:
            found = dig(inner, path)
            if found is not None:
                return not_a_time(".".join(path), found)
        return Rejected(f"{'.'.join(self.times[0])}: missing, and without a time an event has no place")


def event_of(columns: Columns, at: int, payload: bytes, ingested_at: int, type_field: str = "type") -> Event | Rejected:
    """Return the event of some columns; refuses one without a type, or whose payload is no UTF-8."""
    kind = columns.type
    if kind is None:
        return Rejected(f"{type_field}: missing, and without a type an event cannot be told from others")
    try:
        text = payload.decode()
    except UnicodeDecodeError as error:
        return Rejected(f"byte {error.start + 1}: not UTF-8")
    return Event(
        at,
        columns.id or hash_id(payload),
        kind,
        columns.severity or severities.of_type(kind),
        *columns[3:],
        ingested_at,
        text,
    )


def hash_id(text: bytes) -> str:
    """Return the id of a record without one: the same at each import."""
    return f"hash-{hashlib.blake2b(text, digest_size=16).hexdigest()}"


def not_a_time(field: str, found: object) -> Rejected:
    """Return the refusal of a value that was to be a time."""
    shown = json.dumps(found)[:_SHOWN] if isinstance(found, str) else as_text(found) or f"a {type(found).__name__}"
    return Rejected(f"{field}: {shown} is not a time")


def is_event(fields: Fields) -> bool:
    """Tell whether `"object": "event"` stands in a record, which Clerk, Stripe and WorkOS write."""
    return bool(in_any_case(fields, "object") == "event")
