"""What a segment looks like inside, and which events it may hold."""

from __future__ import annotations

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.clock import DAY
from logtui.core.columns import COLUMNS, NAMES, Kind
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.core.times import day_start
from logtui.storage.arrow_schema import SCHEMA, events_of, table_of
from logtui.storage.segment_writer import ROW_GROUP_ROWS, SegmentExistsError, init_store, write_segment

TODAY = "2026-10-04"
MIDNIGHT = day_start(TODAY)

TEXT = st.text(max_size=8)
EVENTS = st.builds(
    Event,
    event_time=st.integers(MIDNIGHT, MIDNIGHT + DAY - 1) | st.just(MIDNIGHT),
    event_id=TEXT,
    event_type=TEXT,
    severity=st.none() | TEXT,
    actor=st.none() | TEXT,
    ip=st.none() | TEXT,
    payload=TEXT,
    ingested_at=st.integers(0, 2**53),
)


def event(number: int, **changes: object) -> Event:
    values: dict[str, object] = {
        "event_time": MIDNIGHT + number,
        "event_id": f"evt_{number:06}",
        "event_type": f"sign_in.{number % 7}",
        "actor": f"user_{number % 999:03}",
        "trace_id": f"trace_{number // 2:06}",
        "payload": "{}",
        "ingested_at": MIDNIGHT,
    }
    return Event(**(values | changes))  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    root = tmp_path / "store"
    init_store(root)
    return root


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A segment of more than two row groups."""
    root = tmp_path_factory.mktemp("large") / "store"
    init_store(root)
    return write_segment(root, TODAY, [event(n) for n in range(2 * ROW_GROUP_ROWS + 5)])


class TestLayout:
    def test_row_groups_are_small_and_the_newest_come_first(self, large: Path) -> None:
        footer = pq.read_metadata(large)
        groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
        times = pq.read_table(large, columns=["event_time"], partitioning=None)["event_time"].to_pylist()

        assert [group.num_rows for group in groups] == [16_384, 16_384, 5]
        assert times == sorted(times, reverse=True)

    def test_row_groups_of_large_payloads_hold_fewer_rows(self, store: Path) -> None:
        """A reader decodes 2,048 payloads of a row group at once, and must not need gigabytes for it."""
        sizes = [1_000_000] * 70 + [40_000_000, 10, 10]
        path = write_segment(store, TODAY, [event(-n, payload="x" * size) for n, size in enumerate(sizes, -100)])
        footer = pq.read_metadata(path)

        assert [footer.row_group(i).num_rows for i in range(footer.num_row_groups)] == [33, 33, 4, 1, 2]
        assert footer.num_rows == len(sizes)

    def test_the_order_is_declared(self, large: Path) -> None:
        order = pq.read_metadata(large).row_group(0).sorting_columns

        assert [(column.column_index, column.descending) for column in order] == [(0, True), (1, True)]

    def test_encodings_are_as_the_columns_say(self, large: Path) -> None:
        group = pq.read_metadata(large).row_group(0)
        chunks = {column: group.column(i) for i, column in enumerate(COLUMNS)}

        assert {column.name for column, chunk in chunks.items() if chunk.has_dictionary_page} == {
            column.name for column in COLUMNS if column.kind is Kind.NAME
        }
        assert {column.name for column, chunk in chunks.items() if chunk.bloom_filter_offset} == {
            column.name for column in COLUMNS if column.has_bloom
        }
        assert {chunk.compression for chunk in chunks.values()} == {"ZSTD"}

    def test_duckdb_skips_row_groups_by_the_bloom_filters(self, large: Path) -> None:
        def excluded(column: str, value: str) -> list[bool]:
            probe = "select bloom_filter_excludes from parquet_bloom_probe(?, ?, ?) order by row_group_id"
            return [row[0] for row in duckdb.connect().execute(probe, [str(large), column, value]).fetchall()]

        assert excluded("trace_id", "trace_000000") == [True, True, False]
        assert excluded("event_id", "evt_nowhere") == [True, True, True]

    def test_pages_carry_checksums(self, store: Path) -> None:
        path = write_segment(store, TODAY, [event(n) for n in range(50)])
        content = bytearray(path.read_bytes())
        content[pq.read_metadata(path).row_group(0).column(1).data_page_offset + 60] ^= 1
        path.write_bytes(content)

        with pytest.raises(OSError, match="CRC checksum verification failed"):
            pq.read_table(path, page_checksum_verification=True, partitioning=None)

    def test_the_schema_and_the_metadata_are_in_the_file(self, store: Path) -> None:
        path = write_segment(store, TODAY, [event(1), event(2)], name="batch-7")
        schema = pq.read_schema(path)

        assert path == store / "date=2026-10-04" / "i-batch-7.parquet"
        assert schema.equals(SCHEMA)
        assert schema.names == list(NAMES)
        assert {key: schema.metadata[key] for key in (b"logtui.schema_version", b"logtui.batch", b"logtui.rows")} == {
            b"logtui.schema_version": b"1",
            b"logtui.batch": b"batch-7",
            b"logtui.rows": b"2",
        }


class TestContent:
    @given(events=st.lists(EVENTS, min_size=1, max_size=12, unique_by=lambda e: e.event_id))
    @settings(max_examples=25, deadline=None)
    def test_what_goes_in_comes_out_in_order(
        self, events: list[Event], tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        """Any text survives, and the order is the total one: code points, not locale."""
        root = tmp_path_factory.mktemp("any") / "store"
        init_store(root)

        path = write_segment(root, TODAY, events)

        assert list(events_of(pq.read_table(path, partitioning=None))) == sorted(
            events, key=lambda e: e.cursor, reverse=True
        )

    def test_events_of_one_instant_are_ordered_by_id(self, store: Path) -> None:
        events = [event(n, event_time=MIDNIGHT) for n in (2, 3, 1)]

        path = write_segment(store, TODAY, events)

        assert [e.event_id for e in events_of(pq.read_table(path, partitioning=None))] == [
            "evt_000003", "evt_000002", "evt_000001",
        ]  # fmt: skip

    def test_a_table_is_written_like_events(self, store: Path) -> None:
        events = [event(n) for n in range(9)]

        one, other = write_segment(store, TODAY, events), write_segment(store, TODAY, table_of(events))

        assert pq.read_table(one, partitioning=None).equals(pq.read_table(other, partitioning=None))

    @pytest.mark.parametrize(
        ("wrong", "complaint"),
        [
            ([], "at least one event"),
            ([event(1, payload=None)], "payload"),
            ([event(1, ingested_at=None)], "ingested_at"),
            ([event(1, event_time=MIDNIGHT - 1)], "does not lie on 2026-10-04"),
            ([event(1, event_time=MIDNIGHT + DAY)], "does not lie on 2026-10-04"),
            (pa.table({"event_time": [1]}), "schema"),
        ],
    )
    def test_events_that_do_not_belong_there_are_refused(
        self, store: Path, wrong: list[Event] | pa.Table, complaint: str
    ) -> None:
        with pytest.raises(ValueError, match=complaint):
            write_segment(store, TODAY, wrong)

    def test_text_that_utf8_cannot_hold_is_named(self, store: Path) -> None:
        with pytest.raises(StoreError, match=r"evt_000002.*actor.*surrogate"):
            write_segment(store, TODAY, [event(1), event(2, actor="\ud800")])


class TestWhere:
    def test_a_store_is_made_once(self, store: Path) -> None:
        marker = store / ".logtui" / "root.json"
        before = marker.read_bytes()

        init_store(store)

        assert marker.read_bytes() == before
        assert json.loads(before)["format"] == 1

    def test_a_store_is_not_made_below_a_place_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="no such file or directory"):
            init_store(tmp_path / "typo" / "store")

    def test_nothing_is_written_into_a_directory_that_is_no_store(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="not a store"):
            write_segment(tmp_path, TODAY, [event(1)])

        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize(("marker", "complaint"), [('{"format": 99}', "format 99"), ("{", "is damaged")])
    def test_a_store_of_another_format_is_left_alone(self, store: Path, marker: str, complaint: str) -> None:
        (store / ".logtui" / "root.json").write_text(marker)

        with pytest.raises(StoreError, match=complaint):
            write_segment(store, TODAY, [event(1)])

    def test_a_partition_that_is_a_link_is_not_followed(self, store: Path, tmp_path: Path) -> None:
        elsewhere = tmp_path / "elsewhere"
        elsewhere.mkdir()
        (store / f"date={TODAY}").symlink_to(elsewhere)

        with pytest.raises(StoreError, match="not a directory"):
            write_segment(store, TODAY, [event(1)])

        assert list(elsewhere.iterdir()) == []

    def test_a_batch_is_published_once(self, store: Path) -> None:
        path = write_segment(store, TODAY, [event(1)], name="delivery-1")

        with pytest.raises(SegmentExistsError, match="published before"):
            write_segment(store, TODAY, [event(2)], name="delivery-1")

        assert [e.event_id for e in events_of(pq.read_table(path, partitioning=None))] == ["evt_000001"]

    def test_a_full_disk_leaves_nothing_behind(self, store: Path) -> None:
        with file_size_limit(2048), pytest.raises(StoreError, match="file too large"):
            write_segment(store, TODAY, [event(1)])

        assert [path for path in store.rglob("*") if path.is_file()] == [store / ".logtui" / "root.json"]


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Make the system refuse to let any file grow beyond `size`, as a full disk would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
