"""Promises that only a process of its own can show: imports, pipes, signals, a full disk."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import subprocess
import sys
import termios
import time
from array import array
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from tests.samples import small_events, write_store
from tests.slow_store import SLOW_QUERY, make_slow_store

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

    def test_a_tail_notices_that_its_reader_goes_away_in_the_middle(
        self, slow_store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Also where Python does not buffer, as in many containers: a write is cut short then, and must go on."""
        monkeypatch.setenv("PYTHONUNBUFFERED", "1")
        with started("tail", slow_store, "-n", "500") as process:
            assert process.stdout is not None
            wait_until_full(process.stdout.fileno())
            os.read(process.stdout.fileno(), 100)
            process.stdout.close()
            process.stdout = None
            process.wait(timeout=30)

        assert process.returncode == 0

    def test_nothing_is_lost_when_a_write_is_interrupted(
        self, slow_store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Stopped (ctrl+z) and continued in the middle of a write, without a buffer of Python's."""
        monkeypatch.setenv("PYTHONUNBUFFERED", "1")
        with started("query", slow_store, "--limit", "500") as process:
            assert process.stdout is not None
            for _ in range(3):
                wait_until_full(process.stdout.fileno())
                process.send_signal(signal.SIGSTOP)
                os.waitid(os.P_PID, process.pid, os.WSTOPPED | os.WNOWAIT)
                process.send_signal(signal.SIGCONT)
            out = process.stdout.read()

        assert len([json.loads(line) for line in out.splitlines()]) == 500

    @pytest.mark.parametrize("is_unbuffered", ["", "1"])
    def test_a_stdout_that_does_not_wait_gets_all(
        self, slow_store: Path, monkeypatch: pytest.MonkeyPatch, is_unbuffered: str
    ) -> None:
        """Another program that shares it may have set it so."""
        monkeypatch.setenv("PYTHONUNBUFFERED", is_unbuffered)
        reading, writing = os.pipe()
        os.set_blocking(writing, False)
        with subprocess.Popen([*PROGRAM, "query", slow_store, "--limit", "500"], stdout=writing, stderr=-1) as process:
            os.close(writing)
            wait_until_full(reading)
            with os.fdopen(reading, "rb") as pipe:
                out = pipe.read()
            process.communicate(timeout=30)

        assert process.returncode == 0
        assert len([json.loads(line) for line in out.splitlines()]) == 500

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


class TestNames:
    """A name on disk is any bytes but NUL and `/`; 0xff is in no UTF-8 text."""

    NAME = os.fsdecode(b"odd\xff")

    @pytest.fixture
    def store(self, small_store: Path, tmp_path: Path) -> Path:
        """Files of events and a damaged one, all of them with such names, in such directories."""
        directory = tmp_path / self.NAME / self.NAME
        directory.mkdir(parents=True)
        for number, segment in enumerate(sorted(small_store.glob("date=*/*.parquet"))):
            shutil.copy(segment, directory / f"{number}{self.NAME}.parquet")
        (directory / f"torn{self.NAME}.parquet").touch()
        return tmp_path / self.NAME

    def test_files_and_directories_are_read(self, store: Path) -> None:
        """And named in messages in a form that a terminal can show."""
        done = run("query", store, "--limit", "all", "--columns", "event_id")

        ids = [json.loads(line)["event_id"] for line in done.stdout.splitlines()]
        assert ids == [event.event_id for event in reversed(EVENTS)]
        assert done.stderr == b"logtui: odd\\udcff/tornodd\\udcff.parquet: is empty, so its events are not shown\n"
        assert done.returncode == 1

    def test_one_file_is_a_store(self, store: Path) -> None:
        """Named directly."""
        done = run("stats", store / self.NAME / f"0{self.NAME}.parquet", "--by", "actor")

        assert (done.returncode, done.stderr) == (0, b"")
        assert sum(json.loads(line)["count"] for line in done.stdout.splitlines()) == 18

    def test_new_files_are_followed(self, store: Path, tmp_path: Path) -> None:
        """With a checkpoint of such a name."""
        arguments = ("tail", store, "--checkpoint", tmp_path / f"cp{self.NAME}", "--columns", "event_id", "-n", "1")
        with started(*arguments) as process:
            assert lines_of(process, 1) == [EVENTS[-1].event_id]
            other = write_store(tmp_path / "other", [replace(EVENTS[-1], event_id="evt_new")])
            next(other.glob("date=*/*.parquet")).rename(store / f"new{self.NAME}.parquet")
            assert lines_of(process, 1) == ["evt_new"]

    def test_an_output_may_have_such_a_name(self, small_store: Path, tmp_path: Path) -> None:
        """As any other."""
        target = tmp_path / f"{self.NAME}.csv"

        assert run("query", small_store, "-o", target, "--limit", "1").returncode == 0
        assert target.read_bytes().count(b"\n") == 2

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (["no" + NAME], 1),
            (["STORE", "actor:" + NAME], 2),
            (["STORE", "--map", f"actor={NAME}"], 1),
            (["STORE", "--map", f"{NAME}=actor"], 2),
            (["STORE", "--columns", NAME], 2),
            (["STORE", "--config", NAME], 2),
            (["STORE", "--now", NAME], 2),
            (["STORE", "-o", NAME], 2),
            (["STORE", "--" + NAME], 2),
        ],
    )
    def test_arguments_are_refused_in_words(self, small_store: Path, arguments: list[str], code: int) -> None:
        """Never as a mistake of logtui's own."""
        done = run("query", *(str(small_store) if text == "STORE" else text for text in arguments))

        assert done.returncode == code
        assert b"\\udcff" in done.stderr
        assert b"internal error" not in done.stderr
        assert done.stdout == b""


