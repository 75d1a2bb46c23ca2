"""The receiver as senders and administrators meet it: a process, sockets, signals."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.receiver_process import PATH, PROGRAM, Load, Receiver, Reply, read_reply, receiving, request, stored_ids
from tests.webhooks import OTHER_SECRET, SECONDS, SECRET, clerk_body, signature, signed

SLOTS = 8
BODY = clerk_body()
LARGEST = 1 << 20
PUBLISHED = {
    "svix-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "svix-timestamp": "1614265330",
    "svix-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}
REFUSALS = {400, 401, 404, 405, 408, 409, 411, 413, 415, 431}


@pytest.fixture(scope="module")
def receiver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """A receiver with short limits, which tests share because none of them harms it."""
    store = tmp_path_factory.mktemp("shared") / "store"
    short = ("--head-seconds", "0.3", "--body-seconds", "0.3", "--max-connections", str(SLOTS))
    with receiving(store, *short) as running:
        yield running
        code, said = running.stop()
        assert code == 0
        assert "Traceback" not in said
        assert "internal" not in said
        assert "\x1b" not in said


def error(reply: Reply) -> str:
    """Return what the sender is told, having checked that it is told as JSON."""
    assert reply.headers["content-type"] == "application/json"
    told = json.loads(reply.body)
    assert list(told) == ["error"]
    return str(told["error"])


class TestDeliveries:
    @pytest.mark.parametrize("family", ["svix", "webhook"])
    def test_a_genuine_delivery_is_stored_once_however_often_it_comes(self, receiver: Receiver, family: str) -> None:
        """Both families of headers; redelivered with a new time, as senders do."""
        name = f"msg_{family}"
        replies = [receiver.deliver(name, BODY, family=family, at=SECONDS + wait) for wait in (0, 5, 120)]

        assert [(reply.status, json.loads(reply.body)) for reply in replies] == [(200, {"stored": True})] * 3

    def test_a_redelivery_after_compaction_and_a_restart_is_stored_once(self, tmp_path: Path) -> None:
        """The memory of ids is the store itself."""
        store = tmp_path / "store"
        names = [f"msg_{number}" for number in range(4)]
        with receiving(store) as running:
            assert [running.deliver(name, BODY).status for name in names] == [200] * 4
            running.stop()
        segments = stored_ids(store)
        subprocess.run([*PROGRAM, "compact", store, "--grace", "0s"], check=True, capture_output=True)

        with receiving(store) as running:
            again = [running.deliver(name, BODY).status for name in names]
            running.stop()

        assert again == [200] * 4
        assert sorted(segments) == sorted(stored_ids(store)) == names
        assert len(list(store.glob("date=*/*.parquet"))) == 1

    def test_the_published_vector_passes(self, tmp_path: Path) -> None:
        """Its body is signed, but is not an event of Clerk's, so it gets past the signature and no further."""
        with receiving(tmp_path / "store", "--now", "2021-02-25T15:02:10Z") as running:
            genuine = running.post(PUBLISHED, b'{"test": 2432232314}')
            forged = running.post(PUBLISHED, b'{"test": 2432232315}')

        assert (genuine.status, error(genuine)) == (
            400,
            "the body is signed, but is not an event that can be stored",
        )
        assert forged.status == 401

    @pytest.mark.parametrize(
        ("changes", "told"),
        [
            ({"svix-signature": "v1,AAAA"}, "no signature matches"),
            ({"svix-signature": signature("msg_1", SECONDS, BODY, OTHER_SECRET)}, "no signature matches"),
            ({"svix-signature": signature("msg_1", SECONDS, BODY).replace("v1,", "v1a,")}, "no signature matches"),
            ({"svix-signature": signature("msg_1", SECONDS, BODY + b" ")}, "no signature matches"),
            ({"svix-signature": ""}, "not all there"),
            ({"svix-id": ""}, "not all there"),
            ({"svix-timestamp": ""}, "not all there"),
            ({"svix-timestamp": "soon"}, "not a number"),
            (signed("msg_1", BODY, at=SECONDS - 301), "too old"),
            (signed("msg_1", BODY, at=SECONDS + 301), "from the future"),
            (signed("../../etc/passwd.x", BODY), "form"),
        ],
    )
    def test_what_is_not_genuine_and_fresh_is_refused(
        self, receiver: Receiver, changes: dict[str, str], told: str
    ) -> None:
        """Wrong, of another key, of another version, tampered, missing, old, future."""
        reply = receiver.post(signed("msg_1", BODY) | changes, BODY)

        assert reply.status == 401
        assert told in error(reply)

    def test_an_id_with_another_body_is_a_conflict(self, receiver: Receiver) -> None:
        """It is not acknowledged, for it is not stored."""
        assert receiver.deliver("msg_conflict", BODY).status == 200

        reply = receiver.deliver("msg_conflict", clerk_body(1))

        assert (reply.status, error(reply)) == (409, "a delivery of this id, with another body, came before")

    def test_the_answer_repeats_nothing_of_the_request(self, receiver: Receiver) -> None:
        """A receiver is no mirror."""
        body = b'{"type": "<script>alert(1)</script>"'
        replies = [
            receiver.deliver("msg_mirror", body),
            receiver.post({"svix-id": "<script>"}, body),
            receiver.post({}, body, path="/<script>"),
            receiver.ask(b"<script> / HTTP/9\r\n\r\n"),
        ]

        assert [reply.status for reply in replies] == [400, 401, 404, 400]
        assert all(b"script" not in reply.body for reply in replies)

    def test_rotation_needs_no_gap(self, tmp_path: Path) -> None:
        """Two secrets in a file are both in force; a comment is none."""
        file = tmp_path / "secrets"
        file.touch(0o600)
        file.write_text(f"# old\n{SECRET}\n{OTHER_SECRET}  # new\n")
        none = {"LOGTUI_WEBHOOK_SECRET": ""}
        with receiving(tmp_path / "store", "--secret-file", file, environment=none) as running:
            replies = [
                running.deliver(f"msg_{secret[-4:-1]}", BODY, secret=secret) for secret in (SECRET, OTHER_SECRET)
            ]

        assert "2 secrets" in running.said
        assert [reply.status for reply in replies] == [200, 200]

    def test_one_time_codes_are_masked_unless_asked_otherwise(self, tmp_path: Path) -> None:
        """And which of the two it is, is said at the start."""
        body = json.loads(clerk_body()) | {"type": "sms.created"}
        body["data"] |= {"object": "sms_message", "message": "Your code is 424242"}
        payloads = []
        for options in ((), ("--unmask",)):
            store = tmp_path / f"store{len(options)}"
            with receiving(store, *options) as running:
                assert running.deliver("msg_code", json.dumps(body).encode()).status == 200
                assert ("one-time codes are masked" in running.said) == (not options)
                assert ("warning: --unmask" in running.said) == bool(options)
            done = subprocess.run([*PROGRAM, "query", store, "--payload", "text"], capture_output=True, check=True)
            payloads.append(done.stdout)

        assert b"424242" not in payloads[0]
        assert b"424242" in payloads[1]


