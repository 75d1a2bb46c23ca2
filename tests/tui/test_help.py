"""Help shows the keys that work now, finds what is typed, and knows the query language."""

from __future__ import annotations

from logtui.core.query.parser import parse
from logtui.tui.actions import ACTIONS
from logtui.tui.query_help import EXAMPLES
from logtui.tui.screens.help import Help, sections
from tests.tui.dialog_app import Below, looking_at


class TestSections:
    def test_every_action_is_there_once(self) -> None:
        """With its keys as the person has set them."""
        keymap = {"feed.down": "ctrl+n"}
        entries = [entry for _, section in sections("detail", keymap) for entry in section]

        for action in ACTIONS:
            assert [meaning for _, meaning in entries].count(action.meaning) >= 1
        assert ("ctrl+n", "one event down (older)") in entries

    def test_the_keys_around_the_focus_come_first(self) -> None:
        """Whoever asks in the detail wants the detail's keys."""
        headings = [heading for heading, _ in sections("detail", {})]

        assert headings[:3] == ["Event detail", "Payload tree", "Any list"]
        assert len(headings) == len(set(headings))

    def test_examples_are_queries(self) -> None:
        """What the help shows can be typed."""
        for text, _ in EXAMPLES:
            parse(text)


class TestHelp:
    async def test_typing_searches(self) -> None:
        """In keys, meanings and headings."""
        app = Below()
        async with looking_at(Help("feed"), app) as person:
            assert "one event down (older)" in app.text
            await person.press(*"qzx")
            assert 'nothing about "qzx"' in app.text
            for _ in range(3):
                await person.press("backspace")
            await person.press(*"sql")
            assert "yq" in app.text
            assert "copy the query as SQL for DuckDB" in app.text

    async def test_scrolls_while_the_input_has_the_focus(self) -> None:
        """Letters are typed; other keys move the list."""
        app = Below()
        async with looking_at(Help("feed"), app, size=(40, 10)) as person:
            await person.press("pagedown", "pagedown", "down")
            assert "one event down" not in app.text
            await person.press("pageup", "pageup", "up", "up", "up")
            assert "one event down" in app.text
            await person.press("escape")

        assert app.given == [None]
