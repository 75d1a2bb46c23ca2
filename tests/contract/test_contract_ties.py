"""Rows of one time and id are rows like any other: each is found once, in one order, for every engine."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.contract.conftest import OpenStores
from tests.query_strategies import BASE

from logtui.core.cancel import CancelToken
from logtui.core.event import Cursor, Event
from logtui.core.page import Order, Selection
from logtui.core.query.ast import Node
from logtui.core.query.parser import parse
from logtui.storage.engine import Engine

EVERYTHING = parse("")


def row(at: int, event_id: str, content: str) -> Event:
    return Event(BASE + at, event_id, "user.created", actor=content, ingested_at=BASE, payload=f'{{"n":"{content}"}}')


ROWS = st.builds(row, st.sampled_from((0, 1)), st.sampled_from(("a", "b")), st.sampled_from(("x", "y", "z")))


def paged(
    engine: Engine, size: int, order: Order, after: Cursor | None = None, query: Node = EVERYTHING
) -> list[Event]:
    """Return what pages of one size give, one after the other."""
    found: list[Event] = []
    while True:
        parts = engine.pages(Selection(query), limit=size, token=CancelToken(), order=order, after=after)
        for part in parts:
            found += part.events
        if not part.has_more:
            return found
        after = found[-1].cursor


def content(events: list[Event]) -> Counter[tuple[int, str, str | None]]:
    return Counter((event.event_time, event.event_id, event.actor) for event in events)


class TestTiedRows:
    @settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        segments=st.lists(st.lists(ROWS, min_size=1, max_size=6), min_size=1, max_size=3),
        size=st.sampled_from((1, 2, 3, 5)),
    )
    def test_come_once_each_in_both_directions(
        self, open_store: OpenStores, segments: list[list[Event]], size: int
    ) -> None:
        """Whatever is the same in them, also in several segments: pages lose none and double none."""
        store = open_store(segments[0])
        for more in segments[1:]:
            store.append(more)
        stored = [event for events in segments for event in events]
        forwards = paged(store.engine, size, Order.NEWEST_FIRST)
        backwards = paged(store.engine, size, Order.OLDEST_FIRST)
        assert content(forwards) == content(stored)
        assert [event.place for event in backwards] == [event.place for event in reversed(forwards)]
        if len(forwards) > 1:
            back_from_the_end = paged(store.engine, size, Order.OLDEST_FIRST, forwards[-1].cursor)
            assert [event.place for event in back_from_the_end] == [event.place for event in forwards[-2::-1]]

    def test_have_cursors_of_their_own(self, open_store: OpenStores) -> None:
        """What tells rows apart on the screen is different for each, and for other events as plain as ever."""
        store = open_store([row(0, "a", "x"), row(0, "a", "y"), row(0, "b", "x")])
        cursors = [event.cursor for event in paged(store.engine, 10, Order.NEWEST_FIRST)]
        assert len(set(cursors)) == 3
        assert cursors == sorted(cursors, reverse=True)
        assert cursors[0] == Cursor(BASE, "b")

    def test_of_which_one_is_opened_is_that_one(self, open_store: OpenStores) -> None:
        """The payload is the row's own, also where the query left out the others."""
        store = open_store([row(0, "a", "x"), row(0, "a", "y")])
        store.append([row(0, "a", "z")])
        for query in (EVERYTHING, parse("actor:x"), parse("actor:y"), parse("actor:z")):
            for event in paged(store.engine, 10, Order.NEWEST_FIRST, query=query):
                whole = store.engine.event(event.cursor, token=CancelToken(), place=event.place)
                assert whole == replace(event, payload=f'{{"n":"{event.actor}"}}')
                assert whole.cursor == event.cursor

    @pytest.mark.parametrize("order", list(Order))
    def test_stream_whole_without_a_limit(self, open_store: OpenStores, order: Order) -> None:
        """More of them than one part holds."""
        store = open_store([row(0, "a", "x")] * 5_009)
        parts = store.engine.pages(Selection(), limit=None, token=CancelToken(), order=order)
        places = [event.place for part in parts for event in part.events]
        assert len(places) == len(set(places)) == 5_009

    def test_are_followed_one_by_one(self, open_store: OpenStores) -> None:
        """A follower gives each row, however often its like came before."""
        store = open_store([row(0, "a", "x")])
        follow = store.engine.follow()
        store.append([row(0, "a", "x"), row(0, "a", "x")])
        store.append([row(0, "a", "x")])
        fresh = follow.fresh(Selection(), limit=10, token=CancelToken())
        assert fresh.count == 3
        assert len({event.cursor for event in fresh.events}) == 3

    def test_are_caught_up_with_one_by_one(self, open_store: OpenStores) -> None:
        """What `tail` prints holds each of them, more than one part of them too."""
        store = open_store([row(0, "a", "x")])
        follow = store.engine.follow()
        store.append([row(0, "a", "x")] * 5_009)
        parts = follow.catch_up(Selection(), token=CancelToken())
        places = [event.place for part in parts for event in part.events]
        assert len(places) == len(set(places)) == 5_009
