"""Compaction when the process or the power dies half-way: readers see each event once, and the next run converges."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.storage.test_compaction import PARTITION, fill, live, names, run

from logtui.session import make_store

KILLED_AT_EVERY_STEP = """
import json, os, shutil, sys
from pathlib import Path
from tests.dying import die_at
from tests.storage.test_compaction import run

root, finished = Path(sys.argv[1]), []
while not finished or not finished[-1]:
    store = root / str(len(finished) + 1)
    shutil.copytree(root / "store", store)
    child = os.fork()
    if child == 0:
        die_at(int(store.name))
        run(store)
        os._exit(0)
    finished.append(os.waitpid(child, 0)[1] == 0)
print(json.dumps(finished))
"""


def test_a_compactor_that_is_killed_shows_no_reader_anything(tmp_path: Path) -> None:
    """At each step: every event once, and the next run leaves one segment and nothing else."""
    make_store(tmp_path / "store")
    fill(tmp_path / "store")
    expected = live(tmp_path / "store")
    command = [sys.executable, "-c", KILLED_AT_EVERY_STEP, str(tmp_path)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120, cwd=root)
    finished = json.loads(done.stdout)
    stores = [tmp_path / str(step + 1) for step in range(len(finished))]

    assert len(stores) > 20
    assert finished == [False] * (len(stores) - 1) + [True]
    assert any(any(name.endswith(".replaces") for name in names(store)) for store in stores)
    for store in stores:
        assert live(store) == expected
        run(store)
        assert live(store) == expected
        assert [name[0] for name in names(store)] == ["c"]


@dataclass(frozen=True)
class Operation:
    """What was done to the names of the partition: link, unlink, or flush."""

    kind: str
    name: str = ""


@dataclass(frozen=True)
class Recording:
    """What a compaction did to a partition, in order."""

    before: frozenset[str]
    done: tuple[Operation, ...]
    contents: Path
    """Every file that ever had a name."""

    def without(self, place: int) -> Recording:
        return Recording(self.before, self.done[:place] + self.done[place + 1 :], self.contents)

    def after_power_loss(self) -> Iterator[frozenset[str]]:
        """Yield what may be there after the power went at any moment: names that were not flushed come as they like."""
        for length in range(len(self.done) + 1):
            done = self.done[:length]
            flushed = max((at + 1 for at, each in enumerate(done) if each.kind == "flush"), default=0)
            durable = _applied(self.before, done[:flushed])
            pending = done[flushed:]
            for kept in itertools.product((False, True), repeat=len(pending)):
                yield _applied(durable, tuple(itertools.compress(pending, kept)))

    def violations(self, expected: list[str], place: Path) -> int:
        """Count the different states after power loss in which a reader does not see each event once."""
        return sum(not self._is_whole(state, expected, place) for state in set(self.after_power_loss()))

    def _is_whole(self, state: frozenset[str], expected: list[str], place: Path) -> bool:
        shutil.rmtree(place, ignore_errors=True)
        make_store(place)
        (place / PARTITION).mkdir()
        for name in state:
            os.link(self.contents / name, place / PARTITION / name)
        return live(place) == expected


def _applied(names: frozenset[str], done: tuple[Operation, ...]) -> frozenset[str]:
    for each in done:
        names = names | {each.name} if each.kind == "link" else names - {each.name}
    return names


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Recording, list[str]]:
    """A whole compaction, with everything that it did to the names in its partition."""
    store = tmp_path / "store"
    make_store(store)
    fill(store, segments=3)
    expected, before = live(store), frozenset(names(store))
    partition, contents = store / PARTITION, tmp_path / "contents"
    contents.mkdir()
    for name in before:
        os.link(partition / name, contents / name)
    done: list[Operation] = []
    flushed: set[int] = set()
    fsync, link, unlink = os.fsync, os.link, os.unlink

    def noting_fsync(descriptor: int) -> None:
        fsync(descriptor)
        state = os.fstat(descriptor)
        flushed.add(state.st_ino)
        if os.path.samestat(state, partition.stat()):
            done.append(Operation("flush"))

    def noting_link(source: Path, target: Path, **options: bool) -> None:
        link(source, target, **options)
        if Path(target).parent == partition:
            assert Path(source).stat().st_ino in flushed, "a file must be on the disk before it has a name"
            link(source, contents / Path(target).name)
            done.append(Operation("link", Path(target).name))

    def noting_unlink(path: Path, **options: int) -> None:
        unlink(path, **options)
        if Path(path).parent == partition:
            done.append(Operation("unlink", Path(path).name))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", noting_fsync)
        patched.setattr(os, "link", noting_link)
        patched.setattr(os, "unlink", noting_unlink)
        run(store)
    return Recording(before, tuple(done), contents), expected


def test_no_power_loss_shows_an_event_twice_or_not_at_all(
    recorded: tuple[Recording, list[str]], tmp_path: Path
) -> None:
    recording, expected = recorded

    assert [each.kind for each in recording.done] == [
        "link", "flush", "link", "flush", "unlink", "unlink", "unlink", "flush", "unlink",
    ]  # fmt: skip
    assert recording.violations(expected, tmp_path / "after") == 0


def test_each_flush_is_load_bearing(recorded: tuple[Recording, list[str]], tmp_path: Path) -> None:
    """Without any one of them, some power loss shows a reader something wrong: the test above would notice."""
    recording, expected = recorded
    flushes = [place for place, each in enumerate(recording.done) if each.kind == "flush"]

    for place in flushes:
        assert recording.without(place).violations(expected, tmp_path / "after") > 0
