"""Searching in the explorer: where the reader is after jumps, what is undone by one key, what can be cancelled."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from logtui.core.cancel import CancelToken
from logtui.core.clock import MINUTE, frozen_clock
from logtui.core.event import Event
from logtui.core.page import Page, Progress, Selection, Summary
from logtui.core.times import format_instant
from logtui.services.search import Search
from logtui.session import Session
from logtui.storage.memory import MemoryEngine
from logtui.tui.opening import Opening
from tests.samples import NOW
from tests.tui.explorer_pilot import Person, explore_opening

STORE = Path("memory")
MANY = 1200
FIRST_AT = NOW - MANY * MINUTE


def many_events() -> tuple[Event, ...]:
    """One event a minute by three people, oldest first; more than a window of rows holds at once."""
    return tuple(
        Event(
            FIRST_AT + number * MINUTE,
            f"evt_{number:04}",
            ("user.updated", "sign_in.password.failed")[number % 300 == 0],
            actor=f"user_{number % 3}",
            payload=f'{{"number": {number}}}',
            ingested_at=FIRST_AT + number * MINUTE,
        )
        for number in range(MANY)
    )


class SlowSearch(Search):
    """Pages come when `may_go_on` is set; until then a question waits, and can be cancelled."""

    def __init__(self, engine: MemoryEngine) -> None:
        super().__init__(engine, frozen_clock(NOW))
        self.engine = engine
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.waiting = threading.Event()
        self.finds_nothing_first = False
        """Whether a question that waits has searched days without a match before."""

    def pages(self, selection: Selection, *, limit: int | None, token: CancelToken, **rest: object) -> Iterator[Page]:
        """Yield pages, once it may."""
        if not self.may_go_on.is_set():
            if self.finds_nothing_first:
                yield Page((), Progress(1, 3), is_final=False)
            self.waiting.set()
            with token.interrupting(self.may_go_on.set):
                self.may_go_on.wait(10)
            token.check()
        yield from super().pages(selection, limit=limit, token=token, **rest)  # type: ignore[arg-type]


class NeverChanges:
    """A watcher of events that do not change."""

    def __init__(self) -> None:
        self._closed = threading.Event()

    def wait(self, timeout: float) -> frozenset[str]:
        """Wait for the end."""
        self._closed.wait(timeout)
        return frozenset()

    def close(self) -> None:
        """End the wait."""
        self._closed.set()


@pytest.fixture
def search() -> SlowSearch:
    """A search over many events that can be held up."""
    return SlowSearch(MemoryEngine(many_events()))


def opening(search: SlowSearch, query: str = "") -> Opening:
    """Open a session on that search."""
    session = Session(STORE, search.engine, search, frozen_clock(NOW), NeverChanges)
    return Opening(lambda: session, query)


async def test_typing_without_a_stop_is_one_step_back(search: SlowSearch) -> None:
    """However long the pauses between letters, `[` returns to what was there before the typing."""
    async with explore_opening(opening(search), STORE) as person:
        await person.press("/")
        for part in ("actor:user_1", " type:user", ".*"):
            await person.paste(part)
        await person.press("enter")
        assert person.query == "actor:user_1 type:user.*"

        await person.press("[")

        assert person.query == ""


class TestPlace:
    async def test_the_place_after_a_jump_is_counted(self, search: SlowSearch) -> None:
        """Far from both ends, the status says which row of how many is being read."""
        async with explore_opening(opening(search), STORE) as person:
            await go_to(person, FIRST_AT + 400 * MINUTE)

            assert person.reading == "evt_0400"
            assert person.status.startswith("800 of 1,200")

            await person.press("k")
            assert person.status.startswith("799 of 1,200")

    async def test_the_place_of_events_of_one_microsecond_is_counted(self) -> None:
        """Events of the same time are told apart by their ids, also where they are counted."""
        search = SlowSearch(MemoryEngine(replace(event, event_time=NOW) for event in many_events()))
        async with explore_opening(opening(search), STORE) as person:
            await person.press("m", "G", "U")
            await person.press("down")

            assert person.status.startswith("2 of 1,200")

    async def test_failures_far_away_are_reached(self, search: SlowSearch) -> None:
        """`e` looks beyond the loaded rows; what was loading is not said any more in the end."""
        async with explore_opening(opening(search), STORE) as person:
            await person.press("e")
            assert person.reading == "evt_0900"
            await person.press("e")
            assert person.reading == "evt_0600"
            assert person.status.startswith("600 of 1,200")
            assert "searching" not in person.status

            await person.press("G", "E")
            assert person.reading == "evt_0300"

    async def test_paging_to_the_end_and_back_meets_every_event_once(self, search: SlowSearch) -> None:
        """Pages join without a gap or a double row."""
        async with explore_opening(opening(search), STORE) as person:
            for _ in range(45):
                await person.press("space")
            assert person.reading == "evt_0000"
            loaded = [event.event_id for event in person.explorer.feed.loaded]

            assert loaded == [event.event_id for event in reversed(many_events())]


class TestTotal:
    async def test_nothing_is_none_before_it_is_counted(
        self, search: SlowSearch, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A search that went through everything and found nothing knows the total, however long counting takes."""

        def summary(*_: object, token: CancelToken, **__: object) -> Iterator[Summary]:
            withdrawn = threading.Event()
            with token.interrupting(withdrawn.set):
                withdrawn.wait(10)
            token.check()
            yield from ()

        async with explore_opening(opening(search), STORE) as person:
            monkeypatch.setattr(search, "summary", summary)
            await person.pilot.press("/")
            await person.pilot.press(*"actor:nobody", "enter")
            await person.until("– of 0  events by")
            while not person.explorer.questions.is_open("summary"):
                await person.pilot.pause()

            assert person.status.startswith("– of 0  events by")