class TestRequests:
    def test_only_post_on_the_path(self, receiver: Receiver) -> None:
        """Scanners get nothing but a status."""
        elsewhere = receiver.deliver("msg_1", BODY)
        assert elsewhere.status == 200
        assert receiver.post(signed("msg_1", BODY), BODY, path="/").status == 404
        assert receiver.post(signed("msg_1", BODY), BODY, path=f"{PATH}/").status == 404
        for method in ("GET", "PUT", "DELETE", "OPTIONS"):
            reply = receiver.post({}, b"", method=method)
            assert (reply.status, reply.headers["allow"]) == (405, "POST")
        assert receiver.post({}, b"", method="POST", path="/healthz").status == 405

    @pytest.mark.parametrize(("size", "status"), [(LARGEST - 1, 401), (LARGEST, 401), (LARGEST + 1, 413)])
    def test_a_body_of_one_mebibyte_is_read_and_no_larger_one(self, receiver: Receiver, size: int, status: int) -> None:
        """The sender that is still sending hears why, in place of a broken connection."""
        reply = receiver.post(signed("msg_1", BODY), bytes(size))

        assert reply.status == status

    def test_a_genuine_body_of_the_largest_size_is_stored(self, receiver: Receiver) -> None:
        """The limit is not off by one."""
        padding = LARGEST - len(clerk_body(pad=""))

        assert receiver.deliver("msg_large", clerk_body(pad="x" * padding)).status == 200
        assert receiver.deliver("msg_larger", clerk_body(pad="x" * (padding + 1))).status == 413

    def test_a_declared_gigabyte_is_refused_at_once(self, receiver: Receiver) -> None:
        """Before a byte of it came."""
        reply = receiver.ask(f"POST {PATH} HTTP/1.1\r\nhost: x\r\ncontent-length: 1073741824\r\n\r\n".encode())

        assert (reply.status, reply.headers["connection"]) == (413, "close")

    def test_a_sender_that_asks_before_it_sends_is_told_to_go_on(self, receiver: Receiver) -> None:
        """curl does, with bodies from one mebibyte on."""
        data = request(signed("msg_expect", BODY) | {"expect": "100-continue"}, BODY)
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            connection.sendall(data[: -len(BODY)])
            assert connection.recv(99).startswith(b"HTTP/1.1 100 ")
            connection.sendall(BODY)

            assert read_reply(connection).status == 200

    @pytest.mark.parametrize(
        ("head", "status"),
        [
            ("transfer-encoding: chunked", 411),
            ("content-length: 5\r\ntransfer-encoding: chunked", 411),
            ("transfer-encoding: gzip, chunked", 400),
            ("", 411),
            ("content-length: 5\r\ncontent-length: 6", 400),
            ("content-length: 5, 6", 400),
            ("content-length: -5", 400),
            ("content-length: 5\r\ncontent-encoding: gzip", 415),
            ("content-length: 5\r\nsvix-id: a\r\nsvix-id: b", 400),
            ("content-length: 5\r\nx: " + "a" * 40_000, 431),
            ("content-length: 5" + "\r\nx: y" * 101, 431),
            ("content-length: 5\r\nno colon", 400),
            ("content-length: 5\r\nx: \x00", 400),
            ("content-length: 5\r\nhost: twice", 400),
        ],
    )
    def test_a_head_that_leaves_doubt_is_refused(self, receiver: Receiver, head: str, status: int) -> None:
        """Chunked, without length, with two lengths, compressed, too large, malformed."""
        reply = receiver.ask(f"POST {PATH} HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n5\r\nhello\r\n0\r\n\r\n".encode())

        assert reply.status == status
        assert error(reply)

    def test_headers_that_never_end_are_cut_off(self, receiver: Receiver) -> None:
        """While they come, not when they would be complete."""
        reply = receiver.ask(f"POST {PATH} HTTP/1.1\r\nhost: x\r\nx: {'a' * 70_000}".encode())

        assert (reply.status, error(reply)) == (431, "the headers are too large")

    def test_a_connection_is_good_for_several_requests(self, receiver: Receiver) -> None:
        """A proxy need not make one for each."""
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            for headers, status in ((signed("msg_1", BODY), 200), ({}, 401), (signed("msg_2", BODY), 200)):
                connection.sendall(request(headers, BODY))
                assert read_reply(connection).status == status

    def test_a_second_request_may_come_before_the_first_is_answered(self, receiver: Receiver) -> None:
        """Answers come in the order of the requests."""
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            connection.sendall(request(signed("msg_1", BODY), BODY) + request({"connection": "close"}, BODY))
            told = b"".join(iter(lambda: connection.recv(65_536), b""))

        assert re.findall(rb"HTTP/1.1 ([0-9]+)", told) == [b"200", b"401"]


