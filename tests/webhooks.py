"""Signed deliveries, made without the library that checks them, and sinks that behave in a certain way."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Sequence
from typing import Any

from logtui.core.clock import SECOND
from logtui.core.event import Event
from logtui.services.ingest.record import Rejected
from logtui.storage.event_sink import Written
from tests.samples import NOW

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_" + base64.b64encode(b"another key of 24 bytes!").decode()
SECONDS = NOW // SECOND


def signature(message_id: str, timestamp: int | str, body: bytes, secret: str = SECRET) -> str:
    """Return `v1,…` for a delivery."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def signed(
    message_id: str, body: bytes, *, at: int = SECONDS, secret: str = SECRET, family: str = "svix"
) -> dict[str, str]:
    """Return the three headers of a delivery."""
    return {
        f"{family}-id": message_id,
        f"{family}-timestamp": str(at),
        f"{family}-signature": signature(message_id, at, body, secret),
    }


def clerk_body(number: int = 0, *, at: int = SECONDS, **data: Any) -> bytes:
    """Return the body of a webhook of Clerk's."""
    content = {
        "type": "user.created",
        "object": "event",
        "instance_id": "ins_1",
        "timestamp": at * 1000,
        "data": {"object": "user", "id": f"user_{number}", **data},
    }
    return json.dumps(content).encode()


def read_plainly(message_id: str, body: bytes, ingested_at: int) -> Event | Rejected:
    """Read any JSON object as an event of its day, for tests that are not about formats."""
    try:
        content = json.loads(body)
    except ValueError:
        return Rejected("not JSON")
    if not isinstance(content, dict):
        return Rejected("not an object")
    at = content.get("at", ingested_at)
    return Event(at, message_id, str(content.get("type", "test")), payload=body.decode(), ingested_at=ingested_at)


class RememberingSink:
    """An `EventSink` in memory. `before` is called with each group, and may raise or wait."""

    def __init__(self, before: Callable[[Sequence[Event]], None] = lambda _: None) -> None:
        self._before = before
        self._lock = threading.Lock()
        self.groups: list[list[str]] = []
        self.events: dict[str, Event] = {}

    def write(self, events: Any) -> Written:
        with self._lock:
            self._before(events)
            self.groups.append([event.event_id for event in events])
            new = {event.event_id: event for event in events if event.event_id not in self.events}
            self.events.update(new)
            return Written(len(new), len(events) - len(new), 1)

    def close(self) -> None:
        """Nothing is held."""
