"""Columns are chosen, ordered and sized by keys."""

from __future__ import annotations

from logtui.core.columns import BY_NAME, DEFAULT_FEED, LISTED
from logtui.tui.screens.columns import Columns
from tests.tui.dialog_app import Below, looking_at

CHOSEN = tuple((name, BY_NAME[name].width) for name in DEFAULT_FEED)


class TestColumns:
    async def test_hides_moves_sizes_and_gives_the_result(self) -> None:
        """What stands topmost stands leftmost."""
        app = Below()
        async with looking_at(Columns(CHOSEN, CHOSEN), app) as person:
            await person.press("J", "j", "space", "k", "k", "k", "+", "+", "-", "enter")

        names = ["event_type", "event_time", "subject", "source", "trace_id"]
        widths = {**dict(CHOSEN), "event_type": 39}
        assert app.given == [tuple((name, widths[name]) for name in names)]

    async def test_shows_hidden_columns_below(self) -> None:
        """Every column but the payload can be chosen."""
        app = Below()
        async with looking_at(Columns(CHOSEN, CHOSEN), app) as person:
            assert app.text.count("[x]") == len(CHOSEN)
            assert app.text.count("[ ]") == len(LISTED) - len(CHOSEN)
            await person.press("G", "space", "enter")

        assert app.given == [(*CHOSEN, ("ingested_at", BY_NAME["ingested_at"].width))]

    async def test_keeps_one_column(self) -> None:
        """A feed without columns could not be read; the refusal is said."""
        app = Below()
        async with looking_at(Columns(CHOSEN[:1], CHOSEN), app) as person:
            await person.press("space")
            assert "at least one column" in app.text
            await person.press("0", "enter")

        assert app.given == [CHOSEN]

    async def test_closing_changes_nothing(self) -> None:
        """Escape gives no result, at any size."""
        app = Below()
        async with looking_at(Columns(CHOSEN, CHOSEN), app, size=(40, 10)) as person:
            assert "[x] time" in app.text
            await person.press("space", "escape")

        assert app.given == [None]
