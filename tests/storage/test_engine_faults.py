"""Files that are damaged, vanish or may not be read: said by name, and the rest of the store works."""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.asking import DAY_ONE, add, event, events, ids, last_summary, listed, losses, own_store, parts

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR
from logtui.core.errors import StoreError
from logtui.core.page import DayState, Order, Selection
from logtui.storage.duckdb.engine import DuckDBEngine
from logtui.storage.duckdb.errors import Fault, fault_of

GOOD = [event(day * DAY + hour * HOUR) for day in range(3) for hour in range(4)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return own_store(tmp_path / "store", GOOD)


@pytest.fixture
def ask(store: Path) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(store)
    yield engine
    engine.close()


def whole(path: Path) -> bytes:
    return path.read_bytes()


def damaged_pages(data: bytes) -> bytes:
    """Return a file whose footer is in order and whose pages are zeroes."""
    length = int.from_bytes(data[-8:-4], "little")
    return data[:4] + bytes(len(data) - length - 12) + data[-8 - length :]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "a few bytes": lambda _: b"PAR1",
    "text": lambda _: b"this is not a Parquet file\n" * 20,
    "gzip": lambda data: b"\x1f\x8b" + data,
    "zeroes": lambda data: bytes(len(data)),
    "half": lambda data: data[: len(data) // 2],
    "one byte short": lambda data: data[:-1],
    "impossible footer length": lambda data: data[:-8] + b"\xff\xff\xff\x7fPAR1",
    "broken footer": lambda data: data[: -8 - int.from_bytes(data[-8:-4], "little")] + b"\x15" * 400 + data[-8:],
    "broken pages": damaged_pages,
    "encrypted": lambda data: b"PARE" + data[4:-4] + b"PARE",
}


class TestDamage:
    @pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
    @pytest.mark.parametrize("name", ["i-000.parquet", "i-zzz.parquet"])
    def test_of_one_file_is_named_and_costs_only_that_file(
        self, store: Path, ask: DuckDBEngine, damage: Callable[[bytes], bytes], name: str
    ) -> None:
        """Wherever the bad file stands in the list, every other event is found."""
        day = store / "date=2026-10-02"
        bad = day / name
        bad.write_bytes(damage(whole(next(day.glob("i-*.parquet")))))

        found = events(ask)

        assert found == listed(GOOD)
        [problem] = losses(ask)
        assert problem.path == f"date=2026-10-02/{name}"
        assert str(store) not in problem.message
        assert "Error" not in problem.message

    def test_of_many_files_is_one_problem(self, store: Path, ask: DuckDBEngine) -> None:
        for number in range(30):
            (store / "date=2026-10-02" / f"i-bad{number:02}.parquet").write_bytes(b"")

        assert events(ask) == listed(GOOD)
        [problem] = losses(ask)
        assert problem.paths == tuple(f"date=2026-10-02/i-bad{number:02}.parquet" for number in range(30))

    def test_is_told_as_it_is_now(self, store: Path, ask: DuckDBEngine) -> None:
        """The screen asks with every key; what was found is put together once, and again when there is more."""
        bad = store / "date=2026-10-02" / "i-bad0.parquet"
        bad.write_bytes(b"")
        events(ask)
        told = ask.problems()
        assert len(told) == 1
        assert ask.problems() is told

        bad.unlink()
        events(ask)
        assert ask.problems() == ()

    def test_of_pages_is_found_among_many_files_without_a_name(self, store: Path, ask: DuckDBEngine) -> None:
        """DuckDB does not say which file has broken pages."""
        for number in range(6):
            add(store, [event(DAY + number, f"evt_more{number}")], name=f"more{number}")
        expected = events(ask)
        source = store / "date=2026-10-02" / "i-more0.parquet"
        for name in ("i-bad1.parquet", "i-mor.parquet", "i-zzz.parquet"):
            (store / "date=2026-10-02" / name).write_bytes(damaged_pages(whole(source)))

        assert events(ask) == expected
        [problem] = losses(ask)
        assert problem.paths == tuple(f"date=2026-10-02/{name}.parquet" for name in ("i-bad1", "i-mor", "i-zzz"))

    def test_of_a_few_bits_anywhere_is_never_more_than_a_problem(self, store: Path, ask: DuckDBEngine) -> None:
        """Whatever the bits do, DuckDB's own errors stay inside, and the other days are whole."""
        [segment] = (store / "date=2026-10-02").iterdir()
        data = segment.read_bytes()
        others = [each for each in listed(GOOD) if not DAY <= each.event_time - DAY_ONE < 2 * DAY]
        dice = random.Random(2)
        for number in range(60):
            flipped = bytearray(data)
            for _ in range(dice.choice((1, 1, 4))):
                flipped[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
            segment.write_bytes(flipped)
            os.utime(segment, (number, number))

            found = events(ask, with_payload=True)

            assert [each.event_id for each in found if each.event_id in {other.event_id for other in others}] == [
                each.event_id for each in others
            ]

    def test_leaves_counts_exact_for_what_can_be_read(self, store: Path, ask: DuckDBEngine) -> None:
        (store / "date=2026-10-02" / "i-bad.parquet").write_bytes(b"PAR1 no PAR1")

        assert last_summary(ask).total == len(GOOD)
        assert last_summary(ask, "actor:user_ada", bucket=HOUR).total == len(GOOD)

    def test_of_all_files_of_a_day_makes_the_day_unreadable(self, store: Path, ask: DuckDBEngine) -> None:
        for path in (store / "date=2026-10-02").iterdir():
            path.write_bytes(b"")

        days = ask.coverage().days

        assert [day.state for day in days] == [DayState.PRESENT, DayState.UNREADABLE, DayState.PRESENT]

    def test_of_order_is_said(self, store: Path, ask: DuckDBEngine) -> None:
        """A segment in the wrong partition is not where searches by time look for its events."""
        shutil.copy(next((store / "date=2026-10-01").iterdir()), store / "date=2026-10-03" / "i-wrong.parquet")

        assert len(events(ask)) == len(GOOD) + 4
        [problem] = losses(ask)
        assert problem.path == "date=2026-10-03/i-wrong.parquet"
        assert "other days" in problem.message

    def test_goes_away_when_the_file_is_replaced(self, store: Path, ask: DuckDBEngine) -> None:
        bad = store / "date=2026-10-02" / "i-bad.parquet"
        bad.write_bytes(b"")
        assert events(ask) == listed(GOOD)
        assert len(losses(ask)) == 1
        bad.unlink()

        assert events(ask) == listed(GOOD)
        assert losses(ask) == []


class TestVanishing:
    def test_between_two_parts_costs_nothing_but_the_file(self, store: Path, ask: DuckDBEngine) -> None:
        pages = ask.pages(Selection(), limit=None, token=CancelToken())
        first = next(pages)
        shutil.rmtree(store / "date=2026-10-01")

        rest = [each for page in pages for each in page.events]

        found = [*first.events, *rest]
        assert found[:8] == listed(GOOD)[:8]
        assert losses(ask) == []

    def test_after_listing_means_to_look_again(self, store: Path, ask: DuckDBEngine) -> None:
        """The engine has listed and opened the files; then retention takes a day."""
        assert len(events(ask)) == 12
        shutil.rmtree(store / "date=2026-10-02")

        assert len(events(ask)) == 8
        assert last_summary(ask).total == 8
        assert losses(ask) == []

    def test_by_compaction_gives_every_event_once(self, store: Path, ask: DuckDBEngine) -> None:
        more = [event(DAY + number, f"evt_more{number}") for number in range(5)]
        for each in more:
            add(store, [each])
        everything = listed([*GOOD, *more])
        pages = ask.pages(Selection(), limit=None, token=CancelToken())
        first = next(pages)

        compact(store / "date=2026-10-02", remove_inputs=True)

        assert [*first.events, *(each for page in pages for each in page.events)] == everything
        assert events(ask) == everything

    @pytest.mark.parametrize("remove_inputs", [False, True])
    def test_of_inputs_is_hidden_by_the_compacted_segment(self, store: Path, remove_inputs: bool) -> None:
        compact(store / "date=2026-10-02", remove_inputs=remove_inputs)
        engine = DuckDBEngine(store)

        assert events(engine) == listed(GOOD)
        assert last_summary(engine).total == len(GOOD)
        assert engine.problems() == ()
        engine.close()

    def test_of_the_store_is_a_clear_error(self, store: Path, ask: DuckDBEngine) -> None:
        shutil.rmtree(store)

        with pytest.raises(StoreError, match="no such file or directory"):
            events(ask)


class TestCompactionLeftovers:
    def test_a_side_file_without_its_segment_hides_nothing(self, store: Path, ask: DuckDBEngine) -> None:
        """Compaction died before it committed."""
        day = store / "date=2026-10-02"
        inputs = [path.name for path in day.glob("i-*.parquet")]
        (day / "c-1-a.replaces").write_text(json.dumps({"inputs": inputs, "rows": 4}))

        assert events(ask) == listed(GOOD)
        assert ask.problems() == ()

    def test_a_damaged_side_file_is_said(self, store: Path, ask: DuckDBEngine) -> None:
        compact(store / "date=2026-10-02", remove_inputs=True)
        (store / "date=2026-10-02" / "c-1-a.replaces").write_text("{")

        assert events(ask) == listed(GOOD)
        assert [problem.path for problem in ask.problems()] == ["date=2026-10-02/c-1-a.replaces"]


class TestPermission:
    """Refused by the system: a test for a user who is not root, whom nothing is refused."""

    def test_for_a_file_is_named(self) -> None:
        with refused("date=2026-10-02/i-secret.parquet") as engine:
            assert len(events(engine)) == 12
            [problem] = losses(engine)

        assert problem.path == "date=2026-10-02/i-secret.parquet"
        assert "permission denied" in problem.message

    def test_for_a_day_is_no_missing_day(self) -> None:
        with refused("date=2026-10-02") as engine:
            assert len(events(engine)) == 8
            [problem] = losses(engine)
            days = engine.coverage().days

        assert problem.path == "date=2026-10-02"
        assert "permission denied" in problem.message
        assert days[1].state is DayState.UNREADABLE

    def test_for_the_store_is_an_error(self) -> None:
        with pytest.raises(StoreError, match="no permission to read the store"), refused("."):
            pass


def test_rows_of_a_page_stop_at_the_limit_in_spite_of_bad_files(store: Path, ask: DuckDBEngine) -> None:
    (store / "date=2026-10-03" / "i-bad.parquet").write_bytes(b"")

    found = parts(ask, limit=4, order=Order.NEWEST_FIRST)

    assert [each.event_id for part in found for each in part.events] == [each.event_id for each in listed(GOOD)][:4]
    assert found[-1].has_more


def test_a_query_that_duckdb_refuses_is_not_blamed_on_files(store: Path, ask: DuckDBEngine) -> None:
    """Whatever the query is, files are left out only if they cannot be read."""

    assert ids(ask, "p.at:/a{1000}/") == []
    assert ask.problems() == ()


def compact(day: Path, *, remove_inputs: bool) -> None:
    """Merge the segments of a day as STORE.md says: side file, then segment, then away with the inputs."""
    inputs = sorted(day.glob("i-*.parquet"))
    table = pa.concat_tables([pq.ParquetFile(path).read() for path in inputs])
    (day / "c-1-a.replaces").write_text(json.dumps({"inputs": [path.name for path in inputs], "rows": table.num_rows}))
    order = [("event_time", "descending"), ("event_id", "descending")]
    pq.write_table(table.sort_by(order), day / "unfinished")
    (day / "unfinished").rename(day / "c-1-a.parquet")
    if remove_inputs:
        for path in inputs:
            path.unlink()


@contextmanager
def refused(name: str) -> Iterator[DuckDBEngine]:
    """Open a store as a user who may not read `name` in it."""
    warm = DuckDBEngine(own_store(Path(tempfile.mkdtemp()) / "store", GOOD))
    events(warm)
    warm.close()
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    store = own_store(root / "store", GOOD)
    store.chmod(0o755)
    shutil.copy(next((store / "date=2026-10-01").iterdir()), store / "date=2026-10-02" / "i-secret.parquet")
    for path in (*store.rglob("*"),):
        path.chmod(0o755 if path.is_dir() else 0o644)
    if name != "date=2026-10-02/i-secret.parquet":
        (store / "date=2026-10-02" / "i-secret.parquet").unlink()
    (store / name).chmod(0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(65534)
    engine = None
    try:
        engine = DuckDBEngine(store)
        yield engine
    finally:
        if engine is not None:
            engine.close()
        os.seteuid(before)
        (store / name).chmod(0o755)
        shutil.rmtree(root)


@pytest.mark.parametrize(
    "message",
    [
        'IO Error: Cannot open file "date=2026-10-01/i-1.parquet": No such file or directory',
        'IO Error: No files found that match the pattern "date=2026-10-01/i-1.parquet"',
    ],
)
def test_a_file_that_cannot_be_found_is_gone_and_not_damaged(message: str) -> None:
    """It may be back by the time that somebody looks: `retention restore` moves whole days."""
    assert fault_of(OSError(message)).fault is Fault.GONE
