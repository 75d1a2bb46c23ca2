"""Promises that only a process of its own can show: imports, pipes, signals, a full disk."""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.samples import small_events, write_store

from logtui.core.event import Event
from logtui.storage.segment_writer import write_segment

PROGRAM = [sys.executable, "-m", "logtui"]
EVENTS = small_events()


def run(*arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, check=False, timeout=60)


@contextmanager
def started(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program, and see to it that it ends with the test."""
    process = subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


class TestImports:
    @pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["query", "STORE", "is:failure", "--limit", "1"]])
    def test_no_library_is_loaded_that_is_not_used(self, small_store: Path, arguments: list[str]) -> None:
        """Start-up time is a feature; each of these costs more than the whole answer.

        DuckDB's Python package is among them: the engine needs its extension module alone, and help not even that.
        """
        arguments = [str(small_store) if argument == "STORE" else argument for argument in arguments]
        code = (
            "import sys; from logtui.cli.main import main; code = main(sys.argv[1:]); "
            "print(' '.join(sorted({name.split('.')[0] for name in sys.modules})), file=sys.stderr); sys.exit(code)"
        )

        done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, check=True, timeout=60)

        heavy = {"textual", "rich", "duckdb", "pyarrow", "watchfiles", "asyncio", "numpy", "pandas", "uvicorn"}
        loaded = set(done.stderr.decode().split())
        assert done.stdout
        assert loaded & heavy == set()
        assert ("_duckdb" in loaded) == (arguments[0] == "query")


class TestPipes:
    def test_a_reader_that_goes_away_ends_it_quietly(self, small_store: Path) -> None:
        """`logtui query … | head` is no failure."""
        with started("query", small_store, "--limit", "all") as process:
            assert process.stdout is not None
            process.stdout.close()
            process.stdout = None
            _, err = process.communicate(timeout=30)

        assert (process.returncode, err) == (0, b"")

    def test_a_full_disk_behind_stdout_is_told(self, small_store: Path) -> None:
        """What was not written is not passed off as written."""
        with Path("/dev/full").open("wb") as full:
            done = subprocess.run(
                [*PROGRAM, "query", small_store], stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
            )

        assert done.returncode == 1
        assert done.stderr == b"logtui: standard output cannot be written: No space left on device\n"

    def test_a_closed_stdout_is_told(self, small_store: Path) -> None:
        """`>&-` is not `>/dev/null`."""
        done = subprocess.run(
            ["sh", "-c", 'exec "$@" >&-', "sh", *PROGRAM, "query", small_store],
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )

        assert (done.returncode, done.stderr) == (1, b"logtui: standard output is closed\n")


@pytest.fixture(scope="module")
def slow_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One small file that unfolds to 500 MB of payload text: seconds of work for a regex."""
    path = tmp_path_factory.mktemp("slow") / "slow.parquet"
    rows = 16_384
    payload = json.dumps({"text": "abcdefghij klmnopqrst " * 100})
    columns = {
        "event_time": pa.array(range(rows)),
        "event_id": pa.array([str(number) for number in range(rows)]),
        "event_type": pa.array(["slow"] * rows),
        "payload": pa.array([payload] * rows),
    }
    table = pa.table(columns)
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(14):
            writer.write_table(table)
    return path


class TestSignals:
    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_a_running_query_ends_at_once(
        self, slow_store: Path, tmp_path: Path, number: signal.Signals, code: int
    ) -> None:
        """Nothing is left of the unfinished file, and there is no traceback."""
        target = tmp_path / "out.csv"
        with started("query", slow_store, "p.text:/(a|b|c|d)+x{9}y$/", "-o", target) as process:
            wait_until_searched(process.pid, slow_store)
            asked_at = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
            took = time.monotonic() - asked_at

        assert (process.returncode, out, err) == (code, b"", b"")
        assert took < 1.5
        assert list(tmp_path.iterdir()) == []

    def test_a_reader_that_does_not_read_cannot_hold_it(self, slow_store: Path) -> None:
        """`logtui query … | less` ends with ctrl+c although the pipe is full."""
        with started("query", slow_store, "--limit", "all") as process:
            assert process.stdout is not None
            wait_until_full(process.stdout.fileno())
            process.send_signal(signal.SIGINT)

            assert process.wait(timeout=30) == 130


def wait_until_full(pipe: int) -> None:
    """Wait until a pipe holds all that it can (64 KiB), so that whoever writes to it waits."""
    deadline = time.monotonic() + 30
    waiting = array("i", [0])
    while waiting[0] < 60_000:
        assert time.monotonic() < deadline
        os.sched_yield()
        fcntl.ioctl(pipe, termios.FIONREAD, waiting)


def wait_until_searched(pid: int, path: Path) -> None:
    """Wait until DuckDB is loaded and has the file open: its query runs then."""
    process = psutil.Process(pid)
    deadline = time.monotonic() + 30
    while not (
        "_duckdb" in Path(f"/proc/{pid}/maps").read_text() and str(path) in {file.path for file in process.open_files()}
    ):
        assert time.monotonic() < deadline
        os.sched_yield()


def lines_of(process: subprocess.Popen[bytes], count: int) -> list[str]:
    """Read that many events and return their ids."""
    assert process.stdout is not None
    return [json.loads(process.stdout.readline())["event_id"] for _ in range(count)]


class TestTail:
    def publish(self, store: Path, events: tuple[Event, ...]) -> list[str]:
        write_segment(store, "2026-10-04", events)
        return [event.event_id for event in events]

    def test_events_come_as_they_are_written_and_nothing_is_lost_or_doubled_over_restarts(self, tmp_path: Path) -> None:
        """The checkpoint holds what was printed, also when the tail was not there to see it written."""
        today = [event for event in EVENTS if event.event_id.startswith("evt_00")]
        store = write_store(tmp_path / "store", EVENTS[:72])
        arguments = ("tail", store, "--checkpoint", tmp_path / "checkpoint", "--columns", "event_id")

        with started(*arguments, "-n", "2") as process:
            assert lines_of(process, 2) == [event.event_id for event in EVENTS[70:72]]
            first = self.publish(store, tuple(today[:3]))
            assert lines_of(process, 3) == first
            second = self.publish(store, tuple(today[3:5]))
            assert lines_of(process, 2) == second
            process.send_signal(signal.SIGINT)
            assert process.communicate(timeout=30) == (b"", b"")
            assert process.returncode == 130

        missed = self.publish(store, tuple(today[5:9]))

        with started(*arguments, "-n", "2") as process:
            assert lines_of(process, 4) == missed
            later = self.publish(store, tuple(today[9:]))
            assert lines_of(process, len(later)) == later
            process.send_signal(signal.SIGTERM)
            assert process.communicate(timeout=30) == (b"", b"")
            assert process.returncode == 143
