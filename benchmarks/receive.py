"""The webhook receiver: 500 deliveries a second for half a minute, and SIGKILL at 200 random moments under readers.

    python -m benchmarks.receive [load] [kills] [--kills N]

Latency counts from the moment a delivery was due, not from when a busy client got to send it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
from tests.receiver_process import Load, Receiver, receiving, request, stored_ids
from tests.webhooks import clerk_body, signed

from benchmarks.report import Figure, percentile, show
from logtui.core.cancel import CancelToken
from logtui.core.query.parser import parse
from logtui.session import open_session

RATE, SECONDS, CONNECTIONS = 500, 30, 100
KILLS = 200


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=["load", "kills", []], default=[])
    parser.add_argument("--kills", type=int, default=KILLS)
    options = parser.parse_args()
    parts = options.parts or ["load", "kills"]
    figures: list[Figure] = []
    for part in parts:
        directory = Path(tempfile.mkdtemp(prefix="logtui-receive-"))
        try:
            figures += load(directory / "store") if part == "load" else kills(directory / "store", options.kills)
        finally:
            shutil.rmtree(directory)
    show("Webhook receiver", figures)
    return 0 if all(figure.holds for figure in figures) else 1


def load(store: Path) -> list[Figure]:
    """Deliver at a steady rate, and compare what was acknowledged with what is stored."""
    with receiving(store, "--now", "now") as receiver:
        delays, acknowledged, other = asyncio.run(_deliver_steadily(receiver))
        used = psutil.Process(receiver.process.pid).cpu_times()
        receiver.stop()
    stored = Counter(stored_ids(store))
    segments = sum(1 for _ in store.glob("date=*/*.parquet"))
    return [
        Figure("deliveries not acknowledged", other, "", 0, f"of {RATE * SECONDS:,}"),
        Figure("acknowledged, not stored", sum(stored[name] == 0 for name in acknowledged), "", 0),
        Figure("stored twice", sum(count > 1 for count in stored.values()), "", 0),
        Figure(f"p50 at {RATE}/s for {SECONDS} s", 1e3 * statistics.median(delays), "ms", 250, f"{segments} segments"),
        Figure(f"p99 at {RATE}/s for {SECONDS} s", 1e3 * percentile(delays, 99), "ms", 250),
        Figure("receiver's time on a processor, for each", 1e3 * (used.user + used.system) / len(delays), "ms", 2),
        Figure("slowest", 1e3 * max(delays), "ms", 15_000, "senders give up after 15 s"),
    ]


async def _deliver_steadily(receiver: Receiver) -> tuple[list[float], list[str], int]:
    at = int(time.time())
    names = [f"msg_load_{number}" for number in range(RATE * SECONDS)]
    bodies = [clerk_body(number, at=at) for number in range(RATE * SECONDS)]
    requests = [request(signed(name, body, at=at), body) for name, body in zip(names, bodies, strict=True)]
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(CONNECTIONS):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", receiver.port))
    delays: list[float] = []
    acknowledged: list[str] = []
    other = 0
    start = time.perf_counter() + 0.5

    async def deliver(number: int) -> None:
        nonlocal other
        reader, writer = await free.get()
        writer.write(requests[number])
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)
        delays.append(time.perf_counter() - (start + number / RATE))
        if head.startswith(b"HTTP/1.1 200 "):
            acknowledged.append(names[number])
        else:
            other += 1
        if b"connection: close" in head.lower():
            writer.close()
            reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        free.put_nowait((reader, writer))

    async with asyncio.TaskGroup() as group:
        for number in range(RATE * SECONDS):
            await asyncio.sleep(max(0.0, start + number / RATE - time.perf_counter()))
            group.create_task(deliver(number))
    return delays, acknowledged, other


def kills(store: Path, count: int) -> list[Figure]:
    """Kill the receiver at random moments under load, with a reader beside it all the time."""
    chance = random.Random(1)
    acknowledged: list[str] = []
    reader = _Reader(store)
    for life in range(count):
        with receiving(store) as receiver:
            if life == 0:
                reader.start()
            clients = Load(receiver, f"life{life}")
            clients.start()
            clients.wait_for(chance.randrange(1, 40))
            time.sleep(chance.random() * 0.06)
            receiver.process.kill()
            acknowledged += clients.join()
        print(f"\r{life + 1} of {count} kills, {len(acknowledged):,} acknowledged", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    reader.stop()
    stored = Counter(stored_ids(store))
    return [
        Figure("acknowledged, then lost by a kill", sum(stored[name] == 0 for name in acknowledged), "", 0,
               f"{count} kills, {len(acknowledged):,} acknowledged"),
        Figure("stored twice", sum(number > 1 for number in stored.values()), "", 0),
        Figure("reader errors", len(reader.errors), "", 0, "; ".join(reader.errors[:1]) or f"{reader.rounds:,} reads"),
    ]  # fmt: skip


class _Reader(threading.Thread):
    """Counts the events of a store again and again, and notes what goes wrong: problems, repeats, fewer than before."""

    def __init__(self, store: Path) -> None:
        super().__init__(daemon=True)
        self._store = store
        self._stopped = threading.Event()
        self.rounds = 0
        self.errors: list[str] = []

    def run(self) -> None:
        before = 0
        while not self._stopped.wait(0.2):
            try:
                before = self._read(before)
            except Exception as error:  # noqa: BLE001 - counted
                self.errors.append(repr(error))
            self.rounds += 1

    def _read(self, before: int) -> int:
        session = open_session(self._store)
        try:
            token = CancelToken()
            selection = session.search.select(parse(""), token=token)
            pages = session.search.pages(selection, limit=1_000_000, token=token, with_payload=False)
            ids = [event.event_id for page in pages for event in page.events]
            self.errors += [problem.message for problem in session.engine.problems()]
        finally:
            session.close()
        if len(set(ids)) != len(ids):
            self.errors.append("an event came twice")
        if len(ids) < before:
            self.errors.append(f"{before} events, then {len(ids)}")
        return len(ids)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


if __name__ == "__main__":
    sys.exit(main())
