"""Group commit: many requests share one write to the disk, and each waits for the write that holds its event.

A lone event is written at once. Under load, what comes while a write runs goes into the next one, and writes begin at
least `PACE` apart, because every write makes a segment. Writing happens in one thread beside the event loop.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from logtui.core.event import Event
from logtui.services.receive.isolation import Failure, write_each
from logtui.storage.event_sink import EventSink, Written

PACE = 0.05
"""Seconds between the beginnings of two writes."""


class TooManyWaitingError(Exception):
    """As many events wait as may; the sender should come again."""


class OtherContentError(Exception):
    """An event of the same id, with another payload, waits to be written."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    event: Event
    verdict: asyncio.Future[Failure]


class GroupCommit:
    """Stores events for the tasks of one event loop."""

    def __init__(self, sink: EventSink, *, most_waiting: int, pace: float = PACE) -> None:
        self._sink = sink
        self._most_waiting = most_waiting
        self._pace = pace
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store")
        self._queue: list[_Waiting] = []
        self._waiting: dict[str, _Waiting] = {}
        self._flusher: asyncio.Task[None] | None = None
        self._next_at = 0.0
        self.written = Written(0, 0, 0)
        """What all writes did so far."""

    @property
    def waiting(self) -> int:
        """How many events are not yet durable."""
        return len(self._waiting)

    async def store(self, event: Event) -> None:
        """Return once the event is durable. Cancelling the wait does not take the event back.

        Raises:
            TooManyWaitingError: it was not taken.
            OtherContentError: it was not taken.
            StoreError: it could not be stored.
            Exception: whatever else the sink raised for this event alone.
        """
        waiting = self._waiting.get(event.event_id)
        if waiting is None:
            if len(self._waiting) >= self._most_waiting:
                raise TooManyWaitingError
            waiting = _Waiting(event, asyncio.get_running_loop().create_future())
            self._waiting[event.event_id] = waiting
            self._queue.append(waiting)
            if self._flusher is None:
                self._flusher = asyncio.create_task(self._flush())
        elif waiting.event.payload != event.payload:
            raise OtherContentError
        failure = await asyncio.shield(waiting.verdict)
        if failure is not None:
            raise failure

    async def _flush(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._queue:
                await asyncio.sleep(max(0.0, self._next_at - loop.time()))
                self._next_at = loop.time() + self._pace
                group, self._queue = self._queue, []
                events = [waiting.event for waiting in group]
                failures, written = await loop.run_in_executor(self._worker, write_each, self._sink, events)
                self.written += written
                for waiting, failure in zip(group, failures, strict=True):
                    del self._waiting[waiting.event.event_id]
                    waiting.verdict.set_result(failure)
        finally:
            self._flusher = None

    def close(self) -> None:
        """Wait for the write that runs, and take no more."""
        self._worker.shutdown()
