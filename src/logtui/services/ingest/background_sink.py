"""Writes one batch while the next is being read: pyarrow works without Python's lock."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from logtui.core.errors import StoreError
from logtui.services.ingest.kept_memory import keep_freed_memory
from logtui.storage.event_sink import EventSink, PartlyWrittenError, Written

if TYPE_CHECKING:
    import pyarrow as pa


class BackgroundSink:
    """Hands tables to an `EventSink`, one at a time; who is faster than the disk waits."""

    def __init__(self, sink: EventSink) -> None:
        keep_freed_memory()
        self._sink = sink
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._writing: Future[Written] | None = None
        self.written = Written(0, 0, 0)
        """What is stored for certain."""

    def put(self, table: pa.Table) -> None:
        """Begin to write a table, after the one before.

        Raises:
            StoreError: the one before could not be written; the new one is not begun.
        """
        self.wait()
        self._writing = self._pool.submit(self._sink.write, table)

    def wait(self) -> None:
        """Wait until everything is stored.

        Raises:
            StoreError: it could not be.
        """
        if self._writing is not None:
            writing, self._writing = self._writing, None
            try:
                self.written += writing.result()
            except PartlyWrittenError as error:
                self.written += error.written
                raise

    def close(self) -> None:
        """Wait for what was begun, whatever comes of it."""
        self._pool.shutdown(wait=True)
        # What failed before tells more than what fails now.
        with suppress(StoreError):
            self.wait()
