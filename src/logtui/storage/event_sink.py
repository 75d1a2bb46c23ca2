"""The port through which services store events once each. Adapter: `event_writer`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from logtui.core.errors import StoreError
from logtui.core.event import Event

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Written:
    """What one call of `write` did. `written + duplicates` is what it was given."""

    written: int
    duplicates: int
    """Events whose id was in the same day already, or came twice in the call."""
    segments: int
    differing: int = 0
    """Of the duplicates, those that came together with the event of their id, and whose payload is another."""
    unindexed: int = 0
    """Segments that have no sidecars and are large enough for them."""

    def __add__(self, other: Written) -> Written:
        return Written(
            self.written + other.written,
            self.duplicates + other.duplicates,
            self.segments + other.segments,
            self.differing + other.differing,
            self.unindexed + other.unindexed,
        )


class PartlyWrittenError(StoreError):
    """Not everything could be stored; `written` is what was."""

    def __init__(self, message: str, written: Written) -> None:
        super().__init__(message)
        self.written = written


class EventSink(Protocol):
    """Stores events into date partitions, durably and once each. Several processes may write to one store."""

    def write(self, events: Sequence[Event] | pa.Table) -> Written:
        """Store events of any days, in any order; when this returns, they survive a crash and a power cut.

        Threads may call it at the same time.
        An event whose id is stored already for the same day is left out and counted. Several segments may be
        published; a failure in between leaves those that were, and writing the same events again adds only the rest.

        Raises:
            ExpiredDayError: events are older than the store's policy keeps; of their days nothing was stored.
            PartlyWrittenError: some segments could be published, and some could not.
            StoreError: nothing could be stored; nothing half-written is visible.
            ValueError: an event lacks a required column; nothing was stored.
        """
        ...

    def close(self) -> None:
        """Release what is held. Idempotent."""
        ...
