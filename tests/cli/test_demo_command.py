"""`logtui demo`: the throw-away store that leaves nothing behind, and the large one that appears whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest
from tests.cli.conftest import Run

from logtui.cli.demo_copy import DemoCopy
from logtui.cli.demo_store import make_demo_store
from logtui.cli.options import OpenScreen
from logtui.core.cancel import CancelToken
from logtui.core.clock import MINUTE, SECOND, system_clock
from logtui.core.errors import Cancelled
from logtui.core.times import day_start
from logtui.services.demo.bulk import Order

PATIENCE = 20.0

OPENS_A_DEMO_AND_HANGS = """
import os, time
from logtui.cli.demo_copy import DemoCopy
import psutil
demo = DemoCopy(time.time_ns() // 1000)
print(demo.store, psutil.Process().children()[0].pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The directory for temporary files, empty and this test's own."""
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    monkeypatch.setenv("TMPDIR", str(place))
    return place


@pytest.fixture
def demo(logtui: Run, scratch: Path) -> Iterator[OpenScreen]:
    """What the screen is opened with."""
    outcome = logtui("demo", clock=None).code
    assert isinstance(outcome, OpenScreen)
    yield outcome
    assert outcome.on_exit is not None
    outcome.on_exit()


class TestScreen:
    def test_the_store_ends_now(self, demo: OpenScreen) -> None:
        newest = max(demo.store.glob("date=*/*.parquet"))
        times = pq.read_table(newest, columns=["event_time"], partitioning=None)["event_time"].cast("int64").to_pylist()

        assert (demo.query, demo.mapping) == ("", {})
        assert 0 <= system_clock() - max(times) < 3 * MINUTE

    def test_it_is_opened_at_another_time_on_demand(self, logtui: Run, scratch: Path) -> None:
        opened = logtui("demo", clock="2030-01-02T00:00:10Z").code
        assert isinstance(opened, OpenScreen)
        assert opened.on_exit is not None
        opened.on_exit()

        assert opened.clock() == day_start("2030-01-02") + 10 * SECOND

    def test_closing_leaves_nothing_behind(self, logtui: Run, scratch: Path) -> None:
        processes = psutil.Process().children()
        opened = logtui("demo", clock=None).code
        assert isinstance(opened, OpenScreen)
        assert opened.on_exit is not None
        assert list(scratch.iterdir()) == [opened.store.parent]
        opened.on_exit()

        assert list(scratch.iterdir()) == []
        assert psutil.Process().children() == processes

    def test_live_events_are_written_beside_it(self, scratch: Path) -> None:
        before = system_clock()
        copy = DemoCopy(before)
        try:
            seen = len(list(copy.store.rglob("*.parquet")))
            fresh = wait_for_more(copy.store, seen)
            (time,) = {
                max(pq.read_table(path, partitioning=None)["event_time"].cast("int64").to_pylist())
                for path in fresh[:1]
            }
        finally:
            copy.close()

        assert before <= time <= system_clock()

    def test_neither_writer_nor_store_outlives_a_demo_that_is_killed(self, scratch: Path) -> None:
        parent = subprocess.Popen([sys.executable, "-c", OPENS_A_DEMO_AND_HANGS], stdout=subprocess.PIPE, text=True)
        assert parent.stdout is not None
        with parent, parent.stdout:
            store, pid = parent.stdout.readline().split()
            assert Path(store).exists()
            writer = psutil.Process(int(pid))
            parent.kill()
        writer.wait(PATIENCE)

        assert list(scratch.iterdir()) == []

    def test_it_says_so_when_the_live_events_had_stopped(
        self, scratch: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = psutil.Process().children()
        copy = DemoCopy(system_clock())
        (writer,) = set(psutil.Process().children()).difference(before)
        writer.terminate()
        os.waitid(os.P_PID, writer.pid, os.WEXITED | os.WNOWAIT)
        copy.close()

        assert "the live events had stopped: exit code -15" in capsys.readouterr().err
        assert list(scratch.iterdir()) == []

    def test_a_missing_place_for_temporary_files_is_told(
        self, logtui: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
        outcome = logtui("demo")

        assert outcome.code == 1
        assert "set TMPDIR" in outcome.err


class TestMaking:
    def test_it_makes_a_store_and_says_so_on_stderr(self, logtui: Run, tmp_path: Path) -> None:
        outcome = logtui("demo", "--events", "1_000", "--days", "2", "--seed", "3", "--out", tmp_path / "store")

        assert (outcome.code, outcome.out) == (0, b"")
        assert "1,000 events" in outcome.err
        assert sorted(path.name for path in (tmp_path / "store").iterdir()) == [
            ".logtui", "date=2026-10-03", "date=2026-10-04",
        ]  # fmt: skip
        assert json.loads((tmp_path / "store" / ".logtui" / "root.json").read_text())["format"] == 1
        assert [path.name for path in tmp_path.iterdir()] == ["store"]

    def test_an_empty_directory_is_taken(self, logtui: Run, tmp_path: Path) -> None:
        (tmp_path / "store").mkdir()

        assert logtui("demo", "--events", "10", "--out", tmp_path / "store").code == 0
        assert (tmp_path / "store" / ".logtui").is_dir()

    @pytest.mark.parametrize("kind", ["file", "full directory", "link"])
    def test_what_is_there_is_never_touched(self, logtui: Run, tmp_path: Path, kind: str) -> None:
        place = tmp_path / "store"
        match kind:
            case "file":
                place.write_text("precious")
            case "link":
                place.symlink_to(tmp_path / "elsewhere")
            case _:
                place.mkdir()
                (place / "precious").touch()
        outcome = logtui("demo", "--events", "10", "--out", place)

        assert outcome.code == 1
        assert "is there already" in outcome.err
        assert len(list(tmp_path.rglob("*"))) == (2 if kind == "full directory" else 1)

    def test_only_the_last_directory_is_made(self, logtui: Run, tmp_path: Path) -> None:
        outcome = logtui("demo", "--events", "10", "--out", tmp_path / "typo" / "store")

        assert outcome.code == 1
        assert "typo is not a directory" in outcome.err
        assert list(tmp_path.iterdir()) == []

    def test_an_interrupted_one_leaves_nothing(self, tmp_path: Path) -> None:
        token = CancelToken()
        token.cancel()

        with pytest.raises(Cancelled):
            make_demo_store(tmp_path / "store", Order(100, 2, 1, system_clock()), token)
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(
        ("arguments", "complaint"),
        [
            (["--events", "5"], "--events needs --out"),
            (["--seed", "0"], "--seed needs --out"),
            (["--out", "x", "--events", "0"], "from 1 to"),
            (["--out", "x", "--events", "many"], "from 1 to"),
            (["--out", "x", "--days", "-1"], "days"),
            (["--out", "x", "--days", "10001"], "from 1 to 10,000"),
            (["somewhere"], "somewhere"),
        ],
    )
    def test_mistakes_are_told(self, logtui: Run, arguments: list[str], complaint: str) -> None:
        outcome = logtui("demo", *arguments)

        assert outcome.code == 2
        assert complaint in outcome.err


def wait_for_more(store: Path, count: int) -> list[Path]:
    """Block until there are more segments than `count`; the newest first."""
    from logtui.storage.watch import watch

    watcher = watch(store)
    deadline = system_clock() + int(PATIENCE * SECOND)
    try:
        while len(paths := list(store.rglob("*.parquet"))) <= count:
            assert system_clock() < deadline, "no live event came"
            watcher.wait(1.0)
    finally:
        watcher.close()
    return sorted(paths, key=lambda path: path.stat().st_ctime_ns, reverse=True)