class TestSlowSenders:
    @pytest.mark.parametrize("sent", [b"", b"POST", f"POST {PATH} HTTP/1.1\r\nhost: x\r\n".encode()])
    def test_headers_must_come_in_time(self, receiver: Receiver, sent: bytes) -> None:
        """Also from who sends nothing at all."""
        reply = receiver.ask(sent)

        assert (reply.status, error(reply)) == (408, "the headers did not come in time")

    def test_headers_that_drip_are_no_quicker(self, receiver: Receiver) -> None:
        """The time is for all of them, not from one byte to the next."""
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            connection.sendall(f"POST {PATH} HTTP/1.1\r\nhost: x\r\nx: ".encode())
            connection.settimeout(0.05)
            for _ in range(100):
                connection.sendall(b"a")
                try:
                    first = connection.recv(12)
                    break
                except TimeoutError:
                    continue

        assert first == b"HTTP/1.1 408"

    def test_the_head_of_a_second_request_must_come_in_time_too(self, receiver: Receiver) -> None:
        """A connection that was good once is no free pass."""
        with socket.create_connection(("127.0.0.1", receiver.port), timeout=10) as connection:
            connection.sendall(request({}, BODY))
            assert read_reply(connection).status == 401
            connection.sendall(b"POST /")

            assert read_reply(connection).status == 408

    def test_the_body_must_come_in_time(self, receiver: Receiver) -> None:
        """A declared length is a promise."""
        reply = receiver.ask(request(signed("msg_1", BODY), BODY)[:-1])

        assert (reply.status, error(reply)) == (408, "the body did not come in time")

    def test_one_more_than_there_are_slots_is_told_to_come_again(self, receiver: Receiver) -> None:
        """At once, and only until a slot is free."""
        waiting = [socket.create_connection(("127.0.0.1", receiver.port), timeout=10) for _ in range(SLOTS)]
        try:
            for connection in waiting:
                connection.sendall(b"POST ")
            ninth = receiver.deliver("msg_ninth", BODY)
            assert (ninth.status, ninth.headers["retry-after"]) == (503, "5")
            assert error(ninth) == "too many requests are under way"

            for connection in waiting:
                assert read_reply(connection).status == 408
        finally:
            for connection in waiting:
                connection.close()

        assert wait_for_status(receiver, 200).status == 200


