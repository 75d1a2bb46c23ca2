"""The event: one audit record, one row of the store (SPEC §3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

SCHEMA_VERSION = 1
"""Written into every segment's key-value metadata; raised when a column changes its meaning."""


class Severity(StrEnum):
    """How serious an event is, in rising order."""

    INFO = "info"
    SUCCESS = "success"
    WARNING = "warning"
    ERROR = "error"


SEVERITY_RANK = {severity.value: rank for rank, severity in enumerate(Severity)}
"""Order for `severity:>=warning`; any other word has no rank and never matches a comparison."""


@dataclass(frozen=True, slots=True)
class Event:
    """One event. Times are whole microseconds since 1970-01-01T00:00:00Z.

    `payload` is None where it was not read: lists are shown without it.
    """

    event_time: int
    event_id: str
    event_type: str
    severity: str | None = None
    actor: str | None = None
    actor_type: str | None = None
    subject: str | None = None
    subject_type: str | None = None
    source: str | None = None
    trace_id: str | None = None
    device_id: str | None = None
    ip: str | None = None
    ingested_at: int | None = None
    payload: str | None = None

    @property
    def cursor(self) -> Cursor:
        """The event's place in the total order."""
        return Cursor(self.event_time, self.event_id)


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the order `(event_time, event_id)`; it also names one event.

    Event ids compare by Unicode code point, which is also how UTF-8 bytes compare, so Python and DuckDB agree.
    """

    event_time: int
    event_id: str
