"""Following a real store: new events once each, in order, and nothing else."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.asking import add, event, fresh, ids, listed, own_store, select

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR
from logtui.core.errors import Cancelled
from logtui.core.event import Event
from logtui.core.page import NOTHING_FRESH
from logtui.storage.duckdb.engine import DuckDBEngine
from logtui.storage.engine import Follow, Position

OLD = [event(number * HOUR) for number in range(30)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return own_store(tmp_path / "store", OLD)


@pytest.fixture
def engine(store: Path) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(store)
    yield engine
    engine.close()


class TestFresh:
    def test_begins_with_nothing(self, engine: DuckDBEngine) -> None:
        assert fresh(engine.follow()) == NOTHING_FRESH

    def test_gives_new_events_once_newest_first(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        new = [event(2 * DAY + number, f"evt_{number}") for number in range(5)]
        add(store, new)

        found = fresh(follow)

        assert list(found.events) == listed(new)
        assert found.count == 5
        assert not found.is_reset
        assert fresh(follow) == NOTHING_FRESH

    def test_gives_late_events_too(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        add(store, [event(90 * 60_000_000, "evt_late")])

        assert [each.event_id for each in fresh(follow).events] == ["evt_late"]

    def test_counts_more_than_it_gives(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        new = [event(DAY + number, f"evt_{number}") for number in range(7)]
        add(store, new)

        found = fresh(follow, limit=3)

        assert list(found.events) == listed(new)[:3]
        assert found.count == 7

    def test_keeps_to_the_query(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        add(store, [event(DAY, "evt_a", actor="user_bob"), event(DAY, "evt_b"), event(3 * DAY, "evt_c")])

        found = fresh(follow, "actor:user_ada until:2026-10-03")

        assert [each.event_id for each in found.events] == ["evt_b"]
        assert fresh(follow) == NOTHING_FRESH

    def test_lists_only_what_changed_when_told(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        [seen] = add(store, [event(DAY, "evt_seen")])
        add(store, [event(0, "evt_unseen")])

        found = fresh(follow, changed=[str(seen)])
        rest = fresh(follow)

        assert [each.event_id for each in found.events] == ["evt_seen"]
        assert [each.event_id for each in rest.events] == ["evt_unseen"]

    def test_sees_a_new_day_by_its_directory(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        [path] = add(store, [event(9 * DAY, "evt_new")])

        assert fresh(follow, changed=[str(store / ".logtui" / "tmp")]) == NOTHING_FRESH
        assert fresh(follow, changed=[str(path.parent)]).count == 1

    def test_resets_when_a_day_goes(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        shutil.rmtree(store / "date=2026-10-01")

        found = fresh(follow, changed=[str(store / "date=2026-10-01")])

        assert found.is_reset
        assert fresh(follow) == NOTHING_FRESH

    def test_cancelled_loses_nothing(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        add(store, [event(DAY, "evt_new")])
        token = CancelToken()
        token.cancel()

        with pytest.raises(Cancelled):
            follow.fresh(select(""), limit=10, token=token)

        assert fresh(follow).count == 1

    def test_passes_over_a_damaged_segment_and_says_so(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        (store / "date=2026-10-01" / "i-bad.parquet").write_bytes(b"")
        add(store, [event(DAY, "evt_new")])

        assert fresh(follow).count == 1
        assert [problem.path for problem in engine.problems()] == ["date=2026-10-01/i-bad.parquet"]


class TestPosition:
    def test_continues_in_another_engine(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        add(store, [event(DAY, "evt_first")])
        fresh(follow)
        position = follow.position
        add(store, [event(DAY + 1, "evt_second")])
        other = DuckDBEngine(store)

        found = fresh(other.follow(position))

        assert [each.event_id for each in found.events] == ["evt_second"]
        other.close()

    def test_names_segments_of_the_store(self, store: Path, engine: DuckDBEngine) -> None:
        expected = {str(path.relative_to(store)) for path in store.glob("date=*/*.parquet")}

        assert engine.follow().position == expected

    def test_forgets_what_is_gone(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        shutil.rmtree(store / "date=2026-10-01")
        fresh(follow)

        assert all(name.startswith("date=2026-10-02/") for name in follow.position)

    def test_from_nothing_gives_everything(self, engine: DuckDBEngine) -> None:
        assert fresh(engine.follow(frozenset())).count == len(OLD)


class TestCatchUp:
    def caught(self, follow: Follow, *, with_payload: bool = False) -> list[Event]:
        parts = list(follow.catch_up(select(""), token=CancelToken(), with_payload=with_payload))
        assert [part.is_final for part in parts] == [False] * (len(parts) - 1) + [True]
        return [each for part in parts for each in part.events]

    def test_gives_everything_new_oldest_first(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        new = [event(DAY + number // 3, f"evt_{number:02}") for number in range(20)]
        for start in range(0, 20, 5):
            add(store, new[start : start + 5])

        assert self.caught(follow, with_payload=True) == new
        assert self.caught(follow) == []

    def test_gives_again_what_was_not_taken(self, store: Path, engine: DuckDBEngine) -> None:
        follow = engine.follow()
        add(store, [event(DAY, "evt_new")])
        parts = follow.catch_up(select(""), token=CancelToken())
        next(parts)

        assert [each.event_id for each in self.caught(follow)] == ["evt_new"]


def test_a_store_under_compaction_gives_every_event_once(tmp_path: Path) -> None:
    """Writers, a compactor that removes its inputs, and a follower that looks now and then: each event exactly once.

    What the follower has given out can be counted at any time.
    """
    store = own_store(tmp_path / "store")
    engine = DuckDBEngine(store)
    follow = engine.follow()
    dice = random.Random(3)
    written: list[str] = []
    seen: list[str] = []
    compactor = Compactor(store)
    for step in range(120):
        action = dice.choice(("write", "write", "look", "merge", "clean"))
        if action == "write":
            written.append(f"evt_{step:03}")
            add(store, [event(dice.randrange(2) * DAY + step, written[-1])])
        elif action == "look":
            found = fresh(follow)
            assert not found.is_reset
            seen.extend(each.event_id for each in found.events)
            compactor.was_seen()
        elif action == "merge":
            compactor.merge(dice.randrange(2))
        else:
            compactor.clean()
        assert len(seen) == total(engine, follow.position)
    seen.extend(each.event_id for each in fresh(follow).events)

    assert sorted(seen) == written
    assert [each.event_id for page in engine.pages(select(""), limit=None, token=CancelToken()) for each in page.events]
    engine.close()


def total(engine: DuckDBEngine, within: Position) -> int:
    """Return the exact number of events that a follower has given out."""
    return list(engine.summary(select(""), bucket=None, token=CancelToken(), within=within))[-1].total


class Compactor:
    """Merges segments as STORE.md says; removes inputs only once a follower has looked, as the grace time is for."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._count = 0
        self._waiting: dict[Path, list[Path]] = {}
        self._ready: dict[Path, list[Path]] = {}

    def merge(self, day: int) -> None:
        partition = self._store / f"date=2026-10-{day + 1:02}"
        taken = {path for inputs in (*self._waiting.values(), *self._ready.values()) for path in inputs}
        busy = {side.with_suffix(".parquet") for side in (*self._waiting, *self._ready)}
        inputs = [path for path in sorted(partition.glob("*.parquet")) if path not in taken | busy]
        if len(inputs) < 2:
            return
        self._count += 1
        table = pa.concat_tables([pq.ParquetFile(path).read() for path in inputs])
        side = partition / f"c-{self._count}-x.replaces"
        side.write_text(json.dumps({"inputs": [path.name for path in inputs], "rows": table.num_rows}))
        unfinished = self._store / ".logtui" / "tmp" / "x"
        pq.write_table(table.sort_by([("event_time", "descending"), ("event_id", "descending")]), unfinished)
        unfinished.rename(side.with_suffix(".parquet"))
        self._waiting[side] = inputs

    def was_seen(self) -> None:
        self._ready |= self._waiting
        self._waiting = {}

    def clean(self) -> None:
        for side, inputs in self._ready.items():
            for path in inputs:
                path.unlink()
            side.unlink()
        self._ready = {}


