"""`v` in the explorer: views are kept, opened and come back to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from logtui.config import Settings
from logtui.core.query.parser import parse
from logtui.core.view import SavedView, View
from logtui.services.saved_views import SavedViews
from logtui.session import open_session
from logtui.tui.app import LogtuiApp
from logtui.tui.opening import Opening
from tests.tui.explorer_pilot import Person, explore


@pytest.fixture
def views(tmp_path: Path) -> SavedViews:
    views = SavedViews(tmp_path / "views.toml")
    views.save("ada", View(parse("actor:user_ada"), ("event_time", "ip")))
    return views


@pytest.fixture
def settings(views: SavedViews) -> Settings:
    return Settings(views=views.path)


async def test_opening_goes_through_the_history(small_store: Path, settings: Settings) -> None:
    """Query and columns change together, and `[` brings both back."""
    async with explore(small_store, "type:sign_in.*", settings=settings) as person:
        before = person.explorer.view
        await person.press("v")
        await person.until("actor:user_ada")
        await person.press("enter")

        assert person.query == "actor:user_ada"
        assert person.explorer.view.columns == ("event_time", "ip")
        assert "of 30" in person.status
        assert "view ada" in person.header
        await person.press("[")
        assert person.explorer.view == before
        assert "view ada" not in person.header


async def test_the_present_view_is_saved_and_replaced(small_store: Path, settings: Settings, views: SavedViews) -> None:
    """As it is: relative times stay relative. What came from another program meanwhile is asked about."""
    async with explore(small_store, "is:failure since:24h", settings=settings) as person:
        await person.press("v", "f4", *"mine", "enter")
        await person.until("saved")
        assert views.find("mine").view == person.explorer.view
        assert "view mine" in person.header

        views.save("theirs", View())
        await person.press("f4", "ctrl+u", *"theirs", "enter")
        await person.until("replace “theirs”?")
        assert views.find("theirs").view == View()
        await person.press("y")
        await person.until("saved")
        assert views.find("theirs").view == person.explorer.view


async def test_renaming_and_deleting(small_store: Path, settings: Settings, views: SavedViews) -> None:
    """The header follows."""
    async with explore(small_store, settings=settings) as person:
        await person.press("v", "enter", "v", "f2", *" x", "enter")
        await person.until("renamed")
        assert [saved.name for saved in views.load().views] == ["ada x"]
        assert "view ada x" in person.header
        await person.press("f8", "y")
        await person.until("deleted")
        assert views.load().views == ()
        assert "view ada" not in person.header


async def test_a_damaged_file_is_told_and_left_alone(small_store: Path, settings: Settings, views: SavedViews) -> None:
    """With its name and line; saving refuses, too."""
    views.path.write_text("[view.ada\n")
    async with explore(small_store, settings=settings) as person:
        await person.press("v")
        await person.until("(at line 1, column 10)")
        await person.press("f4", *"x", "enter")
        await person.until("(at line 1, column 10)")

    assert views.path.read_text() == "[view.ada\n"


async def test_a_view_from_the_command_line(small_store: Path, views: SavedViews) -> None:
    """It opens with its columns, and its name is what saving begins with."""
    saved = views.find("ada")
    narrowed = "actor:user_ada since:24h"
    opening = Opening(lambda: open_session(small_store), narrowed)
    opening.start()
    app = LogtuiApp(
        opening,
        store=small_store,
        query=narrowed,
        settings=Settings(views=views.path),
        clock=lambda: 0,
        saved=SavedView("ada", replace(saved.view)),
    )
    try:
        async with app.run_test(size=(120, 40)) as pilot:
            person = Person(app, pilot)
            await person.idle()
            assert person.explorer.view == replace(saved.view, query=parse(narrowed))
            assert "view ada" not in person.header, "it was narrowed"
            await person.press("v", "f4", "enter")
            await person.until("replace “ada”?")
    finally:
        opening.withdraw()
