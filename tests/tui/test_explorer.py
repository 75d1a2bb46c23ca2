"""The explorer as a person uses it, on a real store with the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.samples import NOW, small_events
from tests.tui.explorer_pilot import explore

NEWEST = small_events()[-1]
OLDEST = small_events()[0]


class TestOpening:
    async def test_the_newest_event_is_on_top_and_the_total_is_exact(self, small_store: Path) -> None:
        """The first screen answers what happened last, and how much there is."""
        async with explore(small_store) as person:
            assert person.reading == NEWEST.event_id
            assert person.status.startswith("1 of 90")
            assert "following" in person.header

    async def test_a_query_from_the_command_line_is_asked_at_once(self, small_store: Path) -> None:
        """`logtui STORE QUERY` shows the query and its events."""
        async with explore(small_store, "actor:user_bob is:failure") as person:
            assert "query actor:user_bob is:failure" in person.text
            assert person.status.startswith("1 of 5")

    @pytest.mark.parametrize("size", [(80, 24), (120, 40), (300, 100), (40, 10), (20, 5)])
    async def test_every_size_shows_the_cursor_row(self, small_store: Path, size: tuple[int, int]) -> None:
        """Nothing overlaps the feed, however small the terminal is."""
        async with explore(small_store, size=size) as person:
            await person.press("j", "j", "k")

            assert person.explorer.feed.region.height >= 1
            assert person.explorer.event is not None


class TestQuery:
    async def test_typing_searches_and_a_mistake_keeps_the_last_good_result(self, small_store: Path) -> None:
        """A half-typed query never empties the screen."""
        async with explore(small_store) as person:
            await person.press("/")
            await person.type("actor:user_cyd")
            assert person.status.startswith("1 of 30")

            await person.type(" (")

            assert person.status.startswith("1 of 30")
            assert "^" in person.text
            assert "not closed" in person.text

            await person.press("escape")
            assert person.query == "actor:user_cyd"

    async def test_the_form_and_the_text_are_two_views_of_one_query(self, small_store: Path) -> None:
        """What is typed in one shows in the other, and what has no input is kept."""
        async with explore(small_store, "-is:failure") as person:
            await person.press("a")
            await person.type("session.*")
            assert person.query == "-is:failure type:session.*"
            await person.press("tab")
            await person.type("user_ada")
            await person.press("enter")

            assert person.query == "-is:failure type:session.* actor:user_ada"
            assert person.status.startswith("1 of 10")

    async def test_the_form_completes_goes_on_and_says_what_is_wrong(self, small_store: Path) -> None:
        """`tab` takes what is offered, then goes to the next input; a mistake stays in the form."""
        async with explore(small_store) as person:
            await person.press("a")
            assert "esc leave" in person.text
            await person.paste("session.c")
            await person.press("tab", "tab")
            assert person.query == "type:session.created"

            await person.press("up", "up")
            await person.paste("99x")
            assert "to" in person.text
            assert "expected a time" in person.text
            assert person.query == "type:session.created"

            await person.press("escape")
            assert "99x" not in person.text
            assert person.explorer.feed.has_focus

    async def test_leaves_of_payloads_are_offered(self, small_store: Path) -> None:
        """What payloads hold is read when it is first asked for, and shown as soon as it is known."""
        async with explore(small_store) as person:
            await person.press("/")
            await person.paste("payload.")
            assert "payload.email:" in person.text
            await person.paste("session.id:sess")

            assert "sess_002" in person.text

    async def test_completion_follows_the_catalogue(self, small_store: Path) -> None:
        """`tab` takes what the hint line offers."""
        async with explore(small_store) as person:
            await person.press("/")
            await person.type("ty")
            await person.press("tab")

            assert "query type:" in person.text


class TestPivots:
    async def test_a_pivot_shows_everything_of_the_actor_and_back_returns(self, small_store: Path) -> None:
        """`A` and `[` are a round trip, cursor included."""
        async with explore(small_store) as person:
            await person.press("j", "j", "j")
            reading = person.reading
            await person.press("A")
            assert person.query == "actor:user_cyd"
            assert person.status.startswith("1 of 30")

            await person.press("[")

            assert person.query == ""
            assert person.reading == reading

            await person.press("]")
            assert person.query == "actor:user_cyd"

    async def test_include_and_exclude_take_the_cell_under_the_cursor(self, small_store: Path) -> None:
        """`l` moves to the type cell; `-` leaves its value out."""
        async with explore(small_store) as person:
            await person.press("l", "-")
            assert person.query == f"-type:{NEWEST.event_type}"
            assert person.status.startswith("1 of 75")

            await person.press("x")
            assert person.query == ""

    async def test_context_shows_the_surroundings_with_the_reader_on_the_event(self, small_store: Path) -> None:
        """`C` on a search result shows what else happened around it."""
        async with explore(small_store, "is:failure") as person:
            await person.press("j")
            reading = person.reading
            await person.press("C")

            assert person.reading == reading
            assert person.query == f"around:{reading}~5m"


class TestMoving:
    async def test_the_oldest_and_the_newest_are_one_key_away(self, small_store: Path) -> None:
        """`G` and `g` jump to the ends."""
        async with explore(small_store) as person:
            await person.press("G")
            assert person.reading == OLDEST.event_id
            assert person.status.startswith("90 of 90")

            await person.press("g")
            assert person.reading == NEWEST.event_id

    async def test_failures_are_visited_one_after_the_other(self, small_store: Path) -> None:
        """`e` goes to older failures, `E` back to newer ones, and the end is said."""
        async with explore(small_store) as person:
            visited = []
            for _ in range(3):
                await person.press("e")
                visited.append(person.reading)
            await person.press("E", "E", "E")

            failures = [event.event_id for event in reversed(small_events()) if event.severity == "warning"]
            assert visited == failures[:3]
            assert "no failure further up" in person.status

    async def test_marks_are_visited(self, small_store: Path) -> None:
        """`m` marks, `u` and `U` go from mark to mark."""
        async with explore(small_store) as person:
            await person.press("j", "m")
            marked = person.reading
            await person.press("j", "j", "U")
            assert person.reading == marked

            await person.press("u")
            assert "no mark further down" in person.status


class TestTime:
    async def test_presets_replace_the_time_and_shift_moves_it(self, small_store: Path) -> None:
        """`3` asks for a day, `<` for the day before, `0` for all."""
        async with explore(small_store, "actor:user_ada") as person:
            await person.press("3")
            assert person.query == "actor:user_ada since:24h"

            await person.press("<")
            assert person.query == "actor:user_ada since:2026-10-02T12:00:00Z until:2026-10-03T12:00:00Z"

            await person.press("0")
            assert person.query == "actor:user_ada"

    async def test_the_zone_is_always_shown(self, small_store: Path) -> None:
        """`~` goes through UTC, local time and ages."""
        async with explore(small_store) as person:
            assert "UTC" in person.header
            await person.press("~")
            assert "local time" in person.header
            await person.press("~")
            assert "ages" in person.header


class TestNothing:
    async def test_an_unknown_type_is_told_with_near_ones(self, small_store: Path) -> None:
        """A misspelt type says what may have been meant."""
        async with explore(small_store, "type:sign_in.creatd") as person:
            assert "No events match." in person.text
            assert "did you mean sign_in.created" in person.text

    async def test_a_time_without_events_says_when_there_are_some(self, small_store: Path) -> None:
        """Outside of what is stored, the screen names what is."""
        async with explore(small_store, "since:2026-11-01") as person:
            assert "The store holds events from 2026-09-21 to 2026-10-04" in person.text
            assert NOW


class TestCopying:
    @pytest.mark.parametrize(
        ("keys", "copied"),
        [
            ("yi", NEWEST.event_id),
            ("yp", NEWEST.payload),
            ("yv", "2026-10-04T08:40:00.000000Z"),
        ],
    )
    async def test_chords_copy_parts_of_the_event(self, small_store: Path, keys: str, copied: str) -> None:
        """`y` and a letter send to the terminal's clipboard, and say so."""
        async with explore(small_store) as person:
            await person.press(*keys)

            assert person.app.clipboard == copied
            assert "sent to the terminal's clipboard" in person.status

    async def test_the_view_is_copied_as_a_command_line_and_as_sql(self, small_store: Path) -> None:
        """What is seen can be taken along."""
        async with explore(small_store, "type:sign_in.* since:7d") as person:
            await person.press("y", "c")
            assert person.app.clipboard == f"logtui query {small_store} 'type:sign_in.* since:7d'"

            await person.press("y", "q")
            assert person.app.clipboard.startswith("SELECT event_time")
            assert "'sign_in." in person.app.clipboard

    async def test_a_chord_shows_what_may_follow_and_any_other_key_ends_it(self, small_store: Path) -> None:
        """`y` alone waits; `yz` does nothing, and `z` is not taken for its own action."""
        async with explore(small_store) as person:
            await person.press("y")
            assert "copy payload" in person.text

            await person.press("j")
            assert "copy payload" not in person.text
            assert person.reading == NEWEST.event_id


class TestDetail:
    async def test_an_event_is_read_whole_and_the_next_one_without_closing(self, small_store: Path) -> None:
        """`enter` opens, `J` steps, `q` closes; the feed's cursor has moved along."""
        async with explore(small_store) as person:
            await person.press("enter")
            assert NEWEST.event_type in person.text
            assert "cyd@corp.example" in person.text

            await person.press("J", "q")

            assert person.reading == small_events()[-2].event_id

    async def test_a_leaf_of_the_payload_becomes_a_condition(self, small_store: Path) -> None:
        """`+` on a line of the payload narrows the query and closes the detail."""
        async with explore(small_store) as person:
            await person.press("enter", "tab", "+")

            assert person.query == "payload.email:cyd@corp.example"
            assert person.status.startswith("1 of 30")


class TestHistogram:
    async def test_a_range_is_chosen_by_keys(self, small_store: Path) -> None:
        """`z`, then `enter` on a bar, searches in that bar's time."""
        async with explore(small_store) as person:
            await person.press("z", "enter")

            assert person.query.startswith("since:2026-10-04T")
            assert "until:" in person.query
            assert person.explorer.feed.has_focus
