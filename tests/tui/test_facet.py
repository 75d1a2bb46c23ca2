"""The values of a column are counted, compared and picked."""

from __future__ import annotations

import pytest

from logtui.core.page import Facet, FacetValue
from logtui.tui.screens.facet import FacetChoice, FacetValues
from tests.tui.dialog_app import HOSTILE, Below, looking_at

FACET = Facet(
    "event_type",
    (FacetValue("sign_in.created", 1200), FacetValue("user.created", 150), FacetValue(None, 3)),
    other=40,
    is_exact=True,
)


class TestFacetValues:
    @pytest.mark.parametrize(
        ("keys", "choice"),
        [
            (["enter"], FacetChoice("event_type", "sign_in.created", exclude=False)),
            (["j", "-"], FacetChoice("event_type", "user.created", exclude=True)),
            (["j", "j", "+"], FacetChoice("event_type", None, exclude=False)),
        ],
    )
    async def test_gives_the_value_under_the_cursor(self, keys: list[str], choice: FacetChoice) -> None:
        """To include or to exclude; a missing value, too."""
        app = Below()
        screen = FacetValues(app, "event_type")
        async with looking_at(screen, app) as person:
            screen.show(FACET)
            await person.press(*keys)

        assert app.given == [choice]

    async def test_bars_are_as_long_as_counts_are_large(self) -> None:
        """The longest bar is the largest count; what is left over is said."""
        app = Below()
        screen = FacetValues(app, "event_type")
        async with looking_at(screen, app) as person:
            screen.show(FACET)
            await person.press("j")
            rows = app.text

        assert "1,200  ████████████████████  sign_in.created" in rows
        assert "  150  ██▌                   user.created" in rows
        assert "    3  ▏                     (missing)" in rows
        assert "   40  events with other values" in rows

    async def test_counts_that_go_on_are_lower_bounds(self) -> None:
        """Unfinished is marked as such."""
        app = Below()
        screen = FacetValues(app, "event_type")
        async with looking_at(screen, app) as person:
            screen.show(Facet("event_type", FACET.values, 40, is_exact=False))
            await person.press("j")
            assert "≥ 1,200" in app.text

    async def test_each_column_is_asked_for_when_it_is_looked_at(self) -> None:
        """An answer for another column is ignored, and a line without a value gives nothing."""
        app = Below()
        screen = FacetValues(app, "event_type", columns=("event_type", "actor"))
        async with looking_at(screen, app) as person:
            await person.press("tab")
            screen.show(FACET)
            await person.press("enter")
            assert "no value on this line" in app.text
            await person.press("shift+tab")

        wanted = [message.column for message in app.told if isinstance(message, FacetValues.Wants)]
        assert wanted == ["event_type", "actor", "event_type"]
        assert app.given == []

    async def test_hostile_values_are_only_shown(self) -> None:
        """The value that is given is the real one."""
        app = Below()
        screen = FacetValues(app, "actor")
        async with looking_at(screen, app, size=(40, 10)) as person:
            screen.show(Facet("actor", (FacetValue(HOSTILE, 7),), 0, is_exact=True))
            await person.press("k")
            assert app.is_harmless()
            await person.press("-")

        assert app.given == [FacetChoice("actor", HOSTILE, exclude=True)]
