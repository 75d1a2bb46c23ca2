"""Every screen on terminals of several sizes and kinds, as text.

What changed on purpose is written anew by `python -m tests.tui.touring`; look at the difference.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.tui.touring import ASCII_LOCALE, TOUR, VARIANTS, lasting, on_tour, pictures, place, tour_of

pytestmark = pytest.mark.pty

BOXED = ("help", "views", "export", "columns", "values", "retention")


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_screen_looks_as_before(variant: str) -> None:
    columns, rows, env = VARIANTS[variant]
    wanted = pictures(variant)
    with place() as directory, on_tour(directory, columns, rows, env, tour_of(variant)) as (terminal, stops):
        for stop in stops:
            with suppress(AssertionError):  # what differs is told below
                terminal.wait_until(looking_as(wanted[stop.name], directory), 10)
            shown = lasting(terminal.text, directory)
            assert shown.split("\n") == wanted.pop(stop.name).split("\n"), stop.name
            assert shown.isascii() or env != ASCII_LOCALE
    assert wanted == {}


def looking_as(picture: str, directory: Path) -> Callable[[str], bool]:
    return lambda text: lasting(text, directory) == picture


def test_all_that_is_written_without_utf_8_is_ascii() -> None:
    """Not only what is to be seen in the end, and also where the terminal asks for no UTF-8 by its kind."""
    with place() as directory, on_tour(directory, 80, 24, {"TERM": "vt100"}, TOUR[:6]) as (terminal, stops):
        assert [stop.name for stop in stops] == [stop.name for stop in TOUR[:6]]
        assert terminal.raw.isascii()


@pytest.mark.parametrize(("columns", "rows"), [(20, 5), (40, 10), (200, 60), (500, 200)])
def test_no_size_is_too_small_or_too_large(columns: int, rows: int) -> None:
    """Boxes are whole, the row of the cursor is to be seen, and every key still works."""
    with place() as directory, on_tour(directory, columns, rows, {}, ()) as (terminal, _):
        terminal.wait_for("1 of 90")
        terminal.press("j", "m")
        terminal.wait_for("●")
        for stop in TOUR:
            if stop.name in BOXED and columns < 300:  # the emulator is slow
                terminal.press(*stop.keys)
                terminal.wait_for("╰─*╯")
                terminal.settle(0.05)
                assert_one_box(terminal.text, rows)
                terminal.press("escape")
                terminal.wait_for(r"(?s)\A(?!.*╰)")
        assert "●" in terminal.text
        terminal.press("q")
        assert terminal.wait_exit() == 0


def test_what_has_no_room_says_how_much_it_needs() -> None:
    """A form that is out of sight, a list without a line."""
    with place() as directory, on_tour(directory, 20, 5, {}, ()) as (terminal, _):
        terminal.wait_for("1 of 90")
        terminal.press("\x05")
        terminal.wait_for("needs 40×9")
        terminal.press("escape")
        terminal.wait_for(r"(?s)\A(?!.*╰)")
        terminal.press(":")
        terminal.wait_for("needs 10 lines")


def assert_one_box(text: str, rows: int) -> None:
    """The frame of a dialog is closed on all sides, and nothing lies over it."""
    lines = text.split("\n")
    assert len(lines) == rows
    (top,) = [at for at, line in enumerate(lines) if "╭" in line]
    (bottom,) = [at for at, line in enumerate(lines) if "╰" in line]
    left, right = lines[top].index("╭"), lines[top].index("╮")
    assert re.fullmatch("╭─*╮", lines[top][left : right + 1])
    assert re.fullmatch("╰─*╯", lines[bottom][left : right + 1])
    assert {(line[left], line[right]) for line in lines[top + 1 : bottom]} == {("│", "│")}