class TestOutputFile:
    @pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
    def test_a_name_of_stdout_is_stdout(self, small_store: Path, tmp_path: Path, name: str) -> None:
        """A file behind it gets the events where the shell has it open: what `>>` found there stays."""
        out = tmp_path / "out"
        out.write_bytes(b"before\n")
        command = [*PROGRAM, "query", str(small_store), "--limit", "1", "--columns", "event_id", "-o", name]
        with out.open("ab") as appended:
            done = subprocess.run(command, stdout=appended, stderr=subprocess.PIPE, check=False, timeout=60)

        first, second = out.read_text().splitlines()
        assert (done.returncode, first, json.loads(second)) == (0, "before", {"event_id": EVENTS[-1].event_id})
        assert list(tmp_path.iterdir()) == [out]

    def test_an_open_file_may_be_named_by_its_number(self, small_store: Path, tmp_path: Path) -> None:
        """As the shell does for `-o >(gzip)`."""
        line = f'"$@" --format ndjson -o /dev/fd/7 7> >(cat > {tmp_path}/out); wait'
        command = ["bash", "-c", line, "bash", *PROGRAM, "query", str(small_store), "--limit", "3"]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)

        assert (done.returncode, done.stdout) == (0, b"")
        out = tmp_path / "out"
        wait_until(lambda: out.exists() and out.read_bytes().count(b"\n") == 3)


def wait_until(is_so: Callable[[], bool]) -> None:
    """Wait for another process."""
    deadline = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < deadline
        os.sched_yield()


class TestClosedFiles:
    @pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    def test_an_export_holds_events_and_nothing_else(self, small_store: Path, tmp_path: Path, closed: str) -> None:
        """A file that is opened does not become stdout or stderr, into which anybody writes."""
        target = tmp_path / "out.ndjson"
        command = ["sh", "-c", f'"$@" {closed}', "sh", *PROGRAM, "query", str(small_store), "-o", str(target)]
        done = subprocess.run(command, capture_output=True, check=False, timeout=60)

        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        assert [json.loads(line)["event_id"] for line in target.read_text().splitlines()] == [
            event.event_id for event in reversed(EVENTS)
        ]

    @pytest.mark.parametrize("number", [0, 1, 2])
    def test_no_file_takes_the_number_of_one_that_is_closed(self, small_store: Path, number: int) -> None:
        """DuckDB's library would write its complaints into a segment's descriptor."""
        code = (
            "import os; from logtui.cli.standard_files import occupy; occupy(); opened = os.open('/', os.O_RDONLY); "
            f"raise SystemExit(opened <= 2 or not os.path.samefile('/proc/self/fd/{number}', os.devnull))"
        )
        done = subprocess.run(["sh", "-c", f'"$@" {number}>&-', "sh", sys.executable, "-c", code], check=False)

        assert done.returncode == 0


@pytest.fixture(scope="module")
def slow_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One small file that unfolds to 500 MB of payload text: seconds of work for a regex."""
    return make_slow_store(tmp_path_factory.mktemp("slow") / "slow.parquet")


class TestSignals:
    @pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_a_running_query_ends_at_once(
        self, slow_store: Path, tmp_path: Path, number: signal.Signals, code: int
    ) -> None:
        """Nothing is left of the unfinished file, and there is no traceback."""
        target = tmp_path / "out.csv"
        with started("query", slow_store, SLOW_QUERY, "-o", target) as process:
            wait_until_searched(process.pid, slow_store)
            asked_at = time.monotonic()
            process.send_signal(number)
            out, err = process.communicate(timeout=30)
            took = time.monotonic() - asked_at

        assert (process.returncode, out, err) == (code, b"", b"")
        assert took < 1.5
        assert list(tmp_path.iterdir()) == []

    def test_what_a_kill_leaves_is_little_and_goes_with_the_next_run(
        self, slow_store: Path, small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """No unfinished file beside the target, and the directory for spilled events only until then."""
        target, places = tmp_path / "out" / "out.csv", tmp_path / "tmp"
        target.parent.mkdir()
        places.mkdir()
        monkeypatch.setenv("TMPDIR", str(places))
        with started("query", slow_store, SLOW_QUERY, "-o", target) as process:
            # Python tries a place for temporary files out with a file that is gone at once.
            wait_until(lambda: any(place.is_dir() for place in places.iterdir()))
            process.kill()
            process.wait()
        assert len(list(places.iterdir())) == 1
        assert list(target.parent.iterdir()) == []

        assert run("query", small_store).returncode == 0
        assert list(places.iterdir()) == []

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
