"""What a format is: it tells whether a record is its own, and reads the record as events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from logtui.core.event import Event
from logtui.services.ingest.record import Record, Rejected
from logtui.services.ingest.times import EventTime

Fields = Mapping[str, Any]
"""A record's JSON object as it was parsed; the keys as they came."""


class Format(Protocol):
    """One vendor's way to write events. Stateless, so that threads and processes may share it."""

    @property
    def name(self) -> str:
        """What `--format` calls it: `okta`, `clerk_webhook`."""
        ...

    @property
    def title(self) -> str:
        """What people call it: `Okta System Log`."""
        ...

    def recognises(self, fields: Fields) -> bool:
        """Tell whether a record is of this format, by the presence of telling keys, their case ignored."""
        ...

    def time(self, fields: Fields) -> EventTime | None:
        """Return the time of a record's first event as `events` reads it, to tell whether a zone was assumed."""
        ...

    def events(self, fields: Fields, record: Record, ingested_at: int) -> Sequence[Event | Rejected]:
        """Read a record as its events: one for most formats, several where a record holds several, none for a line
        that reports no event (`ready` of `clerk webhooks listen`).

        The payload of each event is `record.text`, byte for byte; where the record holds several events, it is that
        text with the other events cut out. An event without a vendor's id gets one from the hash of the record.
        Never raises for what a record holds.
        """
        ...
