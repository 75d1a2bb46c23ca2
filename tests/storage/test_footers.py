"""The light footer reader says what pyarrow says, and refuses what is no footer."""

from __future__ import annotations

import decimal
import random
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.asking import add, event, own_store

from logtui.core.errors import SegmentError
from logtui.storage.file_schema import Kind, Unit
from logtui.storage.footers import GroupRange, group_ranges, read_footer
from logtui.storage.thrift import ThriftError

MOMENT = datetime(2026, 10, 1, 12, tzinfo=UTC)
COLUMNS: dict[str, tuple[Any, Kind]] = {
    "micros": (pa.array([MOMENT], pa.timestamp("us", "UTC")), Kind.TIMESTAMP),
    "nanos": (pa.array([MOMENT], pa.timestamp("ns", "UTC")), Kind.TIMESTAMP),
    "naive": (pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("ms")), Kind.TIMESTAMP),
    "day": (pa.array([MOMENT.date()], pa.date32()), Kind.DATE),
    "int64": (pa.array([1], pa.int64()), Kind.INTEGER),
    "uint8": (pa.array([1], pa.uint8()), Kind.INTEGER),
    "double": (pa.array([1.5], pa.float64()), Kind.FLOAT),
    "float": (pa.array([1.5], pa.float32()), Kind.FLOAT),
    "text": (pa.array(["x"]), Kind.TEXT),
    "bytes": (pa.array([b"x"], pa.binary()), Kind.TEXT),
    "large": (pa.array(["x"], pa.large_string()), Kind.TEXT),
    "flag": (pa.array([True]), Kind.OTHER),
    "time": (pa.array([MOMENT.time()], pa.time64("us")), Kind.OTHER),
    "money": (pa.array([decimal.Decimal("1.50")]), Kind.OTHER),
    "fixed": (pa.array([b"1234"], pa.binary(4)), Kind.OTHER),
    "struct": (pa.array([{"a": 1, "b": {"c": [1, 2], "d": "x"}}]), Kind.NESTED),
    "list": (pa.array([[1, 2]]), Kind.NESTED),
    "map": (pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64())), Kind.NESTED),
    "last": (pa.array([7]), Kind.INTEGER),
}


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("footers") / "wide.parquet"
    pq.write_table(pa.table({name: values for name, (values, _) in COLUMNS.items()}), path)
    return path


class TestSchema:
    def test_has_the_columns_and_their_kinds(self, wide: Path) -> None:
        footer = read_footer(str(wide))

        assert footer.rows == 1
        assert {column.name: column.kind for column in footer.columns} == {
            name: kind for name, (_, kind) in COLUMNS.items()
        }

    def test_has_each_column_where_its_chunks_are(self, wide: Path) -> None:
        """Nested columns have several chunks; the ones after them must not be taken for theirs."""
        paths = [
            pq.ParquetFile(wide).schema.column(number).path for number in range(pq.read_metadata(wide).num_columns)
        ]

        found = {column.name: paths[column.leaf].split(".")[0] for column in read_footer(str(wide)).columns}

        assert found == {name: name for name in COLUMNS}

    def test_has_units_and_zones_of_timestamps(self, wide: Path) -> None:
        columns = {column.name: column for column in read_footer(str(wide)).columns}

        assert (columns["micros"].unit, columns["micros"].is_utc) == (Unit.MICROS, True)
        assert (columns["nanos"].unit, columns["nanos"].is_utc) == (Unit.NANOS, True)
        assert (columns["naive"].unit, columns["naive"].is_utc) == (Unit.MILLIS, False)

    def test_tells_declared_text_from_bytes(self, wide: Path) -> None:
        columns = {column.name: column for column in read_footer(str(wide)).columns}

        assert columns["text"].is_utf8
        assert not columns["bytes"].is_utf8

    @pytest.mark.parametrize("version", ["1.0", "2.4", "2.6"])
    def test_is_read_in_every_version_of_the_format(self, tmp_path: Path, version: str) -> None:
        path = tmp_path / "x.parquet"
        times = pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("us"))
        pq.write_table(pa.table({"t": times, "n": [1]}), path, version=version, use_deprecated_int96_timestamps=False)

        assert [column.kind for column in read_footer(str(path)).columns] == [Kind.TIMESTAMP, Kind.INTEGER]

    def test_knows_the_timestamps_of_old_spark(self, tmp_path: Path) -> None:
        path = tmp_path / "x.parquet"
        times = pa.array([MOMENT.replace(tzinfo=None)], pa.timestamp("ns"))
        pq.write_table(pa.table({"t": times}), path, use_deprecated_int96_timestamps=True)

        [column] = read_footer(str(path)).columns

        assert (column.kind, column.unit) == (Kind.TIMESTAMP, None)

    def test_is_the_same_for_files_of_the_same_columns(self, tmp_path: Path) -> None:
        for number in range(2):
            pq.write_table(pa.table({"a": [number], "b": [str(number)]}), tmp_path / f"{number}.parquet")

        one, other = (read_footer(str(tmp_path / f"{number}.parquet")) for number in range(2))

        assert one.schema == other.schema
        assert one.columns is other.columns


