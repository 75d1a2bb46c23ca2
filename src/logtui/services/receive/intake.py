"""One delivery from its bytes to its answer: signature, freshness, event, durable, and only then `STORED`."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from logtui.core.clock import Clock
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.services.ingest.record import Rejected
from logtui.services.receive import answers
from logtui.services.receive.answers import Answer
from logtui.services.receive.group_commit import GroupCommit, OtherContentError, TooManyWaitingError
from logtui.services.receive.recent import RecentDeliveries
from logtui.services.receive.signatures import SignatureRefusedError, Verifier
from logtui.storage.expiry import ExpiredDayError

ReadDelivery = Callable[[str, bytes, int], Event | Rejected]
"""Message id, body, time of receipt in microseconds → its event."""

_NOT_AN_EVENT = "the body is signed, but is not an event that can be stored"
_OTHER_CONTENT = Answer(409, "a delivery of this id, with another body, came before")
_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(slots=True)
class Counts:
    """Deliveries by what became of them, since the start."""

    stored: int = 0
    """Answered 2xx; with those that were stored before."""
    refused: int = 0
    """Something was wrong with them."""
    failed: int = 0
    """They could not be stored; their senders come again."""


class Intake:
    """Takes deliveries, for the tasks of one event loop."""

    def __init__(
        self, verifier: Verifier, read: ReadDelivery, commit: GroupCommit, clock: Clock, *, store_seconds: float
    ) -> None:
        self._verifier = verifier
        self._read = read
        self._commit = commit
        self._clock = clock
        self._store_seconds = store_seconds
        self._recent = RecentDeliveries()
        self.counts = Counts()

    async def take(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """Return the answer to a delivery. After `STORED`, its event survives a power cut."""
        answer = await self._answer(headers, body)
        if answer.is_fine:
            self.counts.stored += 1
        elif answer.status < 500:
            self.counts.refused += 1
        else:
            self.counts.failed += 1
        return answer

    async def _answer(self, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            message_id = self._verifier.verify(headers, body)
        except SignatureRefusedError as error:
            return Answer(401, str(error))
        event = self._read(message_id, body, self._clock())
        if isinstance(event, Rejected):
            return Answer(400, _NOT_AN_EVENT, detail=f"{message_id}: {event.reason}")
        if self._recent.is_other(message_id, body):
            return _OTHER_CONTENT
        answer = await self._store(event)
        if answer.is_fine:
            self._recent.remember(message_id, body)
        return answer

    async def _store(self, event: Event) -> Answer:
        try:
            async with asyncio.timeout(self._store_seconds):
                await self._commit.store(event)
        except TooManyWaitingError:
            return answers.TOO_MANY
        except OtherContentError:
            return _OTHER_CONTENT
        except TimeoutError:
            return answers.TOO_SLOW
        except ExpiredDayError as error:
            # Sent again, it would be refused again.
            return Answer(422, "the event is older than the store keeps", detail=f"{event.event_id}: {error}")
        except StoreError as error:
            return _unstored(error)
        except (ValueError, OverflowError) as error:
            return Answer(400, _NOT_AN_EVENT, detail=f"{event.event_id}: {error}")
        return answers.STORED


def _unstored(error: StoreError) -> Answer:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.errno in _FULL:
            return Answer(507, "the disk is full", detail=str(error), retry_after=60)
        cause = cause.__cause__
    return Answer(503, "the event cannot be stored at the moment", detail=str(error), retry_after=30)
