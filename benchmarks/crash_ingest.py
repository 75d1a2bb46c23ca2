"""`logtui ingest --follow` killed with SIGKILL at 200 random moments, while its file grows and is rotated.

Readers ask all the time, as another tool would. In the end every event must be there once.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.report import Figure, show

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
AT = 1_759_570_200


class Writer(threading.Thread):
    """Appends lines, and renames the file now and then; slower than the follower, so that it keeps up."""

    def __init__(self, log: Path, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self._log = log
        self._chance = chance
        self.over = threading.Event()
        self.written = 0

    def run(self) -> None:
        while not self.over.wait(0.01):
            count = self._chance.randrange(1, 20)
            with self._log.open("ab") as file:
                for number in range(self.written, self.written + count):
                    file.write(b'{"time":%d,"type":"a.b","id":"%08d"}\n' % (AT + number, number))
            self.written += count
            if self._chance.random() < 0.01:
                self._log.rename(self._log.with_name(f"{self._log.name}.{self.written}"))


class Reader(threading.Thread):
    """Reads all files by a plain glob, and counts what goes wrong."""

    def __init__(self, store: Path) -> None:
        super().__init__(daemon=True)
        self._store = store
        self.over = threading.Event()
        self.errors: list[str] = []
        self.doubled = 0

    def run(self) -> None:
        while not self.over.wait(0.2):
            try:
                self.doubled = max(self.doubled, sum(count - 1 for count in counts(self._store).values()))
            except (OSError, pa.ArrowException) as error:
                self.errors.append(str(error))


def counts(store: Path) -> Counter[str]:
    return Counter(
        each
        for path in store.glob("date=*/*.parquet")
        for each in pq.read_table(path, columns=["event_id"], partitioning=None)["event_id"].to_pylist()
    )


def main() -> None:
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    directory = Path(tempfile.mkdtemp(prefix="logtui-crash-"))
    store, log = directory / "store", directory / "app.log"
    command = [sys.executable, "-m", "logtui", "ingest", str(store), str(log), "--follow"]
    writer, reader = Writer(log, chance), Reader(store)
    try:
        log.touch()
        first = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while not list((store / ".logtui" / "follow").glob("*.json")):
            time.sleep(0.05)
        first.kill()
        writer.start()
        reader.start()
        for _ in range(KILLS):
            process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.2, 2.0))
            process.kill()
            process.wait()
        writer.over.set()
        writer.join()
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while len(found := counts(store)) < writer.written and time.monotonic() < deadline:
            time.sleep(0.2)
        process.terminate()
        process.wait()
        reader.over.set()
        reader.join()
    finally:
        shutil.rmtree(directory, ignore_errors=True)
    show(
        f"Following, killed {KILLS} times (seed {seed}, {writer.written:,} events)",
        [
            Figure("events lost", writer.written - len(found), "", 0),
            Figure("events doubled", found.total() - len(found) + reader.doubled, "", 0),
            Figure("errors of readers", len(reader.errors), "", 0),
        ],
    )


if __name__ == "__main__":
    main()
