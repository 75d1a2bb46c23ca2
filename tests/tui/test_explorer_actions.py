"""Every key of the table does something where it is said to work."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.app import App

from logtui.tui.actions import ACTIONS, Action
from logtui.tui.app import LogtuiApp
from logtui.tui.screens.explorer import Explorer
from logtui.tui.widgets.feed import Feed
from logtui.tui.widgets.filter_form import FilterForm
from logtui.tui.widgets.histogram import Histogram
from logtui.tui.widgets.query_bar import QueryBar
from tests.samples import small_events
from tests.tui.explorer_pilot import explore

_HOMES = {
    "feed": Feed,
    "explorer": Explorer,
    "histogram": Histogram,
    "query": QueryBar,
    "form": FilterForm,
    "app": LogtuiApp,
}


@pytest.mark.parametrize("action", [a for a in ACTIONS if a.scope in _HOMES], ids=lambda action: action.id)
def test_every_action_has_its_method(action: Action) -> None:
    """A key that is documented is also built."""
    assert hasattr(_HOMES[action.scope], f"action_{action.name}")


def test_textual_still_asks_for_what_is_overridden() -> None:
    """An update of Textual that renames these would bring tracebacks back to the screen."""
    assert hasattr(App, "_handle_exception")
    assert hasattr(App, "get_default_screen")


async def test_help_lists_the_keys_and_closes(small_store: Path) -> None:
    """`?` shows the real bindings, and typing searches them."""
    async with explore(small_store) as person:
        await person.press("question_mark")
        await person.type("payload, byte")
        assert "copy the payload" in person.text

        await person.press("escape")
        assert len(person.app.screen_stack) == 1


async def test_the_palette_runs_an_action(small_store: Path) -> None:
    """`:` finds an action by its name and runs it."""
    async with explore(small_store) as person:
        await person.press("colon")
        await person.type("last 24 hours")
        await person.until("the last 24 hours")
        await person.press("enter")
        await person.idle()
        await person.until("query since:24h")


async def test_values_of_a_column_become_a_condition(small_store: Path) -> None:
    """`F` counts, `enter` includes."""
    async with explore(small_store) as person:
        await person.press("l", "l", "F")
        await person.until("30")
        await person.press("enter")

        assert person.query.startswith("actor:user_")
        assert person.status.startswith("1 of 30")


async def test_columns_are_chosen(small_store: Path) -> None:
    """`c` hides a column; the feed and its headings agree."""
    async with explore(small_store) as person:
        await person.press("c", "j", "space", "enter")

        assert "event_type" not in person.explorer.view.columns
        assert small_events()[-1].event_type not in person.text


async def test_a_range_is_set_in_words(small_store: Path) -> None:
    """`t` takes the time words of the query language."""
    async with explore(small_store) as person:
        await person.press("t")
        await person.type("yesterday")
        await person.press("enter")
        await person.press("enter")
        await person.idle()

        assert person.query == "since:yesterday"


async def test_going_to_a_time_puts_the_reader_there(small_store: Path) -> None:
    """`ctrl+g` shows the first event at or before a time, within the same query."""
    async with explore(small_store) as person:
        await person.press("ctrl+g")
        await person.type("2026-10-02")
        await person.press("enter")
        await person.idle()

        event = person.explorer.event
        assert event is not None
        expected = next(e for e in reversed(small_events()) if e.event_time < 1_790_985_600_000_000)
        assert event.event_id == expected.event_id
        assert person.query == ""


async def test_text_is_found_also_in_payloads(small_store: Path) -> None:
    """`ctrl+f` goes to the next event that holds the text, `n` to the one after."""
    async with explore(small_store) as person:
        await person.press("ctrl+f")
        await person.type("ada@corp")
        await person.press("enter")
        await person.idle()
        first = person.reading
        await person.press("n")

        ids = [event.event_id for event in reversed(small_events()) if event.actor == "user_ada"]
        assert [first, person.reading] == ids[:2]


async def test_escape_leaves_the_form(small_store: Path) -> None:
    """Inputs are left with one key, on a small terminal they go."""
    async with explore(small_store, size=(80, 24)) as person:
        await person.press("a")
        assert person.explorer.query_one(FilterForm).display
        await person.press("escape")

        assert person.explorer.feed.has_focus
        assert not person.explorer.query_one(FilterForm).display


async def test_typing_after_slash_adds_a_condition(small_store: Path) -> None:
    """It does not run into the last one; leaving without a key changes nothing."""
    async with explore(small_store, "is:failure") as person:
        await person.press("/", "escape")
        assert person.query == "is:failure"
        await person.press("/")
        await person.type("actor:user_ada")
        await person.press("enter")

        assert person.query == "is:failure actor:user_ada"
