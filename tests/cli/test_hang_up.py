"""Commands that run until they are ended, when the terminal that they run on is closed."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from pathlib import Path

import psutil
import pytest
from tests.slow_store import SLOW_QUERY, make_slow_store
from tests.terminal import Terminal

pytestmark = pytest.mark.pty

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
COMMANDS = {
    "query": (["query", "{place}/slow.parquet", SLOW_QUERY], "days searched"),
    "tail": (["tail", "{place}/store", "-n", "1"], "session"),
    "ingest": (["ingest", "{place}/store", "{place}/in.ndjson", "--follow"], "following"),
    "receive": (["receive", "{place}/store", "--secret-file", "{place}/secret", "--listen", "127.0.0.1:0"], "into"),
}


@pytest.fixture
def place(small_store: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_store, tmp_path / "store")
    record = {"event_time": "2026-10-04T00:00:00Z", "event_type": "a.b", "actor": "x"}
    (tmp_path / "in.ndjson").write_text(json.dumps(record) + "\n")
    (tmp_path / "secret").write_text(SECRET)
    (tmp_path / "secret").chmod(0o600)
    return tmp_path


def running(place: Path, command: str) -> Terminal:
    arguments, sign = COMMANDS[command]
    if command == "query":
        make_slow_store(place / "slow.parquet", megabytes=1000)
    program = [sys.executable, "-m", "logtui", *(each.replace("{place}", str(place)) for each in arguments)]
    terminal = Terminal(program, env={"TMPDIR": str(place)})
    terminal.wait_for(sign)
    return terminal


@pytest.mark.parametrize("command", COMMANDS)
def test_closing_the_terminal_ends_it_with_129(place: Path, command: str) -> None:
    with running(place, command) as terminal:
        processes = [psutil.Process(terminal.pid), *psutil.Process(terminal.pid).children(recursive=True)]
        terminal.hang_up()

        assert terminal.wait_exit() == 129
        assert psutil.wait_procs(processes, timeout=5)[1] == []
        assert not list(place.glob("logtui-*"))


def test_quitting_by_signal_is_told_by_the_code(place: Path) -> None:
    """Of the one that handles signals by itself."""
    with running(place, "receive") as terminal:
        terminal.signal(signal.SIGQUIT)

        assert terminal.wait_exit() == 131
        assert terminal.left_behind == []


def test_a_terminal_that_closes_while_it_is_written_to_is_no_failure_of_the_output(place: Path) -> None:
    """The hang-up may be heard before or after the write that fails."""
    store = make_slow_store(place / "slow.parquet")
    program = f"{sys.executable} -m logtui query {store} --limit all --format ndjson"
    # Hang-ups are ignored, so that only the write can tell.
    with Terminal(["sh", "-c", f'trap "" HUP; {program}; echo $? >{place}/code']) as terminal:
        terminal.wait_for("klmnopqrst")
        terminal.hang_up()
        terminal.wait_exit()

        assert (place / "code").read_text() == "129\n"
