"""Every promise of `Follow`, for every engine."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.contract.conftest import OpenStores
from tests.contract.stored import expected
from tests.samples import NOW, small_events

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, MINUTE
from logtui.core.errors import Cancelled, UnsupportedQueryError
from logtui.core.event import Event
from logtui.core.page import NOTHING_FRESH, Fresh, Order, Selection, TimeRange
from logtui.core.query.ast import ColumnRef, Regex, Term
from logtui.core.query.parser import parse
from logtui.storage.engine import Follow

STORED = small_events()


def new_events(count: int, start: int = NOW) -> tuple[Event, ...]:
    """Events of two types, one a minute, newest first."""
    return tuple(
        replace(
            STORED[number % len(STORED)],
            event_time=start + number * MINUTE,
            event_id=f"new_{start}_{number:03}",
            event_type=("sign_in.created", "user.updated")[number % 2],
        )
        for number in reversed(range(count))
    )


def fresh(follow: Follow, selection: Selection | None = None, limit: int = 1000) -> Fresh:
    return follow.fresh(selection or Selection(), limit=limit, token=CancelToken())


def without_payload(events: list[Event]) -> tuple[Event, ...]:
    return tuple(replace(event, payload=None) for event in events)


class TestFresh:
    def test_nothing_is_fresh_at_first(self, open_store: OpenStores) -> None:
        """What was stored before is not news."""
        assert fresh(open_store(STORED).engine.follow()) == NOTHING_FRESH

    def test_new_events_are_fresh_once(self, open_store: OpenStores) -> None:
        """Newest first, without payload, wherever their time belongs; the next look finds nothing."""
        store = open_store(STORED)
        follow = store.engine.follow()
        events = [*new_events(3), *new_events(2, NOW - 40 * DAY)]
        store.append(events)
        assert fresh(follow) == Fresh(without_payload(expected(Selection(), events=events)), 5)
        assert fresh(follow) == NOTHING_FRESH

    def test_each_look_finds_what_came_since(self, open_store: OpenStores) -> None:
        """Nothing twice, nothing lost."""
        store = open_store([])
        follow = store.engine.follow()
        for number in range(3):
            events = new_events(2, NOW + number * MINUTE * 10)
            store.append(events)
            assert fresh(follow).events == without_payload(list(events))

    def test_limit_cuts_events_but_not_the_count(self, open_store: OpenStores) -> None:
        """The newest are given; how many there are in all is known."""
        store = open_store(STORED)
        follow = store.engine.follow()
        store.append(new_events(20))
        found = fresh(follow, limit=4)
        assert ([event.event_id for event in found.events], found.count) == (
            [event.event_id for event in new_events(20)[:4]],
            20,
        )

    @pytest.mark.parametrize(
        "selection",
        [
            Selection(parse("type:user.*")),
            Selection(range=TimeRange(NOW + 2 * MINUTE, NOW + 4 * MINUTE)),
            Selection(parse("type:user.* p.attempts:>0"), TimeRange(None, NOW + 6 * MINUTE)),
            Selection(parse("actor:nobody")),
        ],
    )
    def test_only_matching_events_count(self, open_store: OpenStores, selection: Selection) -> None:
        """The others are passed over for good."""
        store = open_store(STORED)
        follow = store.engine.follow()
        store.append(new_events(10))
        events = without_payload(expected(selection, events=new_events(10)))
        assert fresh(follow, selection) == Fresh(events, len(events))
        assert fresh(follow) == NOTHING_FRESH

    def test_followers_do_not_disturb_each_other(self, open_store: OpenStores) -> None:
        """Each has its own place."""
        store = open_store(STORED)
        first = store.engine.follow()
        store.append(new_events(1))
        second = store.engine.follow()
        store.append(new_events(2, NOW + DAY))
        assert (fresh(first).count, fresh(second).count) == (3, 2)

    def test_fresh_events_are_found_by_new_questions(self, open_store: OpenStores) -> None:
        """What a follower was given, a search gives too."""
        store = open_store(STORED)
        store.append(new_events(2))
        parts = store.engine.pages(Selection(), limit=2, token=CancelToken())
        assert tuple(event for part in parts for event in part.events) == without_payload(list(new_events(2)))


class TestPosition:
    def test_leads_back_to_the_same_place(self, open_store: OpenStores) -> None:
        """A checkpoint taken between two appends gives the second, to another follower."""
        store = open_store(STORED)
        follow = store.engine.follow()
        store.append(new_events(2))
        fresh(follow)
        position = follow.position
        store.append(new_events(3, NOW + DAY))
        assert fresh(store.engine.follow(position)).events == without_payload(list(new_events(3, NOW + DAY)))

    def test_of_the_beginning_gives_everything(self, open_store: OpenStores) -> None:
        """Nothing given out yet: all is fresh."""
        assert fresh(open_store(STORED).engine.follow(frozenset())).count == len(STORED)

    def test_forgets_what_is_not_stored(self, open_store: OpenStores) -> None:
        """A checkpoint may name segments that are gone; it does not grow for ever."""
        store = open_store(STORED)
        present = store.engine.follow().position
        follow = store.engine.follow(present | {"date=2001-01-01/i-gone.parquet"})
        fresh(follow)
        assert follow.position == present


class TestCatchUp:
    def test_gives_all_oldest_first(self, open_store: OpenStores) -> None:
        """In parts, the last of which is final; then nothing is left."""
        store = open_store(STORED)
        follow = store.engine.follow()
        events = [*new_events(5), *new_events(5, NOW - 3 * DAY)]
        store.append(events)
        parts = list(follow.catch_up(Selection(), token=CancelToken(), with_payload=True))
        assert [event for part in parts for event in part.events] == expected(Selection(), Order.OLDEST_FIRST, events)
        assert [part.is_final for part in parts] == [False] * (len(parts) - 1) + [True]
        assert fresh(follow) == NOTHING_FRESH

    def test_gives_again_what_was_not_taken(self, open_store: OpenStores) -> None:
        """Whoever fails on the way gets all of it the next time."""
        store = open_store(STORED)
        follow = store.engine.follow()
        before = follow.position
        store.append(new_events(5))
        next(follow.catch_up(Selection(), token=CancelToken()))
        assert follow.position == before
        assert fresh(follow).count == 5

    def test_gives_matching_events_only(self, open_store: OpenStores) -> None:
        """And moves past the others."""
        store = open_store(STORED)
        follow = store.engine.follow()
        store.append(new_events(6))
        selection = Selection(parse("type:user.*"), TimeRange(NOW + 2 * MINUTE, None))
        found = [event for part in follow.catch_up(selection, token=CancelToken()) for event in part.events]
        assert tuple(found) == without_payload(expected(selection, Order.OLDEST_FIRST, new_events(6)))
        assert fresh(follow) == NOTHING_FRESH


class TestRefusals:
    def test_cancelled_look_does_not_move(self, open_store: OpenStores) -> None:
        """What it would have given comes with the next."""
        store = open_store(STORED)
        follow = store.engine.follow()
        store.append(new_events(2))
        token = CancelToken()
        token.cancel()
        with pytest.raises(Cancelled):
            follow.fresh(Selection(), limit=10, token=token)
        with pytest.raises(Cancelled):
            list(follow.catch_up(Selection(), token=token))
        assert fresh(follow).count == 2

    def test_term_that_cannot_be_evaluated_is_refused(self, open_store: OpenStores) -> None:
        """Also while nothing is new."""
        follow = open_store(STORED).engine.follow()
        with pytest.raises(UnsupportedQueryError, match=r"/\(/"):
            fresh(follow, Selection(Term(ColumnRef("actor"), (Regex("("),))))


class TestSummaryWithin:
    def test_counts_what_was_given_and_no_more(self, open_store: OpenStores) -> None:
        """A total as of the follower's place, to which what it gives later can be added."""
        store = open_store(STORED)
        follow = store.engine.follow()
        store.append(new_events(7))

        def total(bucket: int | None) -> int:
            found = store.engine.summary(Selection(), bucket=bucket, token=CancelToken(), within=follow.position)
            return list(found)[-1].total

        assert [total(None), total(DAY)] == [len(STORED)] * 2
        fresh(follow)
        assert [total(None), total(DAY)] == [len(STORED) + 7] * 2
