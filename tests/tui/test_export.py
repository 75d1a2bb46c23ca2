"""The export dialog: a form that says what it means, a watched run, and the truth at the end."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from logtui.core.page import Progress
from logtui.services.export import ExportStep
from logtui.tui.screens.export import Export, ExportWish
from tests.tui.dialog_app import HOSTILE, Below, looking_at


@pytest.fixture
def store(tmp_path: Path) -> Path:
    (tmp_path / "audit").mkdir()
    return tmp_path / "audit"


def dialog(app: Below, store: Path, *, marks: int = 0, first: ExportWish | None = None) -> Export:
    def copy(text: str) -> str:
        app.copied.append(text)
        return "sent"

    return Export(
        app,
        store,
        total="90",
        marks=marks,
        suggest=lambda suffix: f"{store.parent}/out{suffix}",
        command=lambda wish: f"logtui query {wish.format} {wish.path.name}",
        copy=copy,
        first=first,
    )


class TestForm:
    async def test_enter_writes_all_events_as_csv(self, store: Path) -> None:
        """What most people want takes two keys."""
        app = Below()
        async with looking_at(dialog(app, store), app) as person:
            assert "[csv]" in app.text
            assert "[all of the feed: 90]" in app.text
            assert "same as  logtui query csv out.csv" in app.text
            await person.press("enter")

        assert app.told[-1] == Export.Start(ExportWish(store.parent / "out.csv", "csv"))

    async def test_fields_are_chosen_by_keys_and_format_and_suffix_agree(self, store: Path) -> None:
        """Whichever of the two is changed."""
        app = Below()
        async with looking_at(dialog(app, store, marks=3), app) as person:
            await person.press("right", "l")
            assert "out.json" in app.text
            await person.press("down", "space", "tab", "right", "tab", "ctrl+e", *["backspace"] * 4, *"parquet")
            assert "[parquet]" in app.text
            assert "[3 marked]" in app.text
            await person.press("up", "up", "up", "h", "enter")

        path = store.parent / "out.json"
        assert app.told[-1] == Export.Start(ExportWish(path, "json", "marked", "view"))

    async def test_a_place_that_cannot_be_written_is_told_while_it_is_typed(self, store: Path) -> None:
        """Nothing starts before it is right."""
        app = Below()
        async with looking_at(dialog(app, store), app, size=(120, 30)) as person:
            await person.press("up", "ctrl+u")
            await person.until("a file name is missing")
            app.post_message(events.Paste(f"{store}/x.csv"))
            await person.until("name a file outside")
            await person.press("enter")
            assert not any(isinstance(message, Export.Start) for message in app.told)
            await person.press("ctrl+u", *"~/x")
            await person.until(f"new {Path.home()}")

    async def test_replacing_is_asked(self, store: Path) -> None:
        """And enter is not yes."""
        (store.parent / "out.csv").touch()
        app = Below()
        async with looking_at(dialog(app, store), app) as person:
            assert "is there already" in app.text
            await person.press("enter")
            assert "replace this file?" in app.text
            await person.press("enter")
            assert not any(isinstance(message, Export.Start) for message in app.told)
            await person.press("enter", "y")

        assert app.told[-1] == Export.Start(ExportWish(store.parent / "out.csv", "csv", may_replace=True))

    async def test_the_command_is_copied(self, store: Path) -> None:
        """For the next time, or for cron."""
        app = Below()
        async with looking_at(dialog(app, store), app) as person:
            await person.press("f6")
            assert "sent" in app.text

        assert app.copied == ["logtui query csv out.csv"]

    async def test_the_last_wish_is_where_it_begins(self, store: Path) -> None:
        """Also when the marks are gone meanwhile."""
        app = Below()
        first = ExportWish(store.parent / "x.ndjson", "ndjson", "marked", "view")
        async with looking_at(dialog(app, store, first=first), app):
            assert "[ndjson]" in app.text
            assert "[as in the feed]" in app.text
            assert "out.ndjson" in app.text
            assert "[all of the feed: 90]" in app.text


class TestRunning:
    async def test_tells_how_far_it_is_and_what_became_of_it(self, store: Path) -> None:
        """Another enter closes."""
        app = Below()
        screen = dialog(app, store)
        async with looking_at(screen, app) as person:
            await person.press("enter")
            screen.show_step(ExportStep(1_200, has_more=False, progress=Progress(3, 30)))
            await person.until("1,200 events written, 3 of 30 days searched")
            assert "esc cancels" in app.text
            await person.press("enter", "x")
            assert sum(isinstance(message, Export.Start) for message in app.told) == 1
            screen.show_done([[("all is well", "good")]])
            await person.until("all is well")
            await person.press("enter")

        assert app.given == [None]

    async def test_escape_stops_and_the_form_is_there_again(self, store: Path) -> None:
        """The owner says whether there is a file."""
        app = Below()
        screen = dialog(app, store)
        async with looking_at(screen, app) as person:
            await person.press("enter", "escape")
            assert isinstance(app.told[-1], Export.Stop)
            await person.until("cancelling …")
            screen.show_failed([[("cancelled", "warn")]])
            await person.until("cancelled")
            await person.press("right")
            assert "[ndjson]" in app.text
            assert "cancelled" not in app.text

    async def test_hostile_names_are_only_shown(self, tmp_path: Path) -> None:
        """A directory's name is somebody's input, too."""
        place = tmp_path / HOSTILE.replace("/", "").replace("\0", "").replace("\ud83d", "")
        place.mkdir()
        app = Below()
        async with looking_at(dialog(app, place / "audit"), app, size=(60, 12)) as person:
            assert app.is_harmless()
            (place / "out.csv").touch()
            await person.press("enter")
            assert app.is_harmless()
