"""Names of partitions and segments: strict, because deletion goes by them."""

from __future__ import annotations

import pytest

from logtui.storage.partitions import (
    is_compacted,
    is_replaces,
    is_segment,
    partition_day,
    partition_name,
    published_name,
    replaces_name,
)


class TestPartition:
    @pytest.mark.parametrize("day", ["2026-10-04", "2024-02-29", "0001-01-01", "9999-12-31"])
    def test_names_and_days_are_each_others_inverse(self, day: str) -> None:
        assert partition_day(partition_name(day)) == day

    @pytest.mark.parametrize(
        "name",
        [
            "date=2026-13-45", "date=2026-02-29", "date=0000-01-01", "date=2026-1-04", "date=2026-10-04 ",
            " date=2026-10-04", "Date=2026-10-04", "date=2026-10-04\n", "date=２０２５-12-05", "date=٢٠٢٥-12-05",
            "xdate=2026-10-04", "date=2026-10-04.bak", "date=20261004", "date=-026-10-04", "date=", "2026-10-04", "",
        ],
    )  # fmt: skip
    def test_anything_else_is_no_partition(self, name: str) -> None:
        assert partition_day(name) is None

    @pytest.mark.parametrize("day", ["2026-13-45", "2026-10-04/..", "", "../x", "２０２５-12-05"])
    def test_a_day_that_is_none_has_no_partition(self, day: str) -> None:
        with pytest.raises(ValueError, match="calendar day"):
            partition_name(day)


class TestSegment:
    def test_a_batch_has_a_published_name(self) -> None:
        assert published_name("evt_01-J8") == "i-evt_01-J8.parquet"

    @pytest.mark.parametrize("batch", ["", "a" * 65, "../x", "a/b", "a.b", "a b", "é", "a\n", "\x00"])
    def test_a_batch_that_could_leave_the_partition_is_refused(self, batch: str) -> None:
        with pytest.raises(ValueError, match="batch name"):
            published_name(batch)

    @pytest.mark.parametrize("name", ["i-1.parquet", "c-00017-ab.parquet", "i-" + "x" * 96 + ".parquet"])
    def test_published_and_compacted_names_hold_events(self, name: str) -> None:
        assert is_segment(name)

    @pytest.mark.parametrize(
        "name",
        [
            "x-1.parquet", "i-.parquet", "i-1.parquet.tmp", ".i-1.parquet", "i-1.PARQUET", "i-1.parquet\n",
            "i-" + "x" * 97 + ".parquet", "c-1.replaces", "i-é.parquet", "i-a b.parquet", "data.parquet",
        ],
    )  # fmt: skip
    def test_other_names_do_not(self, name: str) -> None:
        assert not is_segment(name)

    def test_only_a_compacted_segment_replaces_others(self) -> None:
        assert is_compacted("c-1.parquet")
        assert not is_compacted("i-1.parquet")
        assert replaces_name("c-1.parquet") == "c-1.replaces"
        assert is_replaces("c-1.replaces")
        assert not is_replaces("c-1.replaces.tmp")
        with pytest.raises(ValueError, match="compacted"):
            replaces_name("i-1.parquet")
