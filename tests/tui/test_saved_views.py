"""Saved views are found, opened, saved, renamed and deleted by keys."""

from __future__ import annotations

from logtui.core.page import Order
from logtui.core.query.parser import parse
from logtui.core.view import SavedView, View
from logtui.services.views_toml import BrokenView, ViewList
from logtui.tui.screens.saved_views import Views
from tests.tui.dialog_app import HOSTILE, Below, looking_at

HERE = View(parse("type:sign_in.*"))
FAILURES = SavedView("failures", View(parse("is:failure since:24h"), ("event_time", "ip")))
ADA = SavedView("what Ada did", View(parse("actor:user_ada"), order=Order.OLDEST_FIRST))
SIGN_INS = SavedView("sign-ins", HERE)
KNOWN = ViewList((FAILURES, SIGN_INS, ADA))


class TestViews:
    async def test_lists_names_queries_and_words(self) -> None:
        """What the present view is called is marked; the one under the cursor is said in English."""
        app = Below()
        dialog = Views(app, HERE)
        async with looking_at(dialog, app) as person:
            assert isinstance(app.told[0], Views.Load)
            assert "reading …" in app.text
            dialog.show(KNOWN)
            await person.until("events that are failures, since 24 hours ago")

            assert "3 views" in app.text
            assert "failures                      is:failure since:24h" in app.text
            assert "columns time, ip" in app.text
            assert "▸ sign-ins" in app.text
            await person.press("down", "down")
            assert "events by user_ada" in app.text
            assert "oldest first on the command line" in app.text
            await person.press("enter")

        assert app.given == [ADA]

    async def test_typing_searches_names_and_queries(self) -> None:
        """Every word must be found; enter opens what is left."""
        app = Below()
        dialog = Views(app, HERE)
        async with looking_at(dialog, app) as person:
            dialog.show(KNOWN)
            await person.press(*"USER did")
            assert "1 of 3 views" in app.text
            await person.press(*"zz", "enter")
            assert 'no view has "USER didzz" in its name or query' in app.text
            await person.press("backspace", "backspace", "enter")

        assert app.given == [ADA]

    async def test_saving_asks_for_a_name(self) -> None:
        """It begins with the name of the view that was opened; a wrong one is refused at once."""
        app = Below()
        dialog = Views(app, HERE, "new")
        async with looking_at(dialog, app) as person:
            dialog.show(KNOWN)
            await person.press("f4")
            assert "save this view as" in app.text
            assert "type:sign_in.*" in app.text
            await person.press("ctrl+u", "enter")
            assert "a view needs a name" in app.text
            await person.press(*"new one", "enter")

        assert app.told[-1] == Views.Save("new one")

    async def test_replacing_is_asked_and_enter_means_no(self) -> None:
        """A view is not lost to a key pressed twice."""
        app = Below()
        dialog = Views(app, HERE, "failures")
        async with looking_at(dialog, app) as person:
            dialog.show(KNOWN)
            await person.press("f4", "enter")
            assert "replace “failures”?" in app.text
            assert "it was: is:failure since:24h" in app.text
            await person.press("enter")
            assert not any(isinstance(message, Views.Save) for message in app.told)
            await person.press("f4", "enter", "y")

        assert app.told[-1] == Views.Save("failures", is_replacing=True)

    async def test_renaming_and_deleting(self) -> None:
        """The one under the cursor; deleting asks."""
        app = Below()
        dialog = Views(app, HERE)
        async with looking_at(dialog, app) as person:
            dialog.show(KNOWN)
            await person.press("down", "f2", *" x", "enter")
            assert app.told[-1] == Views.Rename("sign-ins", "sign-ins x")
            await person.press("f8")
            assert "delete “sign-ins”?" in app.text
            await person.press("escape")
            assert not any(isinstance(message, Views.Delete) for message in app.told)
            await person.press("f8", "y")
            assert any(message == Views.Delete("sign-ins") for message in app.told)
            dialog.show(ViewList((FAILURES,)), notice="deleted")
            await person.until("deleted")
            await person.press("escape")

        assert app.given == [None]

    async def test_without_views_it_says_how_to_get_one(self) -> None:
        """The keys that need one do nothing else."""
        app = Below()
        dialog = Views(app, HERE)
        async with looking_at(dialog, app) as person:
            dialog.show(ViewList())
            await person.until("no views yet: f4 alt+s saves what the feed shows")
            await person.press("enter", "f2", "f8")
            assert "no view on this line" in app.text

    async def test_a_failure_is_told_and_forgotten_with_the_next_key(self) -> None:
        """With views on the screen, below them; without, in their place."""
        app = Below()
        dialog = Views(app, HERE)
        async with looking_at(dialog, app) as person:
            dialog.fail("/x/views.toml: is not TOML: expected ']' (at line 3, column 8)")
            await person.until("(at line 3, column 8)")
            dialog.show(KNOWN)
            dialog.fail("/x/views.toml: cannot be written: No space left on device")
            await person.until("No space left on device")
            assert "failures" in app.text
            await person.press("down")
            assert "No space left" not in app.text

    async def test_broken_and_hostile_views_are_only_shown(self) -> None:
        """A file that somebody else wrote cannot reach the terminal."""
        app = Below()
        dialog = Views(app, HERE, HOSTILE)
        hostile = SavedView(HOSTILE, View(parse(f'actor:"{HOSTILE[:20]}"')))
        broken = BrokenView(HOSTILE, 7, f'view "{HOSTILE}": unknown key x')
        async with looking_at(dialog, app, size=(60, 14)) as person:
            dialog.show(ViewList((hostile,), (broken,)))
            await person.until("line 7")
            assert app.is_harmless()
            for key in ("f2", "f8", "f4"):
                await person.press(key)
                assert app.is_harmless()
                await person.press("escape")
            await person.press("down", "enter")
            assert "no view on this line" in app.text
