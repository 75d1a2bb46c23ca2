"""Themes keep what they promise about contrast and colour vision, as painted; no colour is the only sign."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.style import Style

from logtui.config import Settings
from logtui.core.diff import Change
from logtui.core.errors import UsageError
from logtui.core.sanitise import ascii_only
from logtui.tui.signs import CATEGORIES, SEVERITIES
from logtui.tui.themes import MEANINGS, NAMES, OWN, next_name
from logtui.tui.widgets import changes
from tests.tui.colour_vision import VISIONS, Rgb, contrast, distance, least_distance
from tests.tui.explorer_pilot import Person, explore

LEAST_CONTRAST = {name: 7.0 if "contrast" in name else 4.5 for name in OWN}
LEAST_DISTANCE = {name: 20.0 if "safe" in name else 12.0 for name in OWN}
_SEVERITY_COLOURS = ("text-muted", "text-success", "text-warning", "text-error")
_GRAPHICS = set(" ▁▂▃▄▅▆▇█▏▎▍▌▋▊▉·─│╭╮╰╯╌◆░")


def rgb(text: str) -> Rgb:
    """Read `#rrggbb`."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def painted(person: Person) -> Iterator[tuple[str, Rgb, Rgb]]:
    """Yield every text on the screen with its colour and the one behind it."""
    for strip in person.app.screen._compositor.render_strips():
        for segment in strip:
            if set(segment.text) <= _GRAPHICS:
                continue
            style = segment.style or Style()
            assert style.color is not None
            assert style.bgcolor is not None
            colours = style.color.get_truecolor(), style.bgcolor.get_truecolor(foreground=False)
            text, behind = ((each.red, each.green, each.blue) for each in colours)
            assert not style.dim, segment.text  # how dim is up to the terminal
            yield segment.text, *((behind, text) if style.reverse else (text, behind))


PLACES = {
    "feed": ("l", "m", "j"),
    "mistake": ("/", *"a:(", "left"),
    "found": ("escape", "ctrl+f", *"up", "enter"),
    "overview": ("enter", "j"),
    "values": ("escape", "F"),
    "help": ("escape", "?"),
}
"""Place -> the keys that lead there from the place before."""


class TestContrast:
    async def test_every_text_can_be_read(self, hard_store: Path) -> None:
        """On the main screen and in the dialogs, dim and chosen texts included, in all our themes."""
        faint: dict[str, float] = {}
        async with explore(hard_store, settings=Settings(theme="dark")) as person:
            for place, keys in PLACES.items():
                await person.press(*keys)
                for name in OWN:
                    person.app.theme = name
                    await person.pilot.pause()
                    for text, colour, behind in painted(person):
                        ratio = contrast(colour, behind)
                        if ratio < LEAST_CONTRAST[name]:
                            faint[f"{name}, {place}: {text.strip()[:30]!r}, {colour} on {behind}"] = round(ratio, 2)

        assert faint == {}


class TestColourVision:
    @pytest.mark.parametrize("vision", VISIONS)
    @pytest.mark.parametrize("name", OWN)
    def test_severities_are_told_apart(self, name: str, vision: str) -> None:
        """Whichever cones somebody has."""
        variables = OWN[name].variables

        assert least_distance([rgb(variables[each]) for each in _SEVERITY_COLOURS], vision) >= LEAST_DISTANCE[name]

    def test_the_model_knows_the_textbook(self) -> None:
        """Without red cones, green and red of one lightness are one colour; black and white stay far apart."""
        green, red = (124, 132, 0), (200, 100, 0)

        assert distance(green, red, "usual") > 3 * distance(green, red, "protanopia")
        assert all(distance((0, 0, 0), (255, 255, 255), vision) > 99 for vision in VISIONS)
        assert contrast((0, 0, 0), (255, 255, 255)) == 21


class TestChoosing:
    def test_each_is_described(self) -> None:
        """Who goes through them hears what each is for."""
        assert tuple(MEANINGS) == NAMES

    def test_the_last_is_followed_by_the_first(self) -> None:
        """Also by name of a theme of Textual's, which is not among them."""
        assert next_name(NAMES[-1]) == next_name("dracula") == NAMES[0]

    async def test_a_key_goes_through_them(self, small_store: Path) -> None:
        """Within the app, and it says where it is."""
        async with explore(small_store, settings=Settings(theme="light")) as person:
            await person.press("L")

            assert person.app.theme == "contrast"
            assert 'theme "contrast": high contrast on black' in person.status

    async def test_an_unknown_one_is_refused_with_those_there_are(self, small_store: Path) -> None:
        """A typing mistake says what could be meant."""
        with pytest.raises(UsageError, match="there is no theme darc; there are auto, dark, light, contrast"):
            async with explore(small_store, settings=Settings(theme="darc")):
                pass


class TestSigns:
    def test_no_colour_stands_alone(self) -> None:
        """Severities and families of types have a sign each, also in ASCII; the word is in the event."""
        for table in (SEVERITIES, CATEGORIES):
            signs = {style: ascii_only(sign) for sign, style in table.values()}
            assert len(set(signs.values())) == len(signs)
            assert all(sign.strip() for sign in signs.values())

    def test_changes_have_them_too(self) -> None:
        """What was added, taken away or changed."""
        assert len({ascii_only(sign) for sign, _ in changes.SIGNS.values()}) == len(Change)
