"""Pages over a store that logtui wrote: the right events, in order, once each, whatever the files look like."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.asking import DAY_ONE, add, event, events, ids, listed, own_store, parts, select

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.event import Cursor, Event
from logtui.core.page import Order, Progress
from logtui.storage.duckdb.engine import DuckDBEngine

SPREAD = [event(number * 7 * HOUR + number, f"evt_{number:03}") for number in range(60)]
"""Sixty events over eighteen days."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    root = own_store(tmp_path_factory.mktemp("pages") / "store", SPREAD[::2])
    add(root, SPREAD[1::2])
    engine = DuckDBEngine(root)
    yield engine
    engine.close()


class TestOnePage:
    def test_gives_the_newest_events_first(self, engine: DuckDBEngine) -> None:
        """Newest first is what a page is, over all segments of all days."""

        found = events(engine, limit=10)

        assert found == listed(SPREAD)[:10]

    def test_gives_the_oldest_events_first_when_asked(self, engine: DuckDBEngine) -> None:
        found = events(engine, limit=10, order=Order.OLDEST_FIRST)

        assert found == listed(SPREAD)[::-1][:10]

    def test_gives_everything_without_a_limit(self, engine: DuckDBEngine) -> None:
        found = events(engine, with_payload=True)

        assert found == SPREAD[::-1]

    @pytest.mark.parametrize(("limit", "has_more"), [(1, True), (59, True), (60, False), (61, False)])
    def test_knows_at_its_end_whether_more_follow(self, engine: DuckDBEngine, limit: int, has_more: bool) -> None:
        found = parts(engine, limit=limit)

        assert [part.is_final for part in found] == [False] * (len(found) - 1) + [True]
        assert found[-1].has_more is has_more
        assert sum(len(part.events) for part in found) == min(limit, 60)

    def test_carries_payloads_only_when_asked(self, engine: DuckDBEngine) -> None:
        without, with_payload = events(engine, limit=1), events(engine, limit=1, with_payload=True)

        assert without[0].payload is None
        assert with_payload[0].payload == SPREAD[-1].payload

    def test_says_how_many_days_were_searched(self, engine: DuckDBEngine) -> None:
        """Progress counts days that hold data, within the asked range only."""

        found = parts(engine, "since:2026-10-01 until:2026-10-02T12:00 actor:nobody", limit=5)

        assert found[-1].progress == Progress(2, 2)
        assert [part.progress.days_searched for part in found] == sorted(part.progress.days_searched for part in found)

    def test_keeps_to_the_range_and_the_condition(self, engine: DuckDBEngine) -> None:
        found = ids(engine, "since:2026-10-02 until:2026-10-02 id:evt_00*")

        assert found == [each.event_id for each in listed(SPREAD) if DAY <= each.event_time - DAY_ONE < 2 * DAY]

    def test_is_empty_for_a_range_that_is(self, engine: DuckDBEngine) -> None:
        found = parts(engine, "since:2026-10-05 until:2026-10-02")

        assert [part.events for part in found] == [()]
        assert found[-1].is_final

    def test_of_an_empty_store_is_empty(self, tmp_path: Path) -> None:
        engine = DuckDBEngine(own_store(tmp_path / "store"))

        assert events(engine) == []
        assert engine.problems() == ()
        engine.close()


class TestPaging:
    @pytest.mark.parametrize("order", list(Order))
    @pytest.mark.parametrize("size", [7, 59])
    def test_continues_after_any_event(self, engine: DuckDBEngine, order: Order, size: int) -> None:
        """Pages of any size, one after the other, are the whole list."""
        found: list[Event] = []

        while page := events(engine, limit=size, order=order, after=found[-1].cursor if found else None):
            found.extend(page)

        expected = listed(SPREAD)
        assert found == (expected if order is Order.NEWEST_FIRST else expected[::-1])

    def test_tells_events_of_one_instant_apart_by_their_ids(self, tmp_path: Path) -> None:
        same = [event(HOUR, name) for name in ("a", "B", "b", "é", "z", "日", "🙂")]
        engine = DuckDBEngine(own_store(tmp_path / "store", same))

        found = events(engine, limit=3)
        rest = events(engine, after=found[-1].cursor)

        assert [each.event_id for each in found + rest] == ["🙂", "日", "é", "z", "b", "a", "B"]
        engine.close()

    def test_continues_after_an_event_that_is_gone(self, engine: DuckDBEngine) -> None:
        between = Cursor(SPREAD[30].event_time + 1, "evt_gone")

        assert events(engine, limit=1, after=between)[0].event_id == "evt_030"
        assert events(engine, limit=1, after=between, order=Order.OLDEST_FIRST)[0].event_id == "evt_031"


class TestOneEvent:
    def test_is_found_with_its_payload(self, engine: DuckDBEngine) -> None:
        found = engine.event(SPREAD[20].cursor, token=CancelToken())

        assert found == SPREAD[20]

    def test_is_none_when_it_is_not_there(self, engine: DuckDBEngine) -> None:
        assert engine.event(Cursor(SPREAD[20].event_time, "evt_021"), token=CancelToken()) is None

    def test_gives_its_time_by_its_id(self, engine: DuckDBEngine) -> None:
        assert engine.find_time("evt_020", token=CancelToken()) == SPREAD[20].event_time
        assert engine.find_time("evt_999", token=CancelToken()) is None


