"""What an import has read: events that wait to be written, rejects, and the counts of both."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from logtui.core.event import Event
from logtui.services.ingest.batch import Batch
from logtui.services.ingest.rejects import Reject, RejectSink
from logtui.storage.event_sink import Written

if TYPE_CHECKING:
    import pyarrow as pa

_VALUE = re.compile(r'"(?:[^"\\]|\\.)*"|[0-9]+')


@dataclass(slots=True)
class Tally:
    """What came of the inputs so far."""

    events: int = 0
    """Events that were read, stored or not yet."""
    written: Written = Written(0, 0, 0)
    reasons: Counter[str] = field(default_factory=Counter)
    """Why records were rejected, without the values that differ -> how many."""
    formats: Counter[str] = field(default_factory=Counter)
    """Title of a format -> records."""
    problems: int = 0
    """Inputs that could not be read, or not to their end."""
    bytes_read: int = 0
    bytes_known: int = 0
    """Of all inputs together; 0 where one of them does not tell."""

    @property
    def rejected(self) -> int:
        return self.reasons.total()

    @property
    def is_complete(self) -> bool:
        """Whether everything that came is stored."""
        return not self.reasons and not self.problems


class EnoughError(Exception):
    """As many events were read as were asked for."""


class Intake:
    """The `Collector` of a store: keeps a batch, and counts."""

    def __init__(self, rejects: RejectSink, tally: Tally, limit: int | None = None) -> None:
        self.batch = Batch()
        self._rejects = rejects
        self._tally = tally
        self._limit = sys.maxsize if limit is None else limit

    def add(self, event: Event) -> None:
        self.batch.add(event)
        self._count(1)

    def add_table(self, table: pa.Table) -> None:
        table = table.slice(0, self._limit - self._tally.events)
        self.batch.add_table(table)
        self._count(table.num_rows)

    def _count(self, events: int) -> None:
        self._tally.events += events
        if self._tally.events >= self._limit:
            raise EnoughError

    def reject(self, reject: Reject) -> None:
        self._rejects.add(reject)
        self._tally.reasons[_VALUE.sub("…", reject.reason)] += 1