class TestRanges:
    def test_are_those_of_pyarrow(self, tmp_path: Path) -> None:
        """Random row groups with missing values; every column that has ranges."""
        dice = random.Random(5)
        table = pa.table(
            {
                "n": pa.array([dice.choice((None, dice.randrange(-(10**15), 10**15))) for _ in range(100)], pa.int64()),
                "x": pa.array([dice.choice((None, dice.uniform(-5, 5))) for _ in range(100)], pa.float64()),
                "s": pa.array([dice.choice((None, f"t{dice.randrange(99)}")) for _ in range(100)], pa.string()),
            }
        )
        path = tmp_path / "x.parquet"
        pq.write_table(table, path, row_group_size=7)
        metadata = pq.read_metadata(path)

        footer = read_footer(str(path))

        assert footer.group_count == metadata.num_row_groups
        for column in footer.columns:
            expected = []
            for number in range(metadata.num_row_groups):
                group = metadata.row_group(number)
                known = group.column(column.leaf).statistics
                low, high = (known.min_raw, known.max_raw) if known.has_min_max else (None, None)
                low, high = (each.encode() if isinstance(each, str) else each for each in (low, high))
                expected.append(GroupRange(group.num_rows, low, high, known.null_count))
            assert list(group_ranges(footer, column)) == expected

    @pytest.mark.parametrize("writer", ["arrow", "arrow, plain", "duckdb"])
    def test_of_large_numbers_are_those_of_pyarrow(self, tmp_path: Path, writer: str) -> None:
        """Of any sign and length, missing or not, in the forms that writers give them."""
        dice = random.Random(6)
        numbers = [
            *(dice.choice((-1, 1)) * dice.getrandbits(dice.randrange(64)) for _ in range(500)),
            2**63 - 1,
            -(2**63),
        ]
        nulls = [None if dice.random() < 0.3 else number for number in numbers]
        fields = [pa.field("all", pa.int64(), nullable=False), pa.field("some", pa.int64())]
        path = tmp_path / "x.parquet"
        table = pa.table([numbers, nulls], schema=pa.schema(fields))
        if writer == "duckdb":
            with duckdb.connect() as connection:
                connection.from_arrow(table).write_parquet(str(path), row_group_size=2048)
        else:
            pq.write_table(table, path, row_group_size=17, use_dictionary=writer == "arrow")
        metadata = pq.read_metadata(path)

        footer = read_footer(str(path))

        for at, column in enumerate(footer.columns):
            groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
            known = [(group.num_rows, group.column(at).statistics) for group in groups]
            expected = [GroupRange(rows, each.min_raw, each.max_raw, each.null_count) for rows, each in known]
            assert list(group_ranges(footer, column)) == expected

    def test_are_not_taken_from_values_that_look_like_the_column(self, tmp_path: Path) -> None:
        """Chunks are found by their name, which a value in the statistics of another column may imitate."""
        path = tmp_path / "x.parquet"
        pq.write_table(pa.table({"s": ["\x19\x18\x01n\x15\x02"] * 4, "n": [1, 2, 3, 4]}), path, row_group_size=2)
        footer = read_footer(str(path))

        assert group_ranges(footer, footer.columns[1]) == (GroupRange(2, 1, 2, 0), GroupRange(2, 3, 4, 0))

    def test_of_unsigned_numbers_are_unsigned(self, tmp_path: Path) -> None:
        path = tmp_path / "x.parquet"
        values = {"a": pa.array([1, 2**64 - 1], pa.uint64()), "b": pa.array([1, 2**32 - 1], pa.uint32())}
        pq.write_table(pa.table(values), path)
        footer = read_footer(str(path))

        assert [group_ranges(footer, column)[0].high for column in footer.columns] == [2**64 - 1, 2**32 - 1]

    def test_are_unknown_without_statistics(self, tmp_path: Path) -> None:
        path = tmp_path / "x.parquet"
        pq.write_table(pa.table({"n": [1, 2]}), path, write_statistics=False)

        footer = read_footer(str(path))
        assert group_ranges(footer, footer.columns[0]) == (GroupRange(2, None, None, None),)

    def test_of_no_rows_are_none(self, tmp_path: Path) -> None:
        path = tmp_path / "x.parquet"
        pq.write_table(pa.table({"n": pa.array([], pa.int64())}), path)
        footer = read_footer(str(path))

        assert footer.rows == sum(group.rows for group in group_ranges(footer, footer.columns[0])) == 0