def wait_for_status(receiver: Receiver, status: int) -> Reply:
    """Deliver until the answer is this one."""
    for number in range(10_000):
        reply = receiver.deliver(f"msg_until_{number}", BODY)
        if reply.status == status:
            return reply
    raise AssertionError(reply)


HEADER_NAMES = st.sampled_from(
    ["svix-id", "svix-timestamp", "svix-signature", "webhook-id", "content-encoding", "connection", "upgrade", "expect"]
) | st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True)
HEADER_VALUES = st.text(st.characters(min_codepoint=1, max_codepoint=255, exclude_characters="\r\n"), max_size=40)
SHARED = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


class TestAnything:
    @SHARED
    @given(
        headers=st.dictionaries(HEADER_NAMES, HEADER_VALUES, max_size=6),
        body=st.binary(max_size=60),
        method=st.sampled_from(["POST", "GET", "HEAD", "CONNECT", "x"]),
        path=st.sampled_from([PATH, PATH, "/healthz", "/%00", "*", "http://x/webhooks"]),
    )
    def test_arbitrary_requests_are_never_our_fault(
        self, receiver: Receiver, headers: dict[str, str], body: bytes, method: str, path: str
    ) -> None:
        """Any refusal, but no 5xx."""
        reply = receiver.ask(request(headers, body, path=path, method=method))

        assert reply.status in REFUSALS or (method in ("GET", "HEAD") and reply.status == 200)

    @SHARED
    @given(
        body=st.binary(max_size=80)
        | st.recursive(st.none() | st.integers() | st.text() | st.floats(), st.lists).map(
            lambda value: json.dumps(value).encode()
        )
        | st.builds(
            lambda kind, at, data: json.dumps(
                {"type": kind, "timestamp": at, "object": "event", "data": data}
            ).encode(),
            st.text() | st.integers(),
            st.integers() | st.text() | st.floats() | st.none(),
            st.none() | st.text() | st.lists(st.integers()) | st.dictionaries(st.text(), st.text()),
        )
    )
    def test_arbitrary_signed_bodies_are_never_our_fault(self, receiver: Receiver, body: bytes) -> None:
        """What its sender signs may still be anything."""
        reply = receiver.deliver("msg_any", body)

        assert reply.status in (200, 400, 401, 409)

    @SHARED
    @given(data=st.binary(max_size=100))
    def test_arbitrary_bytes_are_never_our_fault(self, receiver: Receiver, data: bytes) -> None:
        """What is no HTTP gets a refusal, or a closed connection."""
        reply = receiver.ask(data + b"\r\n\r\n", ends=True)

        assert reply.status in REFUSALS | {0}


