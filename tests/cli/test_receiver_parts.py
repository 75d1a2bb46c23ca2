"""Parts of the receiver's HTTP side whose promises need no process: its log, its address, its own mistakes."""

from __future__ import annotations

import argparse
import json
from collections.abc import MutableMapping, Sequence
from contextlib import closing
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


async def asked(application: Application, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
    """Ask an application without a server."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/webhooks",
        "headers": [(b"content-length", str(len(body)).encode()), *raw],
        "client": ("127.0.0.1", 1),
    }
    await application(scope, receive, send)
    told = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], told, b"".join(message.get("body", b"") for message in sent[1:])


async def test_a_mistake_of_ours_is_not_the_senders(capsys: pytest.CaptureFixture[str]) -> None:
    """It comes again later; here it is told once, without a traceback on the screen."""

    def broken(_: Sequence[Event]) -> None:
        raise RuntimeError("bug")

    clock = frozen_clock(NOW)
    limits = replace(Limits(), linger_seconds=0.0)
    log = ProblemLog(Hand())
    body = b"{}"
    with closing(GroupCommit(RememberingSink(broken), most_waiting=9, pace=0)) as commit:
        intake = Intake(Verifier((SECRET,), clock), read_plainly, commit, clock, store_seconds=1)
        health = Health(lambda: None, clock)
        application = Application(intake, commit, health, path="/webhooks", limits=limits, log=log)
        answers = [await asked(application, signed(f"msg_{number}", body), body) for number in range(3)]

    assert [status for status, _, _ in answers] == [503, 503, 503]
    assert answers[0][1]["retry-after"] == "60"
    assert json.loads(answers[0][2]) == {"error": "the receiver has a problem of its own"}
    said = capsys.readouterr().err
    assert said.count("internal error: RuntimeError: bug") == 1
    assert "Traceback" not in said
