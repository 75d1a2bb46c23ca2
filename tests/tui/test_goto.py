"""Times are asked for in the words of the query language and explained while they are typed."""

from __future__ import annotations

import pytest

from logtui.core.clock import DAY, HOUR
from logtui.core.times import day_start
from logtui.tui.screens.goto import AskRange, AskTime
from tests.samples import NOW
from tests.tui.dialog_app import Below, looking_at


class TestAskTime:
    @pytest.mark.parametrize(
        ("typed", "said", "given"),
        [
            ("2h", "2026-10-04T10:00:00Z  2h 00m ago", NOW - 2 * HOUR),
            ("2026-10-01", "the day 2026-10-01, to its end", day_start("2026-10-01") + DAY - 1),
        ],
    )
    async def test_gives_an_instant(self, typed: str, said: str, given: int) -> None:
        """A day is its last instant: the feed is newest first."""
        app = Below()
        async with looking_at(AskTime(NOW), app) as person:
            await person.press(*typed)
            assert said in app.text
            await person.press("enter")

        assert app.given == [given]

    async def test_what_is_no_time_is_not_given(self) -> None:
        """The dialog stays, and says what it expects."""
        app = Below()
        async with looking_at(AskTime(NOW, text="lunch"), app, size=(120, 24)) as person:
            await person.press("enter")
            assert "not a time; expected a time such as 15m" in app.text
            await person.press("escape")

        assert app.given == [None]


class TestAskRange:
    async def test_gives_both_texts_as_written(self) -> None:
        """Relative times stay relative, so that the query can be saved."""
        app = Below()
        async with looking_at(AskRange("24h", "", NOW), app) as person:
            assert "from 2026-10-03T12:00:00Z  1d 00h ago" in app.text
            assert "to   any time" in app.text
            await person.press("tab", *"today")
            assert "to   2026-10-05T00:00:00Z  in 12h 00m" in app.text
            await person.press("enter")

        assert app.given == [("24h", "today")]

    @pytest.mark.parametrize(("since", "until", "said"), [("1h", "2h", "not after"), ("1h", "x", "not a time")])
    async def test_refuses_what_holds_nothing(self, since: str, until: str, said: str) -> None:
        """A range that ends before it begins is a slip."""
        app = Below()
        async with looking_at(AskRange(since, until, NOW), app) as person:
            await person.press("enter")
            assert said in app.text

        assert app.given == []

    async def test_fits_into_a_small_terminal(self) -> None:
        """Both fields and their meanings are there."""
        app = Below()
        async with looking_at(AskRange("24h", "1h", NOW), app, size=(40, 10)):
            assert "from 2026-10-03T12:00:00Z" in app.text
            assert "to   2026-10-04T11:00:00Z" in app.text
