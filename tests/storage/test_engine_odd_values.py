"""Values that no event should have, in files of every origin: each row is shown, or counted and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.asking import DAY_ONE, event, events, ids, last_summary, losses, own_store

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, SECOND
from logtui.core.columns import NAMES
from logtui.core.page import Order
from logtui.storage.arrow_schema import SCHEMA, table_of
from logtui.storage.duckdb.engine import DuckDBEngine

NOON = DAY_ONE + 12 * HOUR
NULLABLE = pa.schema([field.with_nullable(True) for field in SCHEMA])
UTC_MICROS = pa.timestamp("us", "UTC")


@contextmanager
def opened(store: Path) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(store)
    try:
        yield engine
    finally:
        engine.close()


def foreign(root: Path, times: pa.Array, **options: Any) -> Path:
    """Write a file of times with ids a, b, c …"""
    root.mkdir(exist_ok=True)
    names = [chr(ord("a") + number) for number in range(len(times))]
    pq.write_table(pa.table({"ts": times, "id": names}), root / "events.parquet", **options)
    return root


def own_with(root: Path, table: pa.Table, day: str = "2026-10-01", name: str = "i-odd") -> Path:
    """Make a store with one good event, and put a segment of another writer into it."""
    store = own_store(root, [event(HOUR, "good")])
    (store / f"date={day}").mkdir(exist_ok=True)
    pq.write_table(table, store / f"date={day}" / f"{name}.parquet")
    return store


def odd(column: str, value: object = None) -> pa.Table:
    """Return two events as a table, the second with another value in one column."""
    table = table_of([event(2 * HOUR, "e1"), event(3 * HOUR, "e2")]).cast(NULLABLE)
    place = NAMES.index(column)
    values = pa.array([table[column][0].as_py(), value], NULLABLE.field(place).type)
    return table.set_column(place, NULLABLE.field(place), values)


class TestMissingValues:
    @pytest.mark.parametrize("column", [name for name in NAMES if name != "event_time"])
    def test_of_any_column_hide_no_row_of_an_own_store(self, tmp_path: Path, column: str) -> None:
        """Paging finds the row in both directions, and it has what a row needs to be shown."""
        with opened(own_with(tmp_path / "store", odd(column))) as engine:
            for order in Order:
                found = events(engine, order=order)
                assert len(found) == 3
                assert all({type(each.event_type), type(each.event_id)} == {str} for each in found)
                rest = events(engine, order=order, after=found[0].cursor)
                assert rest == found[1:]
            assert last_summary(engine, "since:2026-10-01").total == 3
            assert losses(engine) == []

    def test_of_the_type_are_an_empty_type_and_said(self, tmp_path: Path) -> None:
        with opened(own_with(tmp_path / "store", odd("event_type"))) as engine:
            assert [each.event_type for each in events(engine)] == ["", "user.created", "user.created"]
            assert ["1 row has no type" in problem.message for problem in engine.problems()] == [True]

    def test_of_the_id_are_made_from_the_content_and_said(self, tmp_path: Path) -> None:
        with opened(own_with(tmp_path / "store", odd("event_id"))) as engine:
            assert ids(engine)[0].startswith("hash_")
            assert ["1 row has no id" in problem.message for problem in engine.problems()] == [True]

    def test_of_the_time_are_counted_and_a_loss(self, tmp_path: Path) -> None:
        with opened(own_with(tmp_path / "store", odd("event_time"))) as engine:
            assert ids(engine) == ["e1", "good"]
            assert last_summary(engine).total == 2
            [problem] = losses(engine)

        assert problem.path == "date=2026-10-01/i-odd.parquet"
        assert "1 row has no time" in problem.message

    @pytest.mark.parametrize("column", [name for name in NAMES if name != "event_time"])
    def test_of_a_whole_column_in_an_own_store_are_a_loss(self, tmp_path: Path, column: str) -> None:
        """A segment that lacks a column is not what logtui wrote, whatever of it can be shown."""
        table = table_of([event(2 * HOUR, "e1")]).drop_columns([column])
        with opened(own_with(tmp_path / "store", table)) as engine:
            assert len(events(engine)) == 2
            [problem] = losses(engine)

        assert column in problem.message


EXTREMES = {
    "infinity": [2**63 - 1, -(2**63) + 1],
    "year 10000": [253_402_300_800_000_000, 300_000_000_000_000_000],
    "before the year 1": [-62_135_596_800_000_001, -(10**17)],
}


class TestTimesOutsideTheCalendar:
    @pytest.mark.parametrize("micros", EXTREMES.values(), ids=EXTREMES)
    @pytest.mark.parametrize("kind", [UTC_MICROS, pa.timestamp("us")], ids=["UTC", "naive"])
    @pytest.mark.parametrize("has_statistics", [True, False])
    def test_are_counted_and_hide_no_other_row(
        self, tmp_path: Path, micros: list[int], kind: pa.DataType, has_statistics: bool
    ) -> None:
        """Oldest first and newest first, and no page repeats."""
        times = pa.array([NOON, *micros, NOON + SECOND], pa.int64()).cast(kind)
        with opened(foreign(tmp_path / "store", times, write_statistics=has_statistics)) as engine:
            assert ids(engine) == ["d", "a"]
            assert ids(engine, order=Order.OLDEST_FIRST) == ["a", "d"]
            first = events(engine, order=Order.OLDEST_FIRST, limit=1)
            assert [each.event_id for each in events(engine, order=Order.OLDEST_FIRST, after=first[0].cursor)] == ["d"]
            assert engine.time_bounds(token=CancelToken()) == (NOON, NOON + SECOND)
            assert last_summary(engine, bucket=HOUR).total == 2
            [problem] = losses(engine)

        assert "2 rows have no time" in problem.message

    @pytest.mark.parametrize("micros", [2**63 - 1, 253_402_300_800_000_000])
    def test_in_an_own_segment_are_counted(self, tmp_path: Path, micros: int) -> None:
        table = table_of([event(2 * HOUR, "e1"), event(3 * HOUR, "e2")])
        times = pa.array([DAY_ONE + 2 * HOUR, micros]).cast(UTC_MICROS)
        table = table.set_column(0, SCHEMA.field(0), times)
        with opened(own_with(tmp_path / "store", table)) as engine:
            assert ids(engine) == ["e1", "good"]
            assert any("1 row has no time" in problem.message for problem in losses(engine))

    def test_when_it_was_written_may_be_any(self, tmp_path: Path) -> None:
        table = odd("ingested_at", datetime(9999, 12, 31, tzinfo=UTC))
        values = pa.array([2**63 - 1, -(2**63) + 1]).cast(UTC_MICROS)
        table = table.set_column(len(NAMES) - 1, NULLABLE.field(len(NAMES) - 1), values)
        with opened(own_with(tmp_path / "store", table)) as engine:
            assert [each.ingested_at for each in events(engine)][:2] == [None, None]

    @pytest.mark.parametrize("kind", [pa.float64(), pa.float32()])
    def test_as_numbers_with_fraction_are_counted(self, tmp_path: Path, kind: pa.DataType) -> None:
        times = pa.array(
            [float("inf"), NOON / SECOND, float("nan"), float("-inf"), 1e300 if kind == pa.float64() else 1e38], kind
        )
        with opened(foreign(tmp_path / "store", times)) as engine:
            assert ids(engine) == ["b"] or kind == pa.float32()
            assert ids(engine, order=Order.OLDEST_FIRST) == ids(engine)
            assert last_summary(engine).total == 1
            assert any("rows have no time" in problem.message for problem in losses(engine))

    def test_as_numbers_cost_the_value_only(self, tmp_path: Path) -> None:
        """The smallest number has no size, because there is no positive one as large."""
        times = pa.array([NOON, -(2**63), -90_000_000_000], pa.int64())
        with opened(foreign(tmp_path / "store", times)) as engine:
            assert "a" in ids(engine)
            shown = len(ids(engine))
            assert sum("1 row has no time" in problem.message for problem in losses(engine)) == 3 - shown

    def test_as_days_cost_the_value_only(self, tmp_path: Path) -> None:
        times = pa.array([20_000, 2**31 - 1, -(2**31) + 1, 10_000_000], pa.int32()).cast(pa.date32())
        with opened(foreign(tmp_path / "store", times)) as engine:
            assert ids(engine) == ["a"]
            assert ["3 rows have no time" in problem.message for problem in losses(engine)] == [True]

    @pytest.mark.parametrize("unit", ["s", "ms"])
    def test_in_coarse_units_hide_no_other_file(self, tmp_path: Path, unit: str) -> None:
        """What does not fit into microseconds fails while it is read; the file is named then."""
        store = foreign(tmp_path / "store", pa.array([2**62, NOON // 1000], pa.int64()).cast(pa.timestamp("ms", "UTC")))
        pq.write_table(pa.table({"ts": pa.array([NOON]).cast(UTC_MICROS), "id": ["other"]}), store / "b.parquet")
        with opened(store) as engine:
            assert "other" in ids(engine)
            assert len(losses(engine)) == 1


class TestUnsignedNumbers:
    def test_are_times_like_others(self, tmp_path: Path) -> None:
        """In nanoseconds they pass what signed ones can hold."""
        times = pa.array([NOON * 1000, 2**63 + 10**15, NOON // SECOND], pa.uint64())
        with opened(foreign(tmp_path / "store", times, row_group_size=1)) as engine:
            assert ids(engine) == ["b", "c", "a"] or ids(engine) == ["b", "a", "c"]
            assert last_summary(engine).total == 3
            assert losses(engine) == []

    def test_are_found_in_a_range_that_begins_before_them(self, tmp_path: Path) -> None:
        """Its start is no unsigned number."""
        with opened(foreign(tmp_path / "store", pa.array([NOON, NOON + 1], pa.uint64()))) as engine:
            assert ids(engine, "since:1960-01-01 until:2027-01-01") == ["b", "a"]
            assert losses(engine) == []


class TestNames:
    def test_of_columns_may_be_empty(self, tmp_path: Path) -> None:
        pq.write_table(pa.table({"": ["x"], "ts": pa.array([NOON]).cast(UTC_MICROS)}), tmp_path / "e.parquet")
        with opened(tmp_path) as engine:
            [found] = events(engine, with_payload=True)
            assert losses(engine) == []

        assert '"":"x"' in (found.payload or "")

    def test_of_columns_may_be_those_of_the_reader(self, tmp_path: Path) -> None:
        """DuckDB says where a row is under two names, which a file may use too."""
        times = pa.array([NOON, NOON, NOON + 1]).cast(UTC_MICROS)
        table = pa.table({"file_row_number": ["x", "x", "y"], "FILE_INDEX": [1, 1, 1], "ts": times})
        pq.write_table(table, tmp_path / "e.parquet")
        pq.write_table(table.slice(0, 1), tmp_path / "f.parquet")
        with opened(tmp_path) as engine:
            found = events(engine)
            cursors = [each.cursor for each in found]
            assert len(set(cursors)) == 4
            for place, cursor in enumerate(cursors):
                assert events(engine, after=cursor) == found[place + 1 :]
            assert losses(engine) == []


class TestOtherDays:
    def test_in_an_own_partition_are_said_by_whoever_misses_them(self, tmp_path: Path) -> None:
        """A question about the day that the event is of does not look into the other partition, and says so."""
        store = own_with(tmp_path / "store", table_of([event(5 * DAY, "stray")]))
        with opened(store) as engine:
            assert ids(engine, "on:2026-10-06") == []
            assert [problem.path for problem in losses(engine)] == ["date=2026-10-01/i-odd.parquet"]

    def test_are_said_after_a_count_too(self, tmp_path: Path) -> None:
        store = own_with(tmp_path / "store", table_of([event(5 * DAY, "stray")]))
        with opened(store) as engine:
            assert last_summary(engine, "on:2026-10-06").total == 0
            assert [problem.path for problem in losses(engine)] == ["date=2026-10-01/i-odd.parquet"]

    def test_in_a_later_row_group_are_seen(self, tmp_path: Path) -> None:
        table = table_of([event(HOUR + number, f"e{number}") for number in range(40)] + [event(-DAY, "stray")])
        store = own_store(tmp_path / "store", [event(0)])
        pq.write_table(table, store / "date=2026-10-01" / "i-odd.parquet", row_group_size=4)
        with opened(store) as engine:
            ids(engine)
            assert ["other days" in problem.message for problem in losses(engine)] == [True]


class TestAnyTimes:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        values=st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), min_size=1, max_size=8),
        kind=st.sampled_from([UTC_MICROS, pa.timestamp("us"), pa.int64(), pa.uint64(), pa.float64(), pa.string()]),
        group=st.sampled_from([1, 3, 100]),
    )
    def test_are_shown_or_counted(
        self, tmp_path_factory: pytest.TempPathFactory, values: list[int | None], kind: pa.DataType, group: int
    ) -> None:
        """Rows found by paging and rows without a time are all the rows, in every type a time may have."""
        if kind == pa.uint64():
            values = [None if value is None else abs(value) for value in values]
        raw = [str(value) if kind == pa.string() and value is not None else value for value in values]
        times = (
            pa.array([None if value is None else float(value) for value in values], kind)
            if kind == pa.float64()
            else (pa.array(raw, kind) if kind in (pa.string(), pa.uint64()) else pa.array(raw, pa.int64()).cast(kind))
        )
        root = tmp_path_factory.mktemp("any")
        with opened(foreign(root, times, row_group_size=group)) as engine:
            forwards = _paged(engine, Order.NEWEST_FIRST)
            backwards = _paged(engine, Order.OLDEST_FIRST)
            total = last_summary(engine).total
            untimed = [problem.message for problem in losses(engine)]
        lost = int(untimed[0].split()[0].replace(",", "")) if untimed else 0
        assert len(set(forwards)) == len(forwards) == total == len(values) - lost
        assert backwards == forwards[::-1]


def _paged(engine: DuckDBEngine, order: Order) -> list[str]:
    found: list[str] = []
    after = None
    while page := events(engine, limit=2, order=order, after=after):
        found += [each.event_id for each in page]
        after = page[-1].cursor
    return found
