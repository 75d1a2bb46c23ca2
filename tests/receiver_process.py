"""The real receiver in a process of its own, and clients that speak to it over real sockets."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow.parquet as pq

from tests.webhooks import SECRET, clerk_body, signed

PROGRAM = [sys.executable, "-m", "logtui"]
PATH = "/webhooks"
CLOCK = "2026-10-04T12:00:00Z"
"""What the receiver takes for now, as `signed` does."""
WAIT = 30.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer; status 0 if the connection ended without one."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(slots=True)
class Receiver:
    """A running receiver; `said` is what it wrote to stderr until it listened."""

    process: subprocess.Popen[str]
    port: int
    said: str

    def ask(self, data: bytes, *, ends: bool = False) -> Reply:
        """Send raw bytes on a new connection, and read one answer; with `ends`, nothing more will be sent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as connection:
            with suppress(ConnectionError):
                connection.sendall(data)
                if ends:
                    connection.shutdown(socket.SHUT_WR)
            return read_reply(connection, data.partition(b" ")[0].decode("latin-1"))

    def post(self, headers: Mapping[str, str], body: bytes, *, path: str = PATH, method: str = "POST") -> Reply:
        """Send one request."""
        return self.ask(request(headers, body, path=path, method=method))

    def deliver(self, message_id: str, body: bytes, **how: object) -> Reply:
        """Send one signed delivery."""
        return self.post(signed(message_id, body, **how), body)  # type: ignore[arg-type]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal, and return the exit code and all of stderr."""
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=WAIT)
        return self.process.returncode, self.said + rest


def request(headers: Mapping[str, str], body: bytes, *, path: str = PATH, method: str = "POST") -> bytes:
    """Return the bytes of a request, with the length of its body."""
    lines = [f"{method} {path} HTTP/1.1", "host: localhost", f"content-length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def read_reply(connection: socket.socket, method: str = "POST") -> Reply:
    """Read one answer to a request of this method."""
    answer = http.client.HTTPResponse(connection, method=method)
    try:
        answer.begin()
        return Reply(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    except (http.client.HTTPException, ConnectionError):
        return Reply(0)
    finally:
        answer.close()


@contextmanager
def receiving(store: Path, *options: str | Path, environment: Mapping[str, str] | None = None) -> Iterator[Receiver]:
    """Start a receiver on a free port, wait until it listens, and see to it that it ends with the test."""
    with subprocess.Popen(
        [*PROGRAM, "receive", store, "--listen", "127.0.0.1:0", "--now", CLOCK, *options],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "LOGTUI_WEBHOOK_SECRET": SECRET, **(environment or {})},
    ) as process:
        try:
            yield Receiver(process, *_wait_until_listening(process))
        finally:
            process.kill()


def _wait_until_listening(process: subprocess.Popen[str]) -> tuple[int, str]:
    assert process.stderr is not None
    said = ""
    while line := process.stderr.readline():
        said += line
        if found := re.search(r"receiving on http://.*?:([0-9]+)/", line):
            return int(found[1]), said
    raise AssertionError(f"the receiver ended: {said}")


def stored_ids(store: Path) -> list[str]:
    """Return the ids of all events in the store, as often as they are there."""
    files = sorted(store.glob("date=*/*.parquet"))
    return [each for file in files for each in pq.read_table(file, columns=["event_id"])["event_id"].to_pylist()]


class Load:
    """Clients in threads that deliver one event after the other, and record every 2xx."""

    def __init__(self, receiver: Receiver, name: str, *, clients: int = 4) -> None:
        self._receiver = receiver
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._enough = threading.Event()
        self._wanted = 0
        self.acknowledged: list[str] = []
        self.other: list[Reply] = []
        self._threads = [threading.Thread(target=self._run, args=(f"{name}_{number}",)) for number in range(clients)]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def wait_for(self, acknowledged: int) -> None:
        """Wait until that many were acknowledged."""
        self._wanted = acknowledged
        assert self._enough.wait(WAIT)

    def join(self) -> Sequence[str]:
        """Let each client end its request, and return the acknowledged ids."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(WAIT)
        return self.acknowledged

    def _run(self, name: str) -> None:
        with (
            suppress(OSError),
            socket.create_connection(("127.0.0.1", self._receiver.port), timeout=WAIT) as connection,
        ):
            number = 0
            while not self._stopped.is_set():
                message_id = f"msg_{name}_{number}"
                body = clerk_body(number)
                connection.sendall(request(signed(message_id, body), body))
                reply = read_reply(connection)
                with self._lock:
                    if reply.status == 200:
                        self.acknowledged.append(message_id)
                    else:
                        self.other.append(reply)
                    if self._wanted and len(self.acknowledged) >= self._wanted:
                        self._enough.set()
                if reply.status == 0:
                    return
                number += 1
