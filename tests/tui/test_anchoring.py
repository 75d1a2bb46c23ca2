"""Columns stay in line on every terminal, however wide it draws what is in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from unicodedata import category

import pyte
import pyte.screens
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import set_cell_size
from wcwidth import wcwidth

from logtui.core.sanitise import visible
from logtui.tui.anchoring import anchored
from logtui.tui.render import fitted

WIDTH, ROWS = 60, 6
CELL = 14

CONTESTED = [
    *("हिन्दी", "தமிழ்", "a\u0903b", "\u0903\u0903\u0903", "🇩🇪🇫🇷", "䷀䷁", "☰x☱", "\U0001d300"),
    *("한국어", "日本語", "é", "m"),
]


OLD = re.compile("[\U0001f1e6-\U0001f1ff\u2630-\u2637\u4dc0-\u4dff\U0001d300-\U0001d376]")


def narrowest(char: str) -> int:
    """Count as terminals did before Unicode 16, and flags by their letters."""
    return 1 if OLD.match(char) else wcwidth(char)


def widest(char: str) -> int:
    """Count vowel signs, as the C library does, and flags as two emoji."""
    return 2 if "\U0001f1e6" <= char <= "\U0001f1ff" else 1 if category(char) == "Mc" else wcwidth(char)


def screen(frame: str, width_of: Callable[[str], int]) -> list[list[str]]:
    """Return the cells of a terminal that counts in its own way, after what was on it before."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pyte.screens, "wcwidth", width_of)
        shown = pyte.Screen(WIDTH, ROWS)
        stream = pyte.Stream(shown)
        stream.feed("".join(f"\x1b[{row};1H{'#' * WIDTH}" for row in range(1, ROWS + 1)))
        stream.feed(frame)
        return [[shown.buffer[y][x].data for x in range(WIDTH)] for y in range(ROWS)]


def row(texts: list[str]) -> str:
    """Return three cells with something certain before each and at the end."""
    return set_cell_size("".join(f"|{fitted(visible(text), CELL - 1)} " for text in texts), WIDTH)


TEXTS = st.lists(
    st.sampled_from(CONTESTED) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="|#"), max_size=9),
    min_size=4,
    max_size=4,
)


@pytest.mark.parametrize("width_of", [wcwidth, narrowest, widest])
@given(rows=st.lists(TEXTS, min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_what_stands_behind_stays_in_its_column(width_of: Callable[[str], int], rows: list[list[str]]) -> None:
    """On terminals that count as we do, less, or more; nothing of what was there before shines through."""
    frame = "".join(f"\x1b[{at};1H\x1b[1m{row(texts)}\x1b[0m" for at, texts in enumerate(rows, 1))
    cells = screen(anchored(frame, lambda: WIDTH), width_of)

    for at, _ in enumerate(rows):
        assert [x for x in range(WIDTH) if cells[at][x] == "|"][:4] == [0, 15, 30, 45]
        assert "#" not in cells[at]
    assert cells[len(rows)] == ["#"] * WIDTH, "the next line is left alone"


def test_without_places_it_would_not() -> None:
    """The terminals of this test do disagree."""
    frame = f"\x1b[1;1H{row(CONTESTED[:4])}"

    assert screen(frame, widest) != screen(frame, wcwidth)


@pytest.mark.parametrize("frame", ["", "\x1b[1;1Hplain", "\x1b[1;1H日本語 …", "हिन्दी", "\x1b[1;1Ha\x1b[5Aहि"])
def test_nothing_is_added_where_nothing_is_gained(frame: str) -> None:
    """Where all agree, and where the place is not known."""
    assert anchored(frame, lambda: WIDTH) == frame


def test_a_cell_is_blanked_written_and_left_for_its_end() -> None:
    """The text is in one piece: what is drawn too wide spreads into the blanks behind it, not over its own letters."""
    assert anchored("\x1b[3;5Hx हिन्दी y  z", lambda: 200) == "\x1b[3;5Hx        \x1b[3;7Hहिन्दी y\x1b[3;14Hz"


def test_at_the_edge_nothing_goes_on_in_the_next_line() -> None:
    """Where a wider drawing would not fit, the terminal is kept from wrapping it, for as long as it takes."""
    assert anchored("\x1b[3;5Hहि", lambda: 6) == "\x1b[3;5H \x1b[3;5H\x1b[?7lहि\x1b[?7h\x1b[3;6H"
