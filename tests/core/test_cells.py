"""A text's width is the same for the command line as for the screen, whatever is in it."""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len

from logtui.core.cells import cell_width
from logtui.core.sanitise import narrow, visible


def test_every_character_is_as_wide_as_on_the_screen() -> None:
    """Rich knows what modern terminals do; of what is not assigned nobody knows."""
    differing = [
        hex(code)
        for code in (*range(0x3400), *range(0xA000, 0xAC00), *range(0xD7B0, 0x20000), *range(0x3400, 0x110000, 97))
        if unicodedata.category(char := chr(code)) != "Cn"
        and narrow(visible(char)) == char
        and cell_width(char) != cell_len(char)
    ]

    assert differing == []


@pytest.mark.parametrize(
    ("text", "cells"), [("", 0), ("abc", 3), ("日本", 4), ("e\u0301", 1), ("한글", 4), ("\u1112\u1161\u11ab", 2)]
)
def test_cells_are_not_characters(text: str, cells: int) -> None:
    """Wide ones take two, marks and the later parts of a syllable none."""
    assert cell_width(text) == cells
