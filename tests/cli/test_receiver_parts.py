"""Parts of the receiver's HTTP side whose promises need no process: its log, its address, its own mistakes."""

from __future__ import annotations

import argparse
import asyncio
import json
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from typing import Any

import pytest
from tests.samples import NOW
from tests.webhooks import SECRET, RememberingSink, read_plainly, signed

from logtui.cli.receiver.application import Application
from logtui.cli.receiver.listening import Address, ListenError, address, bound_address, is_local, listen
from logtui.cli.receiver.problem_log import INTERVAL, ProblemLog
from logtui.core.clock import frozen_clock
from logtui.core.event import Event
from logtui.services.receive.answers import Answer
from logtui.services.receive.group_commit import GroupCommit
from logtui.services.receive.health import Health
from logtui.services.receive.intake import Intake
from logtui.services.receive.request_head import Limits
from logtui.services.receive.signatures import Verifier

FORGED = Answer(401, "no signature matches")
FULL = Answer(507, "the disk is full", detail="no space left on device")


class Hand:
    """A clock that is moved by hand."""

    at = 0

    def __call__(self) -> int:
        return self.at


class TestProblemLog:
    def test_of_one_kind_a_line_comes_at_once_and_then_one_in_ten_seconds(self) -> None:
        """What was left out is counted, and told with the next line or at the end."""
        lines: list[str] = []
        clock = Hand()
        log = ProblemLog(clock, write=lines.append)
        for clock.at in (0, 1, INTERVAL - 1, INTERVAL, INTERVAL + 1):
            log.answered("192.0.2.1", FORGED)
        log.close()

        assert lines == [
            "192.0.2.1 was answered 401 Unauthorized: no signature matches",
            "192.0.2.1 was answered 401 Unauthorized: no signature matches (and 2 more like it since the last line)",
            "401 Unauthorized: no signature matches: 1 more",
        ]

    def test_kinds_do_not_silence_each_other(self) -> None:
        """A flood of forgeries hides no full disk."""
        lines: list[str] = []
        log = ProblemLog(Hand(), write=lines.append)
        for answer in (FORGED, FULL, FORGED, FULL):
            log.answered("", answer)

        assert lines == [
            "somebody was answered 401 Unauthorized: no signature matches",
            "somebody was answered 507 Insufficient Storage: the disk is full (no space left on device)",
        ]

    def test_quiet_leaves_out_what_senders_do_wrong_and_nothing_else(self) -> None:
        """A full disk is told."""
        lines: list[str] = []
        log = ProblemLog(Hand(), is_quiet=True, write=lines.append)
        log.answered("", FORGED)
        log.answered("", FULL)
        log.failed("the server reports: something")

        assert len(lines) == 2

    def test_good_answers_are_not_logged(self) -> None:
        """The store is the log of those."""
        lines: list[str] = []
        ProblemLog(Hand(), write=lines.append).answered("", Answer(200))

        assert lines == []


class TestAddress:
    @pytest.mark.parametrize(
        ("text", "host", "port"),
        [
            ("127.0.0.1:80", "127.0.0.1", 80),
            ("[::1]:80", "::1", 80),
            ("[::1]", "::1", 8787),
            ("localhost", "localhost", 8787),
            (":0", "127.0.0.1", 0),
            ("hooks.example:443", "hooks.example", 443),
        ],
    )
    def test_what_is_missing_is_as_by_default(self, text: str, host: str, port: int) -> None:
        """The loopback address, and port 8787."""

        assert address(text) == Address(host, port)

    @pytest.mark.parametrize(
        "text", ["::1", "::1:80", "x:", "x:y", "x:65536", "x:-1", "x:٣", "[::1", "a\n:1", "[a]:1:2"]
    )
    def test_what_could_mean_two_things_means_none(self, text: str) -> None:
        """The message shows how it is written."""

        with pytest.raises(argparse.ArgumentTypeError, match="expected HOST:PORT"):
            address(text)

    def test_an_address_is_told_as_it_is_written(self) -> None:
        """Brackets around colons."""

        assert str(Address("::1", 80)) == "[::1]:80"
        assert address(str(Address("::1", 80))) == Address("::1", 80)

    @pytest.mark.parametrize(("host", "expected"), [("127.0.0.1", True), ("127.9.9.9", True), ("0.0.0.0", False)])
    def test_only_loopback_is_local(self, host: str, expected: bool) -> None:
        """Any other address can be reached from elsewhere."""
        with closing(listen(Address(host, 0))) as listener:
            bound = bound_address(listener)

        assert is_local(bound) == expected
        assert bound.port > 0

    def test_an_unknown_host_is_told(self) -> None:
        """As is a name that cannot be one."""
        with pytest.raises(ListenError, match=r"cannot listen on no-such-host\.invalid:1: "):
            listen(Address("no-such-host.invalid", 1))
        with pytest.raises(ListenError, match="not the name of a host"):
            listen(Address("x" * 70 + ".example", 1))