class TestSlowWords:
    @pytest.mark.parametrize(("word", "is_said"), [("mfa", True), ("impersonated", False)])
    async def test_the_status_says_when_no_filter_knows_a_word(
        self, search: SlowSearch, word: str, is_said: bool
    ) -> None:
        """A short word is looked for in every payload, which takes a while."""
        search.finds_nothing_first = True
        async with explore_opening(opening(search), STORE) as person:
            search.may_go_on.clear()
            await person.pilot.press("/")
            await person.pilot.press(*word, "enter")
            await person.until("searching: 1 of 3 days")

            assert ("reading all payloads" in person.status) is is_said
            search.may_go_on.set()


class TestCancel:
    async def test_ctrl_c_withdraws_the_search_and_says_how_to_go_on(self, search: SlowSearch) -> None:
        """Rows of the query before are not left to be taken for those of the present one."""
        async with explore_opening(opening(search), STORE) as person:
            await hold_up(person, search, "A")
            await person.press("ctrl+c")
            assert "cancelled" in person.text
            assert "r searches again" in person.text
            assert person.reading is None

            search.may_go_on.set()
            await person.press("r")

            assert person.status.startswith("1 of 400")

    async def test_nothing_says_that_it_is_searching_afterwards(self, search: SlowSearch) -> None:
        """Nor does the histogram go on counting the events of the query before."""
        search.finds_nothing_first = True
        async with explore_opening(opening(search), STORE) as person:
            assert "1,200 events" in person.text
            await hold_up(person, search, "A")
            await person.until("searching …")
            assert person.status.startswith("– of 0 so far")
            await person.press("ctrl+c")

            assert "searching" not in person.text
            assert "1,200" not in person.text
            assert "r searches again" in person.text
            await person.press("escape", "escape")
            assert person.status.startswith("– of 0 so far")

    async def test_a_new_query_withdraws_the_one_before(self, search: SlowSearch) -> None:
        """The answer of an old question never shows."""
        async with explore_opening(opening(search), STORE) as person:
            await hold_up(person, search, "A")
            search.may_go_on.set()
            await person.press("0", "X")

            assert person.status.startswith("1 of 1,200")

    async def test_paging_goes_on_after_it_was_cancelled(self, search: SlowSearch) -> None:
        """A page that was given up is asked for again by the next move."""
        async with explore_opening(opening(search), STORE) as person:
            search.may_go_on.clear()
            while not search.waiting.is_set():
                await person.pilot.press("space")
            await person.press("ctrl+c")
            search.may_go_on.set()
            for _ in range(10):
                await person.press("space")

            assert person.explorer.feed.row_count > 400


async def go_to(person: Person, time: int) -> None:
    """Jump to the first event at or before a time."""
    await person.press("ctrl+g")
    await person.paste(format_instant(time))
    await person.press("enter")
    await person.idle()


async def hold_up(person: Person, search: SlowSearch, key: str) -> None:
    """Press a key whose search does not come back."""
    search.may_go_on.clear()
    search.waiting.clear()
    await person.pilot.press(key)
    await asyncio.to_thread(search.waiting.wait, 10)