class TestHealth:
    def test_health_tells_counts(self, tmp_path: Path) -> None:
        """For a monitor, and for a person with curl."""
        with receiving(tmp_path / "store") as running:
            for name in ("msg_1", "msg_1", "msg_2"):
                running.deliver(name, BODY)
            running.deliver("msg_3", b"{")
            reply = running.post({}, b"", method="GET", path="/healthz")

        assert reply.status == 200
        assert json.loads(reply.body) == {
            "status": "ok", "stored": 3, "refused": 1, "failed": 0, "new": 2, "duplicates": 1, "waiting": 0,
        }  # fmt: skip


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one mebibyte."""
    place = tmp_path / "disk"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "tmpfs", place], check=False, capture_output=True)
    if done.returncode != 0:
        pytest.skip("needs the right to mount")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", place], check=True)


class TestFullDisk:
    def test_nothing_is_acknowledged_without_room_and_all_is_well_once_there_is(self, small_disk: Path) -> None:
        """The sender comes again, and the event is there once."""
        store, ballast = small_disk / "store", small_disk / "ballast"
        with receiving(store) as running:
            before = running.deliver("msg_before", BODY)
            fill(ballast)
            without = [running.deliver("msg_1", BODY), running.post({}, b"", method="GET", path="/healthz")]
            ballast.unlink()
            after = [running.deliver("msg_1", BODY), running.deliver("msg_1", BODY)]
            code, said = running.stop()

        assert before.status == 200
        assert [(reply.status, error(reply)) for reply in without] == [
            (507, "the disk is full"),
            (503, "the store cannot be written to"),
        ]
        assert all(reply.headers["retry-after"] for reply in without)
        assert [reply.status for reply in after] == [200, 200]
        assert sorted(stored_ids(store)) == ["msg_1", "msg_before"]
        assert code == 0
        assert "no space left on device" in said


def fill(path: Path) -> None:
    """Write until there is no room."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT)
    try:
        while True:
            os.write(descriptor, bytes(4096))
    except OSError:
        pass
    finally:
        os.close(descriptor)


