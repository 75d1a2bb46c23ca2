"""Every promise of `Engine.pages`, for every engine."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.conftest import OpenStores
from tests.contract.stored import expected, stored_events
from tests.query_strategies import BASE, nodes

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR
from logtui.core.errors import Cancelled, UnsupportedQueryError
from logtui.core.event import Cursor, Event
from logtui.core.page import Order, Page, Selection, TimeRange
from logtui.core.query.ast import Between, ColumnRef, Node, Regex, Term
from logtui.core.query.parser import parse
from logtui.storage.engine import Engine

SELECTIONS = {
    "everything": Selection(),
    "a day": Selection(range=TimeRange(BASE - DAY, BASE)),
    "open start": Selection(range=TimeRange(None, BASE)),
    "open end": Selection(range=TimeRange(BASE, None)),
    "one moment": Selection(range=TimeRange(BASE + HOUR, BASE + HOUR + 1)),
    "reversed": Selection(range=TimeRange(BASE, BASE - DAY)),
    "long before": Selection(range=TimeRange(-(10**17), -(10**16))),
    "a type": Selection(parse("type:sign_in.*")),
    "an id": Selection(parse("id:tie_3")),
    "nobody": Selection(parse("actor:nobody")),
    "a leaf": Selection(parse("p.n:1")),
    "a time in the condition": Selection(Between(BASE - DAY, BASE), TimeRange(None, BASE - HOUR)),
    "a negated time": Selection(parse("-type:sign_in.*"), TimeRange(BASE - 2 * DAY, None)),
}
ORDERS = tuple(Order)


def pages(
    engine: Engine,
    selection: Selection,
    limit: int | None = None,
    order: Order = Order.NEWEST_FIRST,
    after: Cursor | None = None,
) -> list[Page]:
    return list(engine.pages(selection, limit=limit, token=CancelToken(), order=order, after=after))


def cursors(parts: list[Page]) -> list[Cursor]:
    return [event.cursor for part in parts for event in part.events]


def wanted(selection: Selection, order: Order = Order.NEWEST_FIRST) -> list[Cursor]:
    return [event.cursor for event in expected(selection, order)]


class TestOnePage:
    @pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
    @pytest.mark.parametrize("order", ORDERS)
    def test_without_limit_streams_every_match_in_order(
        self, engine: Engine, selection: Selection, order: Order
    ) -> None:
        """The range and the condition hold for each, and the order is total."""
        assert cursors(pages(engine, selection, order=order)) == wanted(selection, order)

    @pytest.mark.parametrize("order", ORDERS)
    @pytest.mark.parametrize("limit", [0, 1, 9, 133, 10_000])
    def test_limit_cuts_and_has_more_says_so(self, engine: Engine, limit: int, order: Order) -> None:
        """`has_more` is true exactly when one more event would follow."""
        parts = pages(engine, Selection(), limit, order)
        assert cursors(parts) == wanted(Selection(), order)[:limit]
        assert parts[-1].has_more == (limit < len(stored_events()))

    @pytest.mark.parametrize("selection", [SELECTIONS["everything"], SELECTIONS["a type"], SELECTIONS["one moment"]])
    def test_limit_of_exactly_all_has_no_more(self, engine: Engine, selection: Selection) -> None:
        """The last match on the page is the last match."""
        count = len(wanted(selection))
        assert pages(engine, selection, count)[-1].has_more is False
        assert pages(engine, selection, count - 1)[-1].has_more is True

    @pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
    @pytest.mark.parametrize("limit", [None, 5])
    def test_only_the_last_part_is_final(self, engine: Engine, selection: Selection, limit: int | None) -> None:
        """Whoever shows a page knows when it is whole."""
        parts = pages(engine, selection, limit)
        assert [part.is_final for part in parts] == [False] * (len(parts) - 1) + [True]

    @pytest.mark.parametrize("order", ORDERS)
    def test_progress_grows_to_the_end(self, engine: Engine, order: Order) -> None:
        """Days searched never shrink, never exceed those asked for, and are all of them at the end."""
        progress = [part.progress for part in pages(engine, SELECTIONS["nobody"], order=order)]
        searched = [each.days_searched for each in progress]
        assert searched == sorted(searched)
        assert all(each.days_searched <= each.days_asked for each in progress)
        assert progress[-1].is_complete

    def test_payload_comes_when_asked_for(self, engine: Engine) -> None:
        """Lists do without the largest column; everything else is as it was stored."""
        for with_payload in (True, False):
            parts = engine.pages(Selection(), limit=None, token=CancelToken(), with_payload=with_payload)
            found = [event for part in parts for event in part.events]
            assert found == [_listed(event, with_payload=with_payload) for event in expected(Selection())]

    def test_empty_store_has_an_empty_page(self, open_store: OpenStores) -> None:
        """Nothing stored is an answer, not an error."""
        (*_, last) = pages(open_store([]).engine, Selection(), 10)
        assert (last.events, last.is_final, last.has_more) == ((), True, False)


class TestAfter:
    @pytest.mark.parametrize("order", ORDERS)
    def test_is_exclusive(self, engine: Engine, order: Order) -> None:
        """Each event leads to exactly those that follow it, also among ten at one time."""
        everything = wanted(Selection(), order)
        for place in (0, 1, 40, 60, 100, len(everything) - 1, *_places_of_ties(everything)):
            found = cursors(pages(engine, Selection(), 5, order, everything[place]))
            assert found == everything[place + 1 : place + 6]

    @pytest.mark.parametrize("order", ORDERS)
    @pytest.mark.parametrize("event_id", ["", "tie_4x", "~"])
    def test_need_not_be_a_stored_event(self, engine: Engine, order: Order, event_id: str) -> None:
        """A place is enough: its event may be gone."""
        after = Cursor(BASE + HOUR, event_id)
        sign = -1 if order is Order.NEWEST_FIRST else 1
        following = [each for each in wanted(Selection(), order) if (each > after) - (each < after) == sign]
        assert cursors(pages(engine, Selection(), None, order, after)) == following

    @pytest.mark.parametrize("order", ORDERS)
    def test_at_the_end_nothing_follows(self, engine: Engine, order: Order) -> None:
        """The page after the last event is empty, final, and has no more."""
        last = pages(engine, Selection(), 5, order, wanted(Selection(), order)[-1])[-1]
        assert (last.events, last.has_more) == ((), False)

    @pytest.mark.parametrize("after", [Cursor(BASE + 5 * DAY, "x"), Cursor(BASE - 5 * DAY, "x")])
    @pytest.mark.parametrize("order", ORDERS)
    def test_outside_the_range_is_everything_or_nothing(self, engine: Engine, order: Order, after: Cursor) -> None:
        """A cursor on the far side of the range does not shift the range."""
        selection = SELECTIONS["a day"]
        is_before_all = (after.event_time > BASE) == (order is Order.NEWEST_FIRST)
        assert cursors(pages(engine, selection, None, order, after)) == (
            wanted(selection, order) if is_before_all else []
        )

    @settings(max_examples=15, deadline=None)
    @given(node=nodes(max_leaves=4), size=st.sampled_from((11, 40)))
    def test_paging_there_and_back_gives_each_match_once(self, engine: Engine, node: Node, size: int) -> None:
        """Whatever the query: forwards each match once, and backwards from the last the same again."""
        selection = Selection(node)
        forwards = _by_pages(engine, selection, size, Order.NEWEST_FIRST, None)
        assert forwards == wanted(selection)
        if forwards:
            backwards = _by_pages(engine, selection, size, Order.OLDEST_FIRST, forwards[-1])
            assert backwards == forwards[-2::-1]


class TestRefusals:
    @pytest.mark.parametrize("order", ORDERS)
    def test_cancelled_question_does_not_start(self, engine: Engine, order: Order) -> None:
        """A token that was cancelled before is an outcome, not an answer."""
        token = CancelToken()
        token.cancel()
        with pytest.raises(Cancelled):
            list(engine.pages(Selection(), limit=1, token=token, order=order))

    def test_cancelled_question_goes_no_further(self, engine: Engine) -> None:
        """Cancelling between two parts ends the walk."""
        token = CancelToken()
        parts = engine.pages(SELECTIONS["a type"], limit=None, token=token)
        next(parts)
        token.cancel()
        with pytest.raises(Cancelled):
            list(parts)

    def test_term_that_cannot_be_evaluated_is_refused(self, engine: Engine) -> None:
        """Also where no event is looked at."""
        bad = Selection(Term(ColumnRef("actor"), (Regex("("),)), TimeRange(0, 0))
        with pytest.raises(UnsupportedQueryError, match=r"/\(/"):
            pages(engine, bad)


class TestThreads:
    def test_several_threads_get_their_own_answers(self, engine: Engine) -> None:
        """Answers do not mix, whichever thread asks what."""
        asked = [*SELECTIONS.values()] * 3
        found: dict[int, list[Cursor]] = {}

        def ask(start: int) -> None:
            for number in range(start, len(asked), 4):
                found[number] = cursors(pages(engine, asked[number], 50))

        threads = [threading.Thread(target=ask, args=(start,)) for start in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [found.get(number) for number in range(len(asked))] == [wanted(each)[:50] for each in asked]


def _by_pages(engine: Engine, selection: Selection, size: int, order: Order, after: Cursor | None) -> list[Cursor]:
    found: list[Cursor] = []
    while True:
        parts = pages(engine, selection, size, order, after)
        found += cursors(parts)
        if not parts[-1].has_more:
            return found
        after = found[-1]


def _places_of_ties(everything: list[Cursor]) -> list[int]:
    return [place for place, cursor in enumerate(everything) if cursor.event_time == BASE + HOUR]


def _listed(event: Event, *, with_payload: bool) -> Event:
    return event if with_payload else replace(event, payload=None)
