"""One connection: uvicorn's h11 connection, with the limits that it does not have.

uvicorn bounds the size of headers and the time that an idle connection may live. Missing, and here: a bound on the
time until headers are complete, an answer for one connection too many before it has sent anything, and answers in our
words. The application cannot do it: it is called only when the headers are there.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, cast

from h11 import ProtocolError
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from logtui.cli.receiver.wire import encode
from logtui.services.receive import answers
from logtui.services.receive.answers import Answer
from logtui.services.receive.request_head import Limits

Tell = Callable[[str, Answer], None]
"""Is told the sender's address and the answer that it gets without the application."""


class GuardedConnection(H11Protocol):
    """A connection within `limits`; see `guarded`."""

    limits: Limits
    tell: Tell

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._deadline: asyncio.TimerHandle | None = None
        self._is_refused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait for headers, or refuse the connection if there are too many."""
        super().connection_made(cast("asyncio.Transport", transport))
        taken = len(self.connections) - 1
        if taken >= 2 * self.limits.slots:  # even refusals are bounded
            self.transport.abort()
        elif taken >= self.limits.slots:
            self._refuse(answers.TOO_MANY)
        else:
            self._await_head()

    def data_received(self, data: bytes) -> None:
        """Take bytes in; those of a refused connection are thrown away."""
        if not self._is_refused:
            super().data_received(data)
            self._watch_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the deadline, too."""
        self._stop_waiting()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End the connection, or let what is under way end first."""
        if self._is_refused:
            self.transport.close()
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - ours says the same to everybody
        """Answer what h11 could not read; called while its error is handled."""
        error = sys.exc_info()[1]
        is_large = isinstance(error, ProtocolError) and error.error_status_hint == answers.HEAD_TOO_LARGE.status
        self._refuse(answers.HEAD_TOO_LARGE if is_large else answers.NOT_HTTP)

    def _watch_head(self) -> None:
        if self._is_refused:  # h11 could not read it
            return
        if self._has_request():
            self._stop_waiting()
        elif self._deadline is None:
            self._await_head()

    def _has_request(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is not None and not cycle.response_complete

    def _await_head(self) -> None:
        self._deadline = self.loop.call_later(self.limits.head_seconds, self._refuse, answers.HEAD_TOO_LATE)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _refuse(self, answer: Answer) -> None:
        """Answer without the application, and close; what still comes is thrown away for a moment first.

        Closed at once, a sender that is busy sending would see a broken connection in place of the answer.
        """
        self._stop_waiting()
        self._unset_keepalive_if_required()
        self._is_refused = True
        if self.transport.is_closing():
            return
        self.tell(self.client[0] if self.client else "", answer)
        has_begun = self._has_request() and self.cycle.response_started
        if self._has_request():  # its answer would come after ours
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if not has_begun:
            self.transport.write(_on_the_wire(answer))
        if self.transport.can_write_eof():
            with suppress(OSError):  # the sender is gone already
                self.transport.write_eof()
        self.flow.resume_reading()
        self._deadline = self.loop.call_later(self.limits.linger_seconds, self.transport.close)


def guarded(limits: Limits, tell: Tell) -> type[GuardedConnection]:
    """Return the class that uvicorn makes a connection of, for these limits."""
    return type("Connection", (GuardedConnection,), {"limits": limits, "tell": staticmethod(tell)})


def _on_the_wire(answer: Answer) -> bytes:
    headers, body = encode(answer, closes=True)
    lines = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}".encode()]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join([*lines, b"", body])
