"""Raw text is wrapped without losing a character, a piece at a time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from logtui.core.sanitise import narrow, visible
from logtui.tui.wrapping import PIECE_ROWS, Wrapping

TEXTS = st.text(st.sampled_from("ab \n\t\x1b日é👍🏽\u0301\u202e"), max_size=120)


def wrapped(text: str, width: int) -> Wrapping:
    """Return all rows."""
    rows = Wrapping(text, width)
    while not rows.step():
        pass
    return rows


class TestWrapping:
    @given(TEXTS, st.integers(8, 30))
    @settings(max_examples=200, deadline=None)
    def test_loses_nothing_and_fits(self, text: str, width: int) -> None:
        """Rows put together are the lines of the text, and no row is wider than the screen."""
        rows = wrapped(text, width)
        shown = [rows.row(number) for number in range(len(rows))]

        assert "".join(shown) == "".join(narrow(visible(line)) for line in text.split("\n"))
        assert all(cell_len(row) <= width for row in shown)

    def test_long_lines_take_many_steps(self) -> None:
        """A step is bounded, whatever the text is."""
        rows = Wrapping("x" * 80 * PIECE_ROWS * 3, 80)

        assert not rows.step()
        assert len(rows) == PIECE_ROWS

    def test_empty_lines_are_rows(self) -> None:
        """A blank line in a text is there to be seen."""
        rows = wrapped("a\n\nb", 80)

        assert [rows.row(number) for number in range(len(rows))] == ["a", "", "b"]

    @pytest.mark.parametrize(
        ("start", "is_backwards", "row"), [(0, False, 1), (1, False, 3), (3, False, 1), (1, True, 3), (3, True, 1)]
    )
    def test_finds_also_across_rows(self, start: int, is_backwards: bool, row: int) -> None:
        """The row where a match begins is the one to go to; the search goes around."""
        rows = wrapped("nothing.\n" + "12345needle89\n" + "needle\n", 8)

        found = [*rows.search(re.compile("needle"), start, is_backwards=is_backwards)]

        assert found == [row]
