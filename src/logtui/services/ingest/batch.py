"""Collects what was read until it is worth writing: by count, by bytes, by age."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from logtui.core.event import Event

if TYPE_CHECKING:
    import pyarrow as pa

MOST_ROWS = 200_000
MOST_BYTES = 48 << 20
_AT_ONCE = 4096
"""Events that become columns together: as columns they take a quarter of the memory."""
_COLUMNS_SIZE = 300
"""Bytes of an event besides its payload, roughly."""


class Batch:
    """Events in the order in which they came."""

    def __init__(self) -> None:
        self._events: list[Event] = []
        self._tables: list[pa.Table] = []
        self._rows = self._bytes = 0
        self._begun = 0.0

    def add(self, event: Event) -> None:
        """Add one event."""
        if not self._rows:
            self._begun = time.monotonic()
        self._events.append(event)
        self._rows += 1
        self._bytes += len(event.payload or "") + _COLUMNS_SIZE
        if len(self._events) >= _AT_ONCE:
            self._to_columns()

    def add_table(self, table: pa.Table) -> None:
        """Add events of the store's schema."""
        if not self._rows:
            self._begun = time.monotonic()
        self._to_columns()
        self._tables.append(table)
        self._rows += table.num_rows
        self._bytes += table.nbytes

    @property
    def rows(self) -> int:
        return self._rows

    @property
    def is_full(self) -> bool:
        return self._rows >= MOST_ROWS or self._bytes >= MOST_BYTES

    @property
    def age(self) -> float:
        """Seconds since the first event came; 0 without one."""
        return time.monotonic() - self._begun if self._rows else 0.0

    def take(self) -> pa.Table:
        """Return the events, and begin anew."""
        import pyarrow as pa

        self._to_columns()
        table = pa.concat_tables(self._tables)
        self._tables = []
        self._rows = self._bytes = 0
        return table

    def _to_columns(self) -> None:
        if self._events:
            from logtui.storage.arrow_schema import table_of

            self._tables.append(table_of(self._events))
            self._events = []
