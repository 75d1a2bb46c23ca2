"""`logtui ingest` as a process: signals, kill -9, pipes that go on, a disk that is full."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest

PROGRAM = [sys.executable, "-m", "logtui"]
AT = 1_759_570_200


def line(number: int) -> bytes:
    return b'{"time":%d,"type":"a.b","id":"%06d"}\n' % (AT + number, number)


@contextmanager
def started(*arguments: str | Path) -> Iterator[subprocess.Popen[bytes]]:
    """Start the program in a way that ctrl+c reaches it, and see to it that it ends with the test."""
    process = subprocess.Popen([*PROGRAM, "ingest", *arguments], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def _let_others_work(seconds: float) -> None:
    """Looking again without a pause would take the processor away from the program."""
    threading.Event().wait(seconds)


def ids(store: Path) -> list[str]:
    """Read the ids as any other tool would."""
    files = sorted(store.glob("date=*/*.parquet"))
    return sorted(each for path in files for each in pq.read_table(path, columns=["event_id"])["event_id"].to_pylist())


def wait_for(store: Path, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(ids(store)) < count:
        assert time.monotonic() < deadline
        _let_others_work(0.02)


def test_events_of_a_pipe_that_stays_open_are_stored_while_it_is(tmp_path: Path) -> None:
    """`tail -f app.log | logtui ingest STORE -` needs no end of the input."""
    store = tmp_path / "store"
    with started(store, "-") as process:
        assert process.stdin is not None
        for number in range(2):
            process.stdin.write(line(number))
            process.stdin.flush()
            wait_for(store, number + 1)
        process.stdin.close()
        process.stdin = None

        assert process.wait(timeout=30) == 0


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_following_with_everything_stored_that_was_read(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    """The summary is said, there is no traceback, and the next run goes on."""
    store, log = tmp_path / "store", tmp_path / "app.log"
    log.write_bytes(line(0))
    with started(store, log, "--follow") as process:
        wait_for(store, 1)
        process.send_signal(number)
        _, said = process.communicate(timeout=30)

    assert process.returncode == code
    assert said.splitlines()[-1].startswith(b"logtui: 1 event stored;")


def test_a_follower_that_is_killed_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    """SIGKILL at random moments while the file grows and is rotated; each event is there once in the end."""
    store, log = tmp_path / "store", tmp_path / "app.log"
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    written = 0
    log.touch()
    with started(store, log, "--follow") as process:
        # Files that are renamed before anybody followed them are nobody's.
        log.write_bytes(line(0))
        written = 1
        wait_for(store, 1)
    for _ in range(5):
        with started(store, log, "--follow") as process:
            deadline = time.monotonic() + chance.uniform(0.3, 2.5)
            most = written + 1000
            while time.monotonic() < deadline:
                if written < most:
                    with log.open("ab") as file:
                        file.write(b"".join(map(line, range(written, written + 20))))
                    written += 20
                    if chance.random() < 0.03:
                        log.rename(tmp_path / f"app.log.{written}")
                _let_others_work(0.001)
            process.kill()
    with started(store, log, "--follow") as process:
        wait_for(store, written)
        process.terminate()
        process.wait(timeout=30)

    assert ids(store) == [f"{number:06}" for number in range(written)], f"seed {seed}"


def test_a_full_disk_is_told_and_the_next_run_adds_the_rest(tmp_path: Path) -> None:
    """Nothing half-written is visible."""
    store, source = tmp_path / "store", tmp_path / "in"
    source.write_bytes(b"".join(map(line, range(20_000))))

    def leave_no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    command: list[str | Path] = [*PROGRAM, "ingest", store, source]
    full = subprocess.run(command, capture_output=True, preexec_fn=leave_no_room, check=False, timeout=60)
    seen = ids(store)
    again = subprocess.run(command, capture_output=True, check=False, timeout=60)

    assert (full.returncode, seen) == (1, [])
    assert b"file too large; what was stored stays, and running it again adds only the rest" in full.stderr
    assert b"Traceback" not in full.stderr
    assert (again.returncode, len(ids(store))) == (0, 20_000)


def test_what_found_room_before_the_disk_was_full_is_counted(tmp_path: Path) -> None:
    """The summary agrees with what the store holds."""
    store, source = tmp_path / "store", tmp_path / "in"
    source.write_bytes(b"".join(map(line, [*range(10), *range(200_000, 220_000)])))

    def leave_little_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    done = subprocess.run(
        [*PROGRAM, "ingest", store, source], capture_output=True, preexec_fn=leave_little_room, check=False, timeout=60
    )

    assert (done.returncode, len(ids(store))) == (1, 10)
    assert b"logtui: 10 events stored, 20,000 events read but not stored" in done.stderr


AS_SOMEBODY_ELSE = """
import os, sys
from logtui.cli.main import main
main(["ingest", sys.argv[1], sys.argv[3]])
os.setgid(65534)
os.setuid(65534)
sys.exit(main(["ingest", sys.argv[2], sys.argv[3]]))
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs to become another user")
def test_a_store_that_may_not_be_written_to_is_told(tmp_path: Path) -> None:
    """The error names the place."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        place.chmod(0o755)
        source = place / "in"
        source.write_bytes(line(0))
        command = [sys.executable, "-c", AS_SOMEBODY_ELSE, str(tmp_path / "warm"), str(place / "store"), str(source)]
        home = {**os.environ, "HOME": name}
        done = subprocess.run(command, capture_output=True, check=False, timeout=60, env=home)

    assert done.returncode == 1
    assert f"cannot make a store in {place}/store: permission denied".encode() in done.stderr
    assert b"Traceback" not in done.stderr


def test_without_a_terminal_there_is_a_summary_and_nothing_else(tmp_path: Path) -> None:
    """Without a terminal there is no progress bar, and stdout stays empty."""
    source = tmp_path / "in"
    source.write_bytes(line(0))
    done = subprocess.run([*PROGRAM, "ingest", tmp_path / "s", source], capture_output=True, check=False, timeout=60)

    assert (done.returncode, done.stdout) == (0, b"")
    assert b"\r" not in done.stderr
    assert done.stderr.count(b"event stored") == 1


def test_standard_input_is_asked_like_a_store() -> None:
    """`zcat old.gz | logtui query - 'is:failure'`."""
    done = subprocess.run(
        [*PROGRAM, "query", "-", "id:000001", "--columns", "event_id"],
        input=line(0) + line(1), capture_output=True, check=False, timeout=60,
    )  # fmt: skip

    assert (done.returncode, done.stdout) == (0, b'{"event_id":"000001"}\n')


@pytest.mark.parametrize("arguments", [["query", "-"], ["ingest", "store", "-"]])
def test_standard_input_that_is_closed_is_an_error(tmp_path: Path, arguments: list[str]) -> None:
    """It is not an empty one, and its number may be another file's."""
    command = 'exec "$@" <&-'
    done = subprocess.run(
        ["sh", "-c", command, "sh", *PROGRAM, *arguments], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert "logtui: standard input: it is closed\n" in done.stderr
