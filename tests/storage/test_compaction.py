"""Merging keeps every event exactly once for every reader, and touches nothing that it cannot rely on."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, frozen_clock, system_clock
from logtui.core.errors import Cancelled, LockedError, SegmentError, StoreError
from logtui.core.event import Event
from logtui.core.page import Selection
from logtui.core.times import day_start
from logtui.services.compact import Compaction, Outcome
from logtui.session import make_store, open_compaction, open_session, open_sink
from logtui.storage.arrow_schema import events_of, table_of
from logtui.storage.compaction import LocalCompactor
from logtui.storage.compactor import Mergeable
from logtui.storage.lineage import is_covered, lineage_of, names_in
from logtui.storage.listing import open_listing
from logtui.storage.merging import merged
from logtui.storage.segment_writer import write_segment

MONDAY = "2026-10-05"
AT = day_start(MONDAY)
PARTITION = f"date={MONDAY}"


def event(name: str, at: int = AT) -> Event:
    return Event(at, name, "session.created", actor=f"user_{name}", payload=f'{{"n": "{name}"}}', ingested_at=at)


def fill(store: Path, segments: int = 4, each: int = 5, first: int = 0) -> None:
    """Write segments whose times overlap."""
    sink = open_sink(store)
    for number in range(first, first + segments):
        sink.write([event(f"e{number}-{n}", AT + n * 1000 + number) for n in range(each)])


def compaction(store: Path, grace: int = 0) -> Compaction:
    """Compact a long time after the day of the events."""
    return open_compaction(store, clock=frozen_clock(AT + 40 * DAY), target=1 << 28, grace=grace)


def run(store: Path, grace: int = 0) -> tuple[Outcome, int | None]:
    """Do one round, and return what it did and when the rest is due."""
    round_, outcome = compaction(store, grace), Outcome()
    with round_.compactor.maintaining():
        round_.compactor.recover()
        round_.merge(round_.plan(), outcome, token=CancelToken(), tell_rows=lambda _: None)
        return outcome, round_.finish(outcome)


def live(store: Path) -> list[str]:
    """Return the ids in what a reader takes for live, doubles included."""
    listing = open_listing(store)
    found: list[str] = []
    for directory in listing.directories():
        for segment in listing.contents(directory).segments:
            found += pq.read_table(segment.path, columns=["event_id"], partitioning=None)["event_id"].to_pylist()
    return sorted(found)


def seen(store: Path) -> list[Event]:
    """Return what the engine shows, newest first."""
    session = open_session(store)
    parts = session.search.pages(Selection(), limit=None, token=CancelToken(), with_payload=True)
    return [each for part in parts for each in part.events]


def names(store: Path) -> list[str]:
    return sorted(path.name for path in (store / PARTITION).iterdir())


@pytest.fixture
def store(tmp_path: Path) -> Path:
    make_store(tmp_path / "store")
    return tmp_path / "store"


class TestMerging:
    def test_a_merged_day_reads_as_before(self, store: Path) -> None:
        fill(store)
        before = seen(store)
        outcome, due = run(store)

        assert [(each.rows, each.inputs) for each in outcome.merged] == [(20, 4)]
        assert due is None
        assert len(names(store)) == 1
        assert seen(store) == before

    def test_the_merged_segment_is_laid_out_like_a_published_one(self, store: Path) -> None:
        """Sorted, in full row groups, with filters and checksums."""
        for part in range(3):
            times = range(part, 60_000, 3)
            write_segment(store, MONDAY, [event(f"e{at}", AT + at) for at in times])
        run(store)
        path = store / PARTITION / names(store)[0]
        footer = pq.read_metadata(path)

        assert [footer.row_group(at).num_rows for at in range(footer.num_row_groups)] == [16_384] * 3 + [10_848]
        assert footer.row_group(0).column(1).bloom_filter_offset
        assert pq.read_table(path, columns=["event_time"], page_checksum_verification=True, partitioning=None)[
            "event_time"
        ].cast(pa.int64()).to_pylist() == list(range(AT + 59_999, AT - 1, -1))

    @settings(max_examples=40, deadline=None)
    @given(
        parts=st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=12), min_size=1, max_size=5),
        slice_bytes=st.integers(1, 2000),
    )
    def test_slices_of_any_size_give_the_total_order(
        self, parts: list[list[int]], slice_bytes: int, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        store = tmp_path_factory.mktemp("any") / "store"
        make_store(store)
        events = [[event(f"e{at}-{n}", AT + at) for n, at in enumerate(part)] for part in parts]
        paths = [write_segment(store, MONDAY, part) for part in events]

        tables = merged(paths, check=lambda: None, slice_bytes=slice_bytes)

        expected = sorted((each for part in events for each in part), key=lambda each: each.cursor, reverse=True)
        got = [each for table in tables for each in events_of(table)]
        assert [each.cursor for each in got] == [each.cursor for each in expected]
        assert sorted(got, key=repr) == sorted(expected, key=repr)

    def test_a_cancelled_merge_leaves_nothing(self, store: Path) -> None:
        fill(store)
        before = names(store)
        token = CancelToken()
        token.cancel()
        round_ = compaction(store)
        with round_.compactor.maintaining(), pytest.raises(Cancelled):
            round_.merge(round_.plan(), Outcome(), token=token, tell_rows=lambda _: None)

        assert names(store) == before
        assert list((store / ".logtui" / "tmp").iterdir()) == []

    def test_an_input_that_went_away_meanwhile_is_no_failure(self, store: Path) -> None:
        fill(store)
        round_ = compaction(store)
        with round_.compactor.maintaining():
            plan, outcome = round_.plan(), Outcome()
            (store / PARTITION / names(store)[0]).unlink()
            round_.merge(plan, outcome, token=CancelToken(), tell_rows=lambda _: None)

        assert outcome == Outcome()
        assert len(names(store)) == 3

    def test_only_one_process_maintains_a_store(self, store: Path) -> None:
        with (
            compaction(store).compactor.maintaining(),
            pytest.raises(LockedError, match=f"process {os.getpid()} .*try again when it is done"),
            compaction(store).compactor.maintaining(),
        ):
            pass


class TestGrace:
    def test_inputs_stay_for_readers_that_began_before(self, store: Path) -> None:
        fill(store)
        expected, inputs = live(store), names(store)
        _, due = run(store, grace=50 * DAY)

        assert due is not None
        assert 49 * DAY < due <= 50 * DAY
        assert set(inputs) < set(names(store))
        assert live(store) == expected
        assert run(store, grace=0)[1] is None
        assert live(store) == expected
        assert [name[0] for name in names(store)] == ["c"]

    def test_a_merge_is_not_merged_before_its_inputs_are_gone(self, store: Path) -> None:
        fill(store)
        run(store, grace=50 * DAY)
        fill(store, first=10)
        outcome, _ = run(store, grace=50 * DAY)

        assert [each.inputs for each in outcome.merged] == [4]
        assert len(live(store)) == len(set(live(store))) == 40

    def test_a_clock_that_was_set_back_keeps_inputs_no_longer_than_the_grace(self, store: Path) -> None:
        fill(store)
        run(store, grace=50 * DAY)
        compactor = LocalCompactor(store, clock=lambda: system_clock() - 100 * DAY)

        assert [each.age >= 0 for each in compactor.unfinished()] == [True]


class TestDamage:
    def test_a_damaged_input_is_named_and_left_alone(self, store: Path) -> None:
        """One bit in a page; a checksum finds it, and the others are merged."""
        fill(store)
        damaged = store / PARTITION / names(store)[1]
        content = bytearray(damaged.read_bytes())
        content[pq.read_metadata(damaged).row_group(0).column(12).data_page_offset + 40] ^= 1
        damaged.write_bytes(content)
        outcome, _ = run(store)

        assert [each.inputs for each in outcome.merged] == [3]
        assert [(each.path, each.is_loss) for each in outcome.problems] == [(f"{PARTITION}/{damaged.name}", True)]
        assert "is damaged" in outcome.problems[0].message
        assert damaged.read_bytes() == content

    def test_a_torn_input_is_named_and_left_alone(self, store: Path) -> None:
        fill(store)
        torn = store / PARTITION / names(store)[1]
        torn.write_bytes(torn.read_bytes()[:-20])
        outcome, _ = run(store)

        assert [each.inputs for each in outcome.merged] == [3]
        assert [each.path for each in outcome.problems] == [f"{PARTITION}/{torn.name}"]
        assert torn.exists()

    def test_a_segment_with_more_columns_is_left_alone(self, store: Path) -> None:
        """Merging would lose what a newer logtui, or somebody else, wrote."""
        fill(store)
        other = store / PARTITION / "i-other.parquet"
        pq.write_table(table_of([event("other")]).append_column("new", pa.array(["x"])), other)
        outcome, _ = run(store)

        assert [each.inputs for each in outcome.merged] == [4]
        assert "has other columns" in outcome.problems[0].message
        assert other.exists()

    def test_a_merged_segment_that_lacks_events_costs_no_input(self, store: Path) -> None:
        fill(store)
        run(store, grace=50 * DAY)
        merged_name = names(store)[0]
        (store / PARTITION / merged_name).unlink()
        write_segment(store, MONDAY, [event("few")], name="few")
        (store / PARTITION / "i-few.parquet").rename(store / PARTITION / merged_name)
        outcome, _ = run(store)

        assert "cannot be relied on" in outcome.problems[0].message
        assert len([name for name in names(store) if name.startswith("i-")]) == 4

    def test_a_side_file_that_names_a_way_out_of_the_partition_removes_nothing(self, store: Path) -> None:
        fill(store)
        run(store, grace=50 * DAY)
        victim = store / "victim.parquet"
        victim.write_bytes(b"")
        side_file = next((store / PARTITION).glob("*.replaces"))
        side_file.write_text(json.dumps({"inputs": ["../victim.parquet"], "rows": 20}))
        outcome, _ = run(store)

        assert "names files that are no segments" in outcome.problems[0].message
        assert victim.exists()

    def test_a_damaged_side_file_is_made_up_for(self, store: Path) -> None:
        """Readers see doubles until then, and say so; the segment itself knows what it replaces."""
        fill(store)
        expected = live(store)
        run(store, grace=50 * DAY)
        next((store / PARTITION).glob("*.replaces")).write_bytes(b"\0\0")
        run(store)

        assert live(store) == expected
        assert [name[0] for name in names(store)] == ["c"]

    def test_a_disk_with_too_little_room_is_told_before_anything_is_written(
        self, store: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(store)
        monkeypatch.setattr("logtui.storage.compaction._FREE_SPACE", 1e15)
        with pytest.raises(StoreError, match=r"merging needs .* free some space"):
            run(store)

        assert {name[0] for name in names(store)} == {"i"}

    def test_who_merges_what_is_not_live_is_told(self, store: Path) -> None:
        fill(store)
        compactor = compaction(store).compactor
        gone = [Mergeable("i-gone.parquet", 1, 1, AT)]

        assert compactor.merge(MONDAY, gone, token=CancelToken(), tell_rows=lambda _: None) is None

    def test_reading_names_the_segment_that_is_damaged(self, store: Path) -> None:
        path = write_segment(store, MONDAY, [event("a")])
        path.write_bytes(b"PAR1")
        with pytest.raises(SegmentError, match="is damaged") as caught:
            list(merged([path], check=lambda: None))

        assert caught.value.path == str(path)


class TestLineage:
    def lineage(self, store: Path, name: str) -> object:
        return lineage_of(pq.read_metadata(store / PARTITION / name))

    def test_a_segment_keeps_what_it_was_made_from(self, store: Path) -> None:
        fill(store)
        first = names(store)
        run(store)
        (once,) = names(store)
        fill(store, first=10)
        second = [name for name in names(store) if name != once]
        run(store)
        (twice,) = names(store)
        lineage = lineage_of(pq.read_metadata(store / PARTITION / twice))

        assert names_in(lineage) == {once, *first, *second}
        assert is_covered(lineage, {once, *second})
        assert is_covered(lineage, {*first, *second})
        assert not is_covered(lineage, {*first[1:], *second})
        assert not is_covered({}, {*first})

    def test_it_stays_small(self, store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """First the inputs of inputs are left out, then all of it."""
        kept: list[Sequence[str]] = []
        for most in (100, 6, 3):
            monkeypatch.setattr("logtui.storage.lineage.MOST_NAMES", most)
            fill(store, first=most * 10)
            run(store)
            (name,) = names(store)
            kept.append(sorted(names_in(lineage_of(pq.read_metadata(store / PARTITION / name)))))

        assert [len(each) for each in kept] == [4, 5, 0]