class TestDamage:
    def test_of_any_kind_is_an_error_of_ours(self, tmp_path: Path) -> None:
        """Two thousand footers with random bytes in them: each is read or refused, none hangs or breaks."""
        root = own_store(tmp_path / "store")
        [segment] = add(root, [event(number) for number in range(50)])
        data = segment.read_bytes()
        length = int.from_bytes(data[-8:-4], "little")
        start = len(data) - 8 - length
        dice = random.Random(11)
        path = tmp_path / "damaged.parquet"
        refused = 0
        for _ in range(2000):
            damaged = bytearray(data)
            for _ in range(dice.randrange(1, 6)):
                damaged[dice.randrange(start, len(data) - 8)] = dice.randrange(256)
            path.write_bytes(damaged)
            try:
                footer = read_footer(str(path))
                group_ranges(footer, footer.columns[0])
            except (SegmentError, ThriftError):
                refused += 1

        assert 200 < refused < 2000

    @pytest.mark.parametrize(
        ("content", "reason"),
        [
            (b"", "is empty"),
            (b"PAR1", "not a Parquet file"),
            (b"hello, this is some text", "not a Parquet file"),
            (b"PAR1" + bytes(30), "its end is missing"),
            (b"PAR1" + bytes(30) + b"\xff\xff\xff\x00PAR1", "length is impossible"),
            (b"PAR1" + bytes(30) + b"\x10\x00\x00\x00PAR1", "footer is damaged"),
            (b"PARE" + bytes(30) + b"\x10\x00\x00\x00PARE", "is encrypted"),
        ],
    )
    def test_is_named(self, tmp_path: Path, content: bytes, reason: str) -> None:
        path = tmp_path / "x.parquet"
        path.write_bytes(content)

        with pytest.raises(SegmentError, match=reason) as caught:
            read_footer(str(path))

        assert caught.value.path == str(path)

    def test_that_a_directory_is_no_file_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(SegmentError, match="is not a regular file"):
            read_footer(str(tmp_path))

    def test_that_a_file_is_gone_stays_apart(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            read_footer(str(tmp_path / "gone.parquet"))