class TestOfOtherTools:
    @pytest.fixture
    def foreign(self, tmp_path: Path) -> Path:
        self.write(tmp_path / "a.parquet", 0)
        return tmp_path

    def write(self, path: Path, number: int) -> bytes:
        pq.write_table(pa.table({"ts": [1_790_000_000 + number], "id": [f"e{number}"]}), path)
        return path.read_bytes()

    def test_a_file_that_is_written_in_place_is_given_once_it_is_whole(self, foreign: Path) -> None:
        engine = DuckDBEngine(foreign)
        follow = engine.follow()
        content = self.write(foreign / "b.parquet", 1)
        (foreign / "b.parquet").write_bytes(content[: len(content) // 2])
        assert fresh(follow) == NOTHING_FRESH
        (foreign / "b.parquet").write_bytes(content)

        assert [each.event_id for each in fresh(follow).events] == ["e1"]
        assert not [problem for problem in engine.problems() if problem.is_loss]
        engine.close()

    def test_a_file_that_is_written_again_takes_a_new_search(self, foreign: Path) -> None:
        engine = DuckDBEngine(foreign)
        follow = engine.follow()
        self.write(foreign / "new.parquet", 2)
        (foreign / "new.parquet").replace(foreign / "a.parquet")

        assert fresh(follow).is_reset
        assert ids(engine) == ["e2"]
        engine.close()

    def test_a_file_in_a_new_directory_is_found(self, foreign: Path) -> None:
        engine = DuckDBEngine(foreign)
        follow = engine.follow()
        (foreign / "date=2026-10-02").mkdir()
        self.write(foreign / "date=2026-10-02" / "x.parquet", 3)

        found = fresh(follow, changed=[str(foreign / "date=2026-10-02")])

        assert [each.event_id for each in found.events] == ["e3"]
        engine.close()
