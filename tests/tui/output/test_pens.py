"""Changing from one pen to another leaves the terminal as setting the second one anew would, in fewer bytes."""

from __future__ import annotations

from typing import Any

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from logtui.tui.output.pens import Pens

COLORS = st.sampled_from([None, "default", "red", "bright_blue", "#102030", "#e0e0e0", "color(200)"])
FLAGS: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {name: st.sampled_from([None, True, False]) for name in ("bold", "dim", "italic", "underline", "reverse", "strike")}
)


@st.composite
def styles(draw: st.DrawFn) -> Style:
    return Style(color=draw(COLORS), bgcolor=draw(COLORS), **draw(FLAGS))


def cell(*writes: str) -> pyte.screens.Char:
    """Return how a terminal shows the last character of what is written."""
    screen = pyte.Screen(2, 1)
    stream = pyte.Stream(screen)
    for each in writes:
        stream.feed(each)
    return screen.buffer[0][0]


class TestChange:
    @given(styles(), styles(), st.booleans())
    def test_it_leads_to_the_second_pen(self, before: Style, after: Style, can_take_back: bool) -> None:
        pens = Pens(ColorSystem.TRUECOLOR, can_take_back=can_take_back)
        first, second = pens.of(before), pens.of(after)
        changes = pens.change(pens.plain, first), pens.change(first, second)
        assert cell(*changes, "x") == cell(Strip.render_style(after, "x", ColorSystem.TRUECOLOR))

    @given(styles(), styles())
    def test_it_is_never_longer_than_setting_all(self, before: Style, after: Style) -> None:
        pens = Pens(ColorSystem.TRUECOLOR)
        first, second = pens.of(before), pens.of(after)
        assert len(pens.change(first, second)) <= len(f"\x1b[0;{Strip.render_ansi(after, ColorSystem.TRUECOLOR)}m")

    def test_bold_and_dim_end_together(self) -> None:
        """A terminal has one sequence that ends both."""
        pens = Pens(ColorSystem.STANDARD)
        both, dim = Style(bold=True, dim=True, color="red"), Style(dim=True, color="red")
        assert pens.change(pens.of(both), pens.of(dim)) == "\x1b[22;2m"

    def test_a_terminal_that_cannot_end_one_attribute_is_set_anew(self) -> None:
        pens = Pens(ColorSystem.STANDARD, can_take_back=False)
        assert pens.change(pens.of(Style(bold=True, color="red")), pens.of(Style(color="red"))) == "\x1b[0;31m"

    @pytest.mark.parametrize(
        ("system", "color", "parameters"),
        [
            (ColorSystem.TRUECOLOR, "#010203", "38;2;1;2;3"),
            (ColorSystem.EIGHT_BIT, "color(99)", "38;5;99"),
            (ColorSystem.STANDARD, "red", "31"),
        ],
    )
    def test_colours_are_those_the_terminal_has(self, system: ColorSystem, color: str, parameters: str) -> None:
        pens = Pens(system)
        assert pens.change(pens.plain, pens.of(Style(color=color))) == f"\x1b[{parameters}m"


class TestBlank:
    def test_only_the_background_of_a_blank_is_seen(self) -> None:
        pens = Pens(ColorSystem.STANDARD)
        assert pens.blank(pens.of(Style(color="red", bold=True))) == pens.plain
        assert pens.blank(pens.of(Style(color="red", bgcolor="blue"))) == pens.of(Style(bgcolor="blue"))

    @pytest.mark.parametrize("flag", ["underline", "reverse", "strike", "overline", "underline2", "frame"])
    def test_attributes_that_are_seen_stay(self, flag: str) -> None:
        pens = Pens(ColorSystem.STANDARD)
        flags: dict[str, Any] = {flag: True}
        code = pens.of(Style(color="red", **flags))
        assert pens.blank(code) == code

    def test_what_erasing_can_do_depends_on_the_terminal(self) -> None:
        pens = Pens(ColorSystem.STANDARD)
        plain, coloured = pens.of(Style(color="red")), pens.of(Style(bgcolor="blue"))
        assert pens.is_erasing(plain, fills=False)
        assert not pens.is_erasing(coloured, fills=False)
        assert pens.is_erasing(coloured, fills=True)
        assert not pens.is_erasing(pens.of(Style(reverse=True)), fills=True)