@st.composite
def layouts(draw: st.DrawFn) -> list[list[Event]]:
    """Batches of events as writers may publish them: any times of four days, in any order, many at one instant."""
    moments = draw(st.lists(st.integers(0, 4 * DAY - 1), min_size=1, max_size=6))
    times = st.one_of(st.sampled_from(moments), st.integers(0, 40).map(lambda step: step * 3 * HOUR))
    batches = draw(st.lists(st.lists(times, min_size=1, max_size=8), min_size=1, max_size=4))
    return [
        [event(at, f"evt_{number}_{place}") for place, at in enumerate(batch)] for number, batch in enumerate(batches)
    ]


@settings(max_examples=15, deadline=None)
@given(layouts(), st.integers(1, 6), st.sampled_from(list(Order)))
def test_pages_of_any_layout_are_the_sorted_events(batches: list[list[Event]], size: int, order: Order) -> None:
    """Whatever the segments hold, paging forwards and then back gives every event once."""
    stored = [each for batch in batches for each in batch]
    expected = listed(stored) if order is Order.NEWEST_FIRST else listed(stored)[::-1]
    with tempfile.TemporaryDirectory() as directory:
        root = own_store(Path(directory, "store"))
        for batch in batches:
            add(root, batch)
        engine = DuckDBEngine(root)
        forwards: list[Event] = []
        while page := events(engine, limit=size, order=order, after=forwards[-1].cursor if forwards else None):
            forwards.extend(page)
        opposite = Order.OLDEST_FIRST if order is Order.NEWEST_FIRST else Order.NEWEST_FIRST
        backwards = [forwards[-1]]
        while page := events(engine, limit=size, order=opposite, after=backwards[-1].cursor):
            backwards.extend(page)
        engine.close()

    assert forwards == expected
    assert backwards == expected[::-1]


def test_a_walk_widens_until_it_has_found_enough(tmp_path: Path) -> None:
    """A rare match far back is found in few steps, and its part comes before the search is over."""
    days = [event(day * DAY + number * MINUTE) for day in range(40) for number in range(5)]
    rare = event(HOUR, "evt_rare", event_type="user.banned")
    engine = DuckDBEngine(own_store(tmp_path / "store", [*days, rare]))

    found = parts(engine, "type:user.banned", limit=1)

    assert [each.event_id for part in found for each in part.events] == ["evt_rare"]
    assert len(found) <= 6
    engine.close()


def test_all_events_come_in_parts_of_bounded_size(tmp_path: Path) -> None:
    """However dense the events are, no part holds more than a few thousand."""
    dense = [event(number // 4000, f"evt_{number:05}") for number in range(12_000)]
    engine = DuckDBEngine(own_store(tmp_path / "store", dense))

    found = parts(engine)

    assert [each.event_id for part in found for each in part.events] == [each.event_id for each in listed(dense)]
    assert max(len(part.events) for part in found) <= 5000
    engine.close()


def test_payloads_that_do_not_fit_into_memory_together_come_in_smaller_parts(tmp_path: Path) -> None:
    """Three hundred payloads of a megabyte each, with less memory than that."""
    payload = '"' + "x" * 1_000_000 + '"'
    engine = DuckDBEngine(own_store(tmp_path / "store"))
    for day in range(12):
        add(tmp_path / "store", [replace(event(day * DAY + number), payload=payload) for number in range(25)])

    found = parts(engine, limit=290, with_payload=True)

    given = [each for part in found for each in part.events]
    assert len({each.event_id for each in given}) == 290
    assert given == sorted(given, key=lambda each: each.cursor, reverse=True)
    engine.close()


def test_a_selection_by_time_alone_counts_every_event_of_it(engine: DuckDBEngine) -> None:
    selection = select("since:2026-10-03 until:2026-10-04")

    pages = list(engine.pages(selection, limit=None, token=CancelToken()))

    found = [each for page in pages for each in page.events]
    assert found == [each for each in listed(SPREAD) if 2 * DAY <= each.event_time - DAY_ONE < 4 * DAY]


class TestTiedRowsThatMove:
    """Compaction puts rows into another segment between two pages."""

    def test_come_again_rather_than_never(self, tmp_path: Path) -> None:
        store = own_store(tmp_path / "store")
        segments = [add(store, [event(5, "same")], name=name)[0] for name in ("a", "b", "c")]
        engine = DuckDBEngine(store)
        try:
            for order in Order:
                first = events(engine, limit=1, order=order)
                assert len(events(engine, order=order, after=first[0].cursor)) == 2
                read_from = store / first[0].place[0]
                assert read_from in segments
                moved = read_from.with_name(f"c-{order}.parquet")
                read_from.rename(moved)
                segments = [moved if each == read_from else each for each in segments]
                assert len(events(engine, order=order, after=first[0].cursor)) == 3
        finally:
            engine.close()

    def test_are_the_same_event_where_they_are_alone(self, tmp_path: Path) -> None:
        """What pages and the feed go by stays as it was."""
        store = own_store(tmp_path / "store", [event(number) for number in range(3)])
        engine = DuckDBEngine(store)
        try:
            before = events(engine)
            [segment] = (store / "date=2026-10-01").iterdir()
            segment.rename(segment.with_name("c-merged.parquet"))
            after = events(engine)
            assert [each.cursor for each in before] == [each.cursor for each in after]
            assert events(engine, after=before[0].cursor) == before[1:]
            whole = engine.event(before[1].cursor, token=CancelToken(), place=before[1].place)
            assert whole is not None
            assert whole.payload is not None
        finally:
            engine.close()
