"""The ASGI application: which path, how much and how long to read, and the answer on its way back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import asdict
from typing import Any

from logtui.cli.receiver.listening import HEALTH_PATH
from logtui.cli.receiver.problem_log import ProblemLog
from logtui.cli.receiver.wire import encode
from logtui.services.receive import answers
from logtui.services.receive.answers import Answer
from logtui.services.receive.group_commit import GroupCommit
from logtui.services.receive.health import Health
from logtui.services.receive.intake import Intake
from logtui.services.receive.request_head import Head, Limits, read_head, refuse_size

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_NOT_FOUND = Answer(404, "there is nothing under this path")
_BROKEN = Answer(503, "the receiver has a problem of its own", retry_after=60)
_UNWELL = Answer(503, "the store cannot be written to", retry_after=10)
_GONE = Answer(400, "the sender went away before the body was complete")


class Application:
    """Answers POST on one path, and GET on `/healthz`."""

    def __init__(
        self, intake: Intake, commit: GroupCommit, health: Health, *, path: str, limits: Limits, log: ProblemLog
    ) -> None:
        self._intake = intake
        self._commit = commit
        self._health = health
        self._trial = asyncio.Lock()
        self._path = path
        self._limits = limits
        self._log = log
        self._held_bytes = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI 3, HTTP only)."""
        if (refusal := self._refusal(scope)) is not None:
            await self._refuse_unread(scope, refusal, receive, send)
        elif scope["path"] == HEALTH_PATH:
            await self._tell_health(scope, send)
        else:
            await self._take(scope, receive, send)

    def _refusal(self, scope: Message) -> Answer | None:
        """Return the answer to a request of the wrong size, path or method."""
        if (refusal := refuse_size(scope["headers"])) is not None:
            return refusal
        methods = {HEALTH_PATH: ("GET", "HEAD"), self._path: ("POST",)}.get(scope["path"])
        if methods is None:
            return _NOT_FOUND
        if scope["method"] in methods:
            return None
        return Answer(405, f"only {' and '.join(methods)} can be used here", allow=", ".join(methods))

    async def _take(self, scope: Message, receive: Receive, send: Send) -> None:
        head = read_head(scope["headers"], self._limits)
        if isinstance(head, Head) and self._held_bytes and self._held_bytes + head.length > self._limits.held_bytes:
            head = answers.TOO_MANY
        if isinstance(head, Answer):
            await self._refuse_unread(scope, head, receive, send)
            return
        self._held_bytes += head.length
        try:
            await self._read_and_take(head, scope, receive, send)
        finally:
            self._held_bytes -= head.length

    async def _read_and_take(self, head: Head, scope: Message, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(self._limits.body_seconds):
                body = await _read_body(receive)
        except TimeoutError:
            await self._refuse_unread(scope, answers.BODY_TOO_LATE, receive, send)
            return
        if body is None:
            self._log.answered(_sender(scope), _GONE)
            return
        try:
            answer = await self._intake.take(head.headers, body)
        except Exception as error:  # noqa: BLE001 - the sender is told to come again, the person here what it was
            self._log.broke(error)
            answer = _BROKEN
        await self._respond(scope, answer, send)

    async def _tell_health(self, scope: Message, send: Send) -> None:
        async with self._trial:
            problem = await asyncio.to_thread(self._health.problem)
        if problem:
            await self._respond(scope, Answer(_UNWELL.status, _UNWELL.error, problem, _UNWELL.retry_after), send)
            return
        written = self._commit.written
        counts = {
            **asdict(self._intake.counts),
            "new": written.written,
            "duplicates": written.duplicates,
            "waiting": self._commit.waiting,
        }
        await self._respond(scope, Answer(200), send, {"status": "ok", **counts})

    async def _respond(
        self, scope: Message, answer: Answer, send: Send, content: Mapping[str, object] | None = None
    ) -> None:
        self._log.answered(_sender(scope), answer)
        headers, body = encode(answer, content, closes=False)
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _refuse_unread(self, scope: Message, answer: Answer, receive: Receive, send: Send) -> None:
        """Answer while the body may still come, and end the connection.

        Closed at once, a sender that is still busy sending would see a broken connection in place of the answer. So
        what comes is thrown away for a moment.
        """
        self._log.answered(_sender(scope), answer)
        headers, body = encode(answer, closes=True)
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": True})
        try:
            async with asyncio.timeout(self._limits.linger_seconds):
                while (await receive()).get("more_body", False):
                    pass
        except TimeoutError:
            pass
        await send({"type": "http.response.body", "body": b""})


def _sender(scope: Message) -> str:
    client = scope.get("client")
    return client[0] if client else ""


async def _read_body(receive: Receive) -> bytes | None:
    """Return the whole body, or None if the sender went away; its length was checked before."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)