@contextmanager
def application(
    before: Callable[[Sequence[Event]], None] = lambda _: None, *, log: ProblemLog | None = None, **limits: Any
) -> Iterator[Application]:
    """An application over a store in memory."""
    clock = frozen_clock(NOW)
    with closing(GroupCommit(RememberingSink(before), most_waiting=9, pace=0)) as commit:
        intake = Intake(Verifier((SECRET,), clock), read_plainly, commit, clock, store_seconds=5)
        bounds = replace(Limits(), linger_seconds=0.0, **limits)
        health = Health(lambda: None, clock)
        yield Application(intake, commit, health, path="/webhooks", limits=bounds, log=log or ProblemLog(Hand()))


class Asked:
    """One request to an application, without a server; its body comes when it is told to."""

    def __init__(self, message_id: str, body: bytes = b"{}") -> None:
        self._body = body
        self._may_come = asyncio.Event()
        self._sent: list[MutableMapping[str, Any]] = []
        headers = {"content-length": str(len(body)), **signed(message_id, body)}
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": "/webhooks",
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "client": ("127.0.0.1", 1),
        }

    async def of(self, application: Application, *, waits: bool = False) -> None:
        if not waits:
            self._may_come.set()
        await application(self.scope, self._receive, self._send)

    def go_on(self) -> None:
        self._may_come.set()

    async def _receive(self) -> MutableMapping[str, Any]:
        await self._may_come.wait()
        return {"type": "http.request", "body": self._body, "more_body": False}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        self._sent.append(message)

    @property
    def status(self) -> int:
        return int(self._sent[0]["status"])

    @property
    def headers(self) -> dict[bytes, bytes]:
        return dict(self._sent[0]["headers"])

    @property
    def error(self) -> str:
        return str(json.loads(b"".join(message.get("body", b"") for message in self._sent[1:]))["error"])


async def test_a_mistake_of_ours_is_not_the_senders(capsys: pytest.CaptureFixture[str]) -> None:
    """It comes again later; here it is told once, without a traceback on the screen."""

    def broken(_: Sequence[Event]) -> None:
        raise RuntimeError("bug")

    requests = [Asked(f"msg_{number}") for number in range(3)]
    with application(broken) as it:
        for each in requests:
            await each.of(it)

    assert [each.status for each in requests] == [503, 503, 503]
    assert requests[0].headers[b"retry-after"] == b"60"
    assert requests[0].error == "the receiver has a problem of its own"
    said = capsys.readouterr().err
    assert said.count("internal error: RuntimeError: bug") == 1
    assert "Traceback" not in said


async def test_bodies_under_way_are_bounded_together() -> None:
    """Many connections with large bodies cannot use up the memory; a lone one is always taken."""
    first, second, third = (Asked(f"msg_{number}", b'{"a": "%s"}' % (b"x" * 100)) for number in range(3))
    with application(held_bytes=150) as it:
        under_way = asyncio.create_task(first.of(it, waits=True))
        await asyncio.sleep(0)
        await second.of(it)
        first.go_on()
        await under_way
        await third.of(it)

    assert (second.status, second.headers[b"retry-after"]) == (503, b"5")
    assert [first.status, third.status] == [200, 200]
