"""Columns in the width there is: nothing overlaps, and what is worth most stays."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from logtui.core.columns import DEFAULT_FEED, LISTED
from logtui.tui.ascii_cells import ascii_cells
from logtui.tui.layout import GAP, GUTTER, fit

COLUMNS = st.lists(st.sampled_from(LISTED), min_size=1, max_size=len(LISTED), unique=True)
WIDTHS = st.dictionaries(st.sampled_from(LISTED), st.integers(0, 60), max_size=4)


class TestFit:
    @settings(deadline=None)
    @given(columns=COLUMNS, widths=WIDTHS, available=st.integers(GUTTER + 1, 400))
    def test_columns_stand_side_by_side_in_their_order(
        self, columns: list[str], widths: dict[str, int], available: int
    ) -> None:
        layout = fit(columns, widths, available)
        assert layout.slots[0].x == GUTTER
        assert all(right.x == left.end + GAP for left, right in zip(layout.slots, layout.slots[1:], strict=False))
        assert all(slot.width >= 1 for slot in layout.slots)
        assert layout.slots[-1].end <= available
        assert [column for column in columns if column in layout.columns] == list(layout.columns)
        assert {*layout.columns, *layout.hidden} == set(columns)

    @settings(deadline=None)
    @given(columns=COLUMNS, available=st.integers(GUTTER + 1, 400))
    def test_the_line_is_used_to_its_end(self, columns: list[str], available: int) -> None:
        assert fit(columns, {}, available).slots[-1].end == available

    @pytest.mark.parametrize(
        ("available", "hidden"),
        [
            (300, ()),
            (120, ()),
            (80, ("trace_id",)),
            (70, ("source", "trace_id")),
            (60, ("subject", "source", "trace_id")),
            (20, ("event_time", "actor", "subject", "source", "trace_id")),
        ],
    )
    def test_what_is_worth_least_is_hidden_first(self, available: int, hidden: tuple[str, ...]) -> None:
        assert fit(DEFAULT_FEED, {}, available).hidden == hidden

    def test_chosen_widths_are_kept(self) -> None:
        widths = {slot.column: slot.width for slot in fit(DEFAULT_FEED, {"actor": 40, "source": 3}, 150).slots}
        assert (widths["actor"], widths["source"]) == (40, 3)

    def test_time_grows_from_one_of_its_forms_to_the_next(self) -> None:
        widths = {fit(DEFAULT_FEED, {}, available).slots[0].width for available in range(76, 301)}
        assert widths == {14, 18, 23}

    def test_unknown_columns_are_no_columns(self) -> None:
        assert fit(("event_type", "payload.x"), {}, 80).columns == ("event_type",)


class TestAsciiCells:
    @pytest.mark.parametrize(
        ("text", "written"),
        [
            ("plain \x1b[1m text", "plain \x1b[1m text"),
            ("╭─ … ─╮│▸✓", "+- ~ -+|>+"),
            ("日本e\u0301", "????e"),
        ],
    )
    def test_a_cell_stays_a_cell(self, text: str, written: str) -> None:
        """Nothing moves where a frame cannot be drawn."""
        assert ascii_cells(text) == written
