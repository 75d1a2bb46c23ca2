"""Every promise of the engine about single events and about the store as a whole, for every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.contract.conftest import OpenStores
from tests.contract.stored import stored_events
from tests.query_strategies import BASE
from tests.samples import hard_events, small_events

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR
from logtui.core.errors import Cancelled
from logtui.core.event import Cursor
from logtui.core.page import Day, DayState
from logtui.storage.engine import Engine


class TestEvent:
    def test_comes_whole(self, engine: Engine) -> None:
        """With its payload, byte for byte."""
        for event in stored_events()[::7]:
            assert engine.event(event.cursor, token=CancelToken()) == event

    def test_text_of_every_kind_survives(self, open_store: OpenStores) -> None:
        """Controls, quotes, NUL, broken JSON and numbers beyond 64 bits come back as they went in."""
        engine = open_store(hard_events()).engine
        found = [engine.event(event.cursor, token=CancelToken()) for event in hard_events()]
        assert found == list(hard_events())

    @pytest.mark.parametrize(
        "cursor", [Cursor(BASE + HOUR, "nowhere"), Cursor(BASE + HOUR + 1, "tie_3"), Cursor(10**15, "tie_3")]
    )
    def test_that_is_not_stored_is_none(self, engine: Engine, cursor: Cursor) -> None:
        """Both the time and the id must be the event's."""
        assert engine.event(cursor, token=CancelToken()) is None


class TestFindTime:
    def test_is_that_of_the_newest_with_the_id(self, engine: Engine) -> None:
        """An id that came twice means its newest event."""
        assert engine.find_time("tie_3", token=CancelToken()) == BASE + HOUR
        assert engine.find_time("old", token=CancelToken()) == stored_events()[0].event_time

    @pytest.mark.parametrize("event_id", ["nowhere", "", "TIE_3"])
    def test_of_an_unknown_id_is_none(self, engine: Engine, event_id: str) -> None:
        """Ids are case-sensitive."""
        known = {event.event_id for event in stored_events()}
        assert event_id not in known
        assert engine.find_time(event_id, token=CancelToken()) is None


class TestStore:
    def test_time_bounds_are_those_of_the_events(self, engine: Engine) -> None:
        """Both ends are times of events."""
        times = [event.event_time for event in stored_events()]
        assert engine.time_bounds(token=CancelToken()) == (min(times), max(times))

    def test_empty_store_has_no_bounds_and_no_days(self, open_store: OpenStores) -> None:
        """None, not zero."""
        engine = open_store([]).engine
        assert engine.time_bounds(token=CancelToken()) is None
        assert engine.coverage().days == ()

    def test_coverage_lists_days_with_gaps(self, open_store: OpenStores) -> None:
        """Days in between without events are missing, and those with events have segments and bytes."""
        first = small_events()[0].event_time // DAY * DAY
        coverage = open_store(small_events()).engine.coverage()
        assert [day.start for day in coverage.days] == [first + number * DAY for number in range(14)]
        present = [day for day in coverage.days if day.state is DayState.PRESENT]
        assert [(day.start - first) // DAY for day in present] == [0, 7, 11, 12, 13]
        assert all(day.segment_count == 1 and day.byte_count > 0 for day in present)
        missing = [day for day in coverage.days if day not in present]
        assert missing == [Day(day.start, DayState.MISSING, 0, 0) for day in missing]

    def test_good_store_has_no_problems(self, engine: Engine) -> None:
        """After all that was asked of it."""
        assert engine.coverage().problems == ()
        assert engine.problems() == ()

    def test_close_may_come_twice(self, open_store: OpenStores) -> None:
        """Whoever cleans up need not know whether somebody did."""
        engine = open_store(small_events()).engine
        engine.close()
        engine.close()

    def test_events_of_one_time_keep_their_order_by_id(self, open_store: OpenStores) -> None:
        """Ids compare by code point: capitals first, beyond the basic plane last."""
        sample = small_events()[0]
        ids = ["Z", "a", "é", "\uffee", "🙂"]
        engine = open_store([replace(sample, event_id=each) for each in reversed(ids)]).engine
        at = sample.event_time
        found = [engine.event(Cursor(at, each), token=CancelToken()) for each in ids]
        assert [event and event.event_id for event in found] == ids


class TestCancelled:
    def test_lookups_do_not_start(self, engine: Engine) -> None:
        """Each of them gives up at once."""
        token = CancelToken()
        token.cancel()
        with pytest.raises(Cancelled):
            engine.event(Cursor(BASE + HOUR, "tie_3"), token=token)
        with pytest.raises(Cancelled):
            engine.find_time("tie_3", token=token)
        with pytest.raises(Cancelled):
            engine.time_bounds(token=token)
