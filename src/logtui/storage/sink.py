"""The port through which services write events. Adapter: `segment_writer`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from logtui.core.event import Event

if TYPE_CHECKING:
    import pyarrow as pa


class SegmentSink(Protocol):
    """Publishes whole segments into one store. Can be pickled, so that other processes may write too."""

    @property
    def store(self) -> Path:
        """The store's directory."""
        ...

    def publish(self, day: str, events: Sequence[Event] | pa.Table, *, name: str | None = None) -> Path:
        """Make one segment of events of one UTC day visible, all of them or none, and durable.

        Raises:
            StoreError: nothing was published.
        """
        ...