class TestStops:
    @pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
    def test_a_signal_under_load_loses_nothing_that_was_acknowledged(
        self, tmp_path: Path, number: signal.Signals, code: int
    ) -> None:
        """What is under way ends, and the exit code says that all is well."""
        store = tmp_path / "store"
        with receiving(store) as running:
            load = Load(running, "stop")
            load.start()
            load.wait_for(50)
            exit_code, said = running.stop(number)
            acknowledged = load.join()

        assert exit_code == code
        assert f"stopped; {len(stored_ids(store)):,} new events stored, 0 known" in said
        assert {reply.status for reply in load.other} <= {0}
        ids = stored_ids(store)
        assert len(ids) == len(set(ids))
        assert set(acknowledged) <= set(ids)

    def test_a_request_under_way_is_answered(self, tmp_path: Path) -> None:
        """Its body comes after the signal."""
        store = tmp_path / "store"
        with receiving(store) as running, socket.create_connection(("127.0.0.1", running.port), 10) as connection:
            data = request(signed("msg_late", BODY) | {"expect": "100-continue"}, BODY)
            connection.sendall(data[: -len(BODY)])
            assert connection.recv(99).startswith(b"HTTP/1.1 100")
            running.process.send_signal(signal.SIGTERM)
            wait_until_deaf(running.port)
            connection.sendall(BODY)
            assert read_reply(connection).status == 200
            assert running.process.wait(30) == 0

        assert stored_ids(store) == ["msg_late"]

    def test_kills_at_any_moment_lose_and_double_nothing(self, tmp_path: Path) -> None:
        """Every 2xx is a promise that outlives the process; benchmarks/receive.py does it two hundred times."""
        store = tmp_path / "store"
        chance = random.Random(3)
        acknowledged: list[str] = []
        for life in range(3):
            with receiving(store) as running:
                load = Load(running, f"life{life}")
                load.start()
                load.wait_for(chance.randrange(1, 120))
                running.process.kill()
                acknowledged += load.join()

        with receiving(store) as running:
            again = [running.deliver(name, clerk_body(int(name.rpartition("_")[2]))) for name in acknowledged[-20:]]

        assert [reply.status for reply in again] == [200] * len(again)
        ids = stored_ids(store)
        assert len(ids) == len(set(ids))
        assert set(acknowledged) <= set(ids)


def wait_until_deaf(port: int) -> None:
    """Wait until nobody listens there any more."""
    with suppress(ConnectionError):
        while True:
            socket.create_connection(("127.0.0.1", port), 10).close()


