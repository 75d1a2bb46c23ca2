"""The demo's copy of the month, and how it goes on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from logtui.core.clock import DAY, HOUR, SECOND
from logtui.core.event import Event
from logtui.core.times import day_of
from logtui.services.demo.bundle import BUNDLE, END, copy_bundle, distance_to, moved_payload
from logtui.services.demo.live import go_on
from logtui.services.demo.timeline import Timeline
from logtui.session import make_store
from logtui.storage.arrow_schema import events_of
from logtui.storage.sink import SegmentSink

NOW = END + 200 * DAY + 7 * HOUR + 123_456


@pytest.fixture
def sink(tmp_path: Path) -> SegmentSink:
    return make_store(tmp_path / "store", is_durable=False)


def events_in(store: Path) -> list[Event]:
    segments = store.glob("date=*/*.parquet")
    events = [event for path in segments for event in events_of(pq.read_table(path, partitioning=None))]
    return sorted(events, key=lambda event: event.cursor)


class TestCopy:
    def test_it_is_the_bundle_moved_so_that_it_ends_now(self, sink: SegmentSink) -> None:
        distance = distance_to(NOW)
        count = copy_bundle(sink, distance)
        original, copied = events_in(BUNDLE), events_in(sink.store)

        assert count == len(copied) == len(original)
        assert 0 <= NOW - END - distance < 1000
        for before, after in zip(original, copied, strict=True):
            assert after.event_id == before.event_id
            assert after.event_time - before.event_time == distance
            assert after.ingested_at is not None
            assert before.ingested_at is not None
            assert after.ingested_at - before.ingested_at == distance

    def test_every_event_lies_in_the_partition_of_its_new_day(self, sink: SegmentSink) -> None:
        copy_bundle(sink, distance_to(NOW))

        for path in sink.store.glob("date=*/*.parquet"):
            days = {day_of(event.event_time) for event in events_of(pq.read_table(path, partitioning=None))}
            assert {f"date={day}" for day in days} == {path.parent.name}

    def test_times_in_payloads_move_and_nothing_else_does(self) -> None:
        before = (
            '{"at":1791072000000,"list":[{"until":1791072000999}],"n":17,"text":"1791072000000","id":"a_1791072000000"}'
        )

        after = moved_payload(before, 5 * SECOND)

        assert after == (
            '{"at":1791072005000,"list":[{"until":1791072005999}],"n":17,"text":"1791072000000","id":"a_1791072000000"}'
        )


class TestLive:
    @pytest.fixture
    def live(self, sink: SegmentSink) -> list[Event]:
        """The events of the first minute, as a viewer's clock goes on."""
        clock = Steps(NOW, SECOND * 3 // 2)
        go_on(sink, distance_to(NOW), clock=clock.read, wait=clock.wait_forty_times)
        return events_in(sink.store)

    def test_events_come_as_time_goes_on(self, live: list[Event], sink: SegmentSink) -> None:
        """About one a second, in segments of a few, none of the future and none of the bundle."""
        per_segment = [pq.read_metadata(path).num_rows for path in sink.store.glob("date=*/*.parquet")]

        assert 20 <= len(live) <= 300
        assert 10 <= len(per_segment) <= 40
        assert max(per_segment) <= 25
        assert all(event.event_time >= NOW or "offline_queue" in str(event.payload) for event in live)
        assert live[-1].event_time < NOW + 62 * SECOND
        assert {event.event_id for event in live}.isdisjoint(event.event_id for event in events_in(BUNDLE))

    def test_they_are_about_the_people_of_the_days_before(self, live: list[Event]) -> None:
        actors = {event.actor for event in events_in(BUNDLE)}

        assert len({event.actor for event in live if event.actor}.intersection(actors)) >= 3

    def test_their_payloads_are_of_now(self, live: list[Event]) -> None:
        for event in live:
            assert abs(json.loads(event.payload or "")["updated_at"] * 1000 - event.event_time) < 90 * DAY

    def test_a_long_pause_is_not_made_up_for(self, sink: SegmentSink) -> None:
        """A laptop slept for a day: the stories go on where they were."""
        clock = Steps(NOW, DAY)

        go_on(sink, distance_to(NOW), clock=clock.read, wait=clock.wait_forty_times)

        assert len(events_in(sink.store)) < 40 * 200


class Steps:
    """A clock that moves on whenever somebody waits, forty times."""

    def __init__(self, start: int, step: int) -> None:
        self.now, self.step, self.left = start, step, 40

    def read(self) -> int:
        return self.now

    def wait_forty_times(self, _: float) -> bool:
        self.now, self.left = self.now + self.step, self.left - 1
        return self.left < 0


class TestTimeline:
    def test_stories_run_side_by_side_in_the_order_of_time(self) -> None:
        timeline = Timeline(0)
        seen: list[tuple[int, str]] = []

        def story(name: str, *waits: int) -> Iterator[int]:
            for wait in waits:
                seen.append((timeline.now, name))
                yield wait

        timeline.start(story("a", 10, 10, 10), 0)
        timeline.start(story("b", 15, 5), 5)
        timeline.run_until(20)

        assert seen == [(0, "a"), (5, "b"), (10, "a")]
        timeline.run_until(100)
        assert seen[3:] == [(20, "a"), (20, "b")]
        assert timeline.now == 100
        assert all(earlier[0] <= later[0] for earlier, later in pairwise(seen))
