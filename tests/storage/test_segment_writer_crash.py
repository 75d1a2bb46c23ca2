"""Publishing when the process or the disk dies half-way: the whole segment or nothing of it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.core.times import day_start
from logtui.storage.segment_writer import SegmentExistsError, init_store, write_segment

DAY = "2026-10-04"
EVENTS = [
    Event(day_start(DAY) + n, f"evt_{n}", "session.created", payload="{}", ingested_at=day_start(DAY)) for n in range(3)
]

KILLED_AT_EVERY_STEP = """
import json, os, sys
from pathlib import Path
from logtui.storage.segment_writer import init_store, write_segment
from tests.dying import die_at
from tests.storage.test_segment_writer_crash import DAY, EVENTS

acknowledged = []
while not acknowledged or not acknowledged[-1]:
    store = Path(sys.argv[1]) / str(len(acknowledged) + 1)
    child = os.fork()
    if child == 0:
        init_store(store)
        die_at(int(store.name))
        write_segment(store, DAY, EVENTS, name="batch")
        os._exit(0)
    acknowledged.append(os.waitpid(child, 0)[1] == 0)
print(json.dumps(acknowledged))
"""


def rows(store: Path) -> int:
    """Count what a plain glob of another tool would see; fails on a torn file."""
    return sum(pq.read_table(path, partitioning=None).num_rows for path in store.rglob("*.parquet"))


def test_a_writer_that_is_killed_leaves_all_or_nothing(tmp_path: Path) -> None:
    """At each step: 0 or all rows, all of them once acknowledged, and a retry makes it exactly once."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd=root)
    acknowledged = json.loads(done.stdout)
    stores = [tmp_path / str(step + 1) for step in range(len(acknowledged))]
    seen = [rows(store) for store in stores]

    assert set(seen) == {0, len(EVENTS)}
    assert seen == sorted(seen)
    assert seen[-1] == len(EVENTS)
    assert acknowledged == [False] * (len(seen) - 1) + [True]
    for store in stores:
        with suppress(SegmentExistsError):
            write_segment(store, DAY, EVENTS, name="batch")
        assert rows(store) == len(EVENTS)


def test_everything_is_on_the_disk_before_the_name_and_the_name_before_the_return(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each flush is load-bearing: without one of them a power cut loses or tears an acknowledged segment."""
    store = tmp_path / "store"
    init_store(store)
    done: list[str] = []
    fsync, link = os.fsync, os.link

    def noting_fsync(descriptor: int) -> None:
        fsync(descriptor)
        flushed = os.fstat(descriptor)
        directories = [store, *store.glob("date=*")]
        done.append(next((d.name for d in directories if os.path.samestat(d.stat(), flushed)), "the file"))

    def noting_link(source: Path, target: Path, *, follow_symlinks: bool) -> None:
        link(source, target, follow_symlinks=follow_symlinks)
        done.append("link")

    monkeypatch.setattr(os, "fsync", noting_fsync)
    monkeypatch.setattr(os, "link", noting_link)
    write_segment(store, DAY, EVENTS)

    assert done == ["the file", "store", "link", f"date={DAY}"]


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_flush_that_fails_is_an_error_and_nothing_stays_visible(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    """The caller is told, so what it will write again must not be there already; the flush is not repeated."""
    store = tmp_path / "store"
    init_store(store)
    calls = 0

    def fsync(descriptor: int) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(StoreError, match="input/output error"):
        write_segment(store, DAY, EVENTS)

    assert calls == failing
    assert [path.name for path in store.rglob("*") if path.is_file()] == ["root.json"]
