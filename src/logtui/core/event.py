"""The event: one audit record, one row of the store (SPEC §3)."""

from __future__ import annotations

from dataclasses import dataclass, field
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


Place = tuple[str, int]
"""Where a row is stored, which tells rows of one time and id apart: its segment's name relative to the store, and its
number in there, from 0. A plain tuple, because every row that is read gets one."""
NOWHERE: Place = ("", -1)
"""Before all places."""


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
    place: Place = field(default=NOWHERE, compare=False)
    """Where it was read; `NOWHERE` for an event that was not. Compaction moves events, so it is no part of them."""
    is_tied: bool = field(default=False, compare=False)
    """Whether there may be other rows of the same time and id, so that only its place tells it from them."""

    @property
    def cursor(self) -> Cursor:
        """The event's place in the total order."""
        return Cursor(self.event_time, self.event_id, self.place if self.is_tied else NOWHERE)


@dataclass(frozen=True, slots=True, order=True)
class Cursor:
    """A place in the order `(event_time, event_id, place)`; it also names one event.

    Event ids compare by Unicode code point, which is also how UTF-8 bytes compare, so Python and DuckDB agree.
    """

    event_time: int
    event_id: str
    place: Place = NOWHERE
    """Which of several rows of one time and id. With `NOWHERE`, the cursor stands for all of them."""