def refused(*arguments: str | Path, environment: dict[str, str] | None = None) -> tuple[int, str]:
    """Run a receiver that cannot start, and return its exit code and what it says."""
    done = subprocess.run(
        [*PROGRAM, "receive", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=os.environ | (environment or {}),
    )
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


class TestStarts:
    ENVIRONMENT = {"LOGTUI_WEBHOOK_SECRET": SECRET}  # noqa: RUF012 - read only

    def test_the_start_says_what_matters(self, tmp_path: Path) -> None:
        """Address, store, number of secrets, masking; not the secret."""
        with receiving(tmp_path / "store") as running:
            code, said = running.stop()

        assert said == (
            f"logtui: made {tmp_path / 'store'}\n"
            f"logtui: receiving on http://127.0.0.1:{running.port}/webhooks into {tmp_path / 'store'}; "
            "1 secret, one-time codes are masked\n"
            "logtui: stopped; 0 new events stored, 0 known\n"
        )
        assert code == 0

    def test_no_secret_is_a_usage_error(self, tmp_path: Path) -> None:
        """Nothing is received from just anybody, and no store is made."""
        assert refused(tmp_path / "store") == (
            2,
            "logtui: no webhook secret: give --secret-file FILE, or set LOGTUI_WEBHOOK_SECRET in the environment\n",
        )
        assert list(tmp_path.iterdir()) == []

    def test_a_bad_secret_is_a_usage_error(self, tmp_path: Path) -> None:
        """Told without telling it."""
        code, said = refused(tmp_path / "store", environment={"LOGTUI_WEBHOOK_SECRET": "whsec_Tr0ub4dor&3"})

        assert code == 2
        assert said.startswith("logtui: LOGTUI_WEBHOOK_SECRET: not a webhook secret")
        assert "Tr0ub4dor" not in said

    def test_a_secret_file_open_to_all_is_refused(self, tmp_path: Path) -> None:
        """With the command that mends it."""
        file = tmp_path / "secrets"
        file.write_text(SECRET)
        file.chmod(0o644)

        assert refused(tmp_path / "store", "--secret-file", file) == (
            1,
            f"logtui: {file}: every user of this machine may open it; run chmod o= {file}\n",
        )

    def test_a_port_in_use_is_told(self, tmp_path: Path) -> None:
        """Before a store is made."""
        with socket.create_server(("127.0.0.1", 0)) as other:
            place = f"127.0.0.1:{other.getsockname()[1]}"
            outcome = refused(tmp_path / "store", "--listen", place, environment=self.ENVIRONMENT)

        assert outcome == (1, f"logtui: cannot listen on {place}: address already in use\n")
        assert list(tmp_path.iterdir()) == []

    def test_another_machines_address_is_told(self, tmp_path: Path) -> None:
        """192.0.2.0/24 belongs to nobody."""
        code, said = refused(tmp_path / "store", "--listen", "192.0.2.1:8787", environment=self.ENVIRONMENT)

        assert (code, said.splitlines()) == (
            1,
            ["logtui: cannot listen on 192.0.2.1:8787: cannot assign requested address"],
        )

    @pytest.mark.parametrize(
        "arguments",
        [
            ("--listen", "localhost:99999"),
            ("--listen", "::1:80"),
            ("--path", "no-slash"),
            ("--path", "/healthz"),
            ("--max-body", "1G"),
            ("--max-body", "0"),
            ("--max-connections", "0"),
            ("--head-seconds", "0"),
            ("--body-seconds", "nan"),
        ],
    )
    def test_a_wrong_option_is_a_usage_error(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        """And says what would be right."""
        code, said = refused(tmp_path / "store", *arguments, environment=self.ENVIRONMENT)

        assert code == 2
        assert "expected" in said

    def test_a_directory_that_is_no_store_is_left_alone(self, tmp_path: Path) -> None:
        """Only what is not there is made."""
        (tmp_path / "photos").mkdir()

        code, said = refused(tmp_path / "photos", environment=self.ENVIRONMENT)
        missing = refused(tmp_path / "no" / "store", environment=self.ENVIRONMENT)

        assert (code, "not a store that logtui made" in said) == (1, True)
        assert list((tmp_path / "photos").iterdir()) == []
        assert missing[0] == 1

    def test_an_address_that_others_can_reach_is_said_loudly(self, tmp_path: Path) -> None:
        """There is no TLS here."""
        with receiving(tmp_path / "store", "--listen", "0.0.0.0:0") as running:
            assert "warning: 0.0.0.0:" in running.said
            assert "can be reached from other machines, and speaks no TLS" in running.said


class TestLog:
    def test_what_senders_do_wrong_is_one_line_and_then_counted(self, tmp_path: Path) -> None:
        """Nobody can fill the log, or write escape sequences into it."""
        with receiving(tmp_path / "store") as running:
            for _ in range(50):
                running.post(signed("msg_1", BODY, secret=OTHER_SECRET), BODY)
            running.deliver("msg_2", json.dumps({"type": "\x1b]0;pwned\x07", "timestamp": "\x1b[31mnever"}).encode())
            _, said = running.stop()

        lines = [line for line in said.splitlines() if "401" in line]
        assert lines == [
            "logtui: 127.0.0.1 was answered 401 Unauthorized: no signature matches",
            "logtui: 401 Unauthorized: no signature matches: 49 more",
        ]
        assert "\x1b" not in said

    def test_quiet_leaves_them_out(self, tmp_path: Path) -> None:
        """Errors of this side would still be told."""
        with receiving(tmp_path / "store", "--quiet") as running:
            assert running.post({}, BODY).status == 401
            code, said = running.stop()

        assert code == 0
        assert said.removeprefix(running.said) == "logtui: stopped; 0 new events stored, 0 known\n"
