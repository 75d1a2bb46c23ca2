"""What a format is: it tells whether a record is its own, and reads the record as events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from logtui.core.event import Event
from logtui.services.ingest.record import Record, Rejected

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

    def events(self, fields: Fields, record: Record, ingested_at: int) -> Sequence[Event | Rejected]:
        """Read a record as its events: one for most formats, several where a record holds several.

        The payload of each event is `record.text`, byte for byte, unless the record holds several events. An event
        without a vendor's id gets one from the hash of the record. Never raises for what a record holds.
        """
        ...
