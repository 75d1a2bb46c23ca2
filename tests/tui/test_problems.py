"""What could not be read is listed whole, losses first, harmlessly."""

from __future__ import annotations

from logtui.core.page import Problem
from logtui.storage.problems import summarise
from logtui.tui.screens.problems import Problems
from tests.tui.dialog_app import HOSTILE, Below, looking_at


class TestProblems:
    async def test_losses_come_first(self) -> None:
        """And the title says how many there are."""
        app = Below()
        problems = [
            Problem("", "column ts was taken for event_time", is_loss=False),
            Problem("date=2026-10-01/i-x.parquet", "is no Parquet file"),
        ]
        async with looking_at(Problems(problems), app):
            assert "2 problems in the store" in app.text
            assert "events may be missing because of 1" in app.text
            assert app.text.index("✗ date=2026-10-01/i-x.parquet: is no") < app.text.index("! the store: column ts")

    async def test_long_and_hostile_messages_are_wrapped_and_harmless(self) -> None:
        """File names are attacker's input, too; every word of a message can be read."""
        app = Below()
        async with looking_at(Problems([Problem(HOSTILE, "word " * 20 + "end")]), app, size=(40, 14)):
            assert app.is_harmless()
            assert "␛[2J" in app.text
            assert "end" in app.text

    async def test_every_file_can_be_reached(self) -> None:
        """Thousands with the same damage are thousands of lines, and the title counts files."""
        app = Below()
        damaged = summarise(Problem(f"i-{number:05}.parquet", "is empty") for number in range(10_000))
        async with looking_at(Problems(damaged), app) as person:
            assert "10,000 problems in the store" in app.text
            assert "events may be missing because of 10,000" in app.text
            assert "✗ i-00000.parquet: is empty" in app.text
            await person.press("G")
            assert "✗ i-09999.parquet: is empty" in app.text

    async def test_none_is_good_news(self) -> None:
        """The key works also when there is nothing to tell."""
        app = Below()
        async with looking_at(Problems([]), app) as person:
            assert "no problems in the store" in app.text
            await person.press("q")

        assert app.given == [None]
