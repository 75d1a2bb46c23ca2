"""The histogram: every event in a bar, words that do not claim too much, and a range chosen with keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.pilot import Pilot

from logtui.core import page
from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.page import Progress, Summary
from logtui.core.times import day_start
from logtui.tui.bars import axis_text, bars, bucket_at, edge, total_text
from logtui.tui.moments import Zone
from logtui.tui.widgets.histogram import Histogram
from tests.tui.feed_app import OneWidget

NOON = day_start("2026-10-04") + 12 * HOUR
COUNTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=120)


def summary(*counts: int, bucket: int = HOUR, is_exact: bool = True) -> Summary:
    return Summary(sum(counts), is_exact, page.Histogram(NOON, bucket, counts), Progress(1, 1))


class TestBars:
    def test_highest_bar_fills_its_column_and_empty_buckets_show(self) -> None:
        assert bars([4, 0, 2, 1], height=2, width=4) == ["█   ", "█·█▄"]

    def test_one_event_among_many_still_shows(self) -> None:
        assert bars([1, 10**6], height=1, width=2) == ["▁█"]

    def test_ascii_terminals_get_ascii_bars(self) -> None:
        assert bars([4, 0, 2, 1], height=2, width=4, is_ascii=True) == ["#   ", "#_#:"]

    @settings(deadline=None)
    @given(counts=COUNTS, height=st.integers(1, 4), spare=st.integers(0, 200), is_ascii=st.booleans())
    def test_bars_fill_the_width_and_a_bar_is_empty_exactly_when_its_bucket_is(
        self, counts: list[int], height: int, spare: int, is_ascii: bool
    ) -> None:
        width = len(counts) + spare
        lines = bars(counts, height=height, width=width, is_ascii=is_ascii)
        assert [len(line) for line in lines] == [width] * height
        for number, count in enumerate(counts):
            cells = lines[-1][edge(number, len(counts), width) : edge(number + 1, len(counts), width)]
            assert cells
            assert (set(cells) == {"_" if is_ascii else "·"}) == (count == 0)

    @settings(deadline=None)
    @given(buckets=st.integers(1, 100), spare=st.integers(0, 100), data=st.data())
    def test_every_cell_belongs_to_one_bucket(self, buckets: int, spare: int, data: st.DataObject) -> None:
        width = buckets + spare
        cell = data.draw(st.integers(0, width - 1))
        bucket = bucket_at(cell, buckets, width)
        assert edge(bucket, buckets, width) <= cell < edge(bucket + 1, buckets, width)


class TestWords:
    @pytest.mark.parametrize(
        ("known", "text"),
        [
            (None, "counting …"),
            (Summary(0, False, None, Progress(0, 9)), "counting …"),
            (Summary(20_000, False, None, Progress(3, 9)), "≥ 20,000 events, still counting"),
            (Summary(1, True, None, Progress(9, 9)), "1 event"),
            (Summary(0, True, None, Progress(9, 9)), "0 events"),
        ],
    )
    def test_total_is_exact_or_says_that_it_is_not(self, known: Summary | None, text: str) -> None:
        assert total_text(known) == text

    @pytest.mark.parametrize(
        ("width", "text"),
        [
            (80, "10-04 12:00         1,234 events · a bar 1h · peak 1,234         10-04 14:00 UTC"),
            (55, "10-04 12:00   1,234 events · a bar 1h   10-04 14:00 UTC"),
            (30, "10-04 12:00    10-04 14:00 UTC"),
            (20, "1,234 events"),
        ],
    )
    def test_axis_says_what_there_is_room_for(self, width: int, text: str) -> None:
        known = summary(1234, 0)
        assert known.histogram is not None
        assert axis_text(known.histogram, known, Zone(), width).strip() == text.strip()


class HistogramApp(OneWidget):
    def __init__(self) -> None:
        self.histogram = Histogram()
        super().__init__(self.histogram)

    def on_histogram_range_selected(self, message: Histogram.RangeSelected) -> None:
        self.answer(message)

    def on_histogram_left(self, message: Histogram.Left) -> None:
        self.answer(message)


@asynccontextmanager
async def showing(
    known: Summary | None, size: tuple[int, int] = (60, 4)
) -> AsyncIterator[tuple[HistogramApp, Pilot[None]]]:
    app = HistogramApp()
    async with app.run_test(size=size) as pilot:
        app.histogram.summary = known
        app.histogram.focus()
        await pilot.pause()
        app.posted.clear()
        yield app, pilot


class TestWidget:
    async def test_it_says_that_it_counts_and_then_shows_the_counts(self) -> None:
        async with showing(None) as (app, pilot):
            assert app.lines == ["", "", "", "counting …"]
            app.histogram.summary = summary(8, 0, 4)
            app.screen.set_focus(None)
            await pilot.pause()
            assert app.lines[:3] == ["█" * 20, "█" * 20 + " " * 20 + "▄" * 20, "█" * 20 + "·" * 20 + "█" * 20]
            assert app.lines[3].startswith("10-04 12:00")

    async def test_the_whole_asked_time_is_shown(self) -> None:
        async with showing(summary(8, 0, 4)) as (app, pilot):
            app.histogram.span = (NOON - 3 * HOUR, NOON + 3 * HOUR)
            await pilot.pause()
            assert app.lines[2] == "·" * 30 + "█" * 10 + "·" * 10 + "█" * 10

    async def test_live_counts_paint_only_what_changes(self) -> None:
        async with showing(summary(8, 8, 0)) as (app, pilot):
            app.screen.set_focus(None)
            await pilot.pause()
            painted = app.painted()
            app.histogram.summary = summary(8, 8, 0)
            await pilot.pause()
            assert painted() == []
            app.histogram.summary = summary(8, 8, 1)
            await pilot.pause()
            assert painted() == [2, 3]

    async def test_caret_starts_at_the_latest_events_and_tells_their_number(self) -> None:
        async with showing(summary(3, 5, 0)) as (app, pilot):
            assert app.lines[3] == "10-04 13:00 – 10-04 14:00 · 1h · 5 events"
            await pilot.press("h")
            assert app.lines[3] == "10-04 12:00 – 10-04 13:00 · 1h · 3 events"

    async def test_a_range_is_chosen_in_either_direction(self) -> None:
        async with showing(summary(1, 2, 4, 8, 0)) as (app, pilot):
            await pilot.press("space", "h", "left")
            assert app.lines[3] == "10-04 13:00 – 10-04 16:00 · 3h · 14 events"
            await pilot.press("enter", "g", "enter")
            assert [
                (message.start, message.end) for message in app.posted if isinstance(message, Histogram.RangeSelected)
            ] == [(NOON + HOUR, NOON + 4 * HOUR), (NOON, NOON + HOUR)]

    async def test_escape_gives_up_the_selection_first(self) -> None:
        async with showing(summary(1, 2)) as (app, pilot):
            await pilot.press("space", "h", "escape")
            assert app.names == []
            await pilot.press("escape")
            assert app.names == ["Left"]

    async def test_caret_stays_at_its_time_when_the_buckets_change(self) -> None:
        async with showing(summary(*[1] * 24)) as (app, pilot):
            await pilot.press("g", "l", "l", "l", "l")
            app.histogram.summary = summary(*[4] * 12, bucket=2 * HOUR)
            await pilot.pause()
            assert app.lines[3].startswith("10-04 16:00 – 10-04 18:00")

    async def test_nothing_is_chosen_while_nothing_is_known(self) -> None:
        async with showing(None) as (app, pilot):
            await pilot.press("h", "l", "g", "G", "space", "enter")
            assert app.names == []

    async def test_selection_shows_without_colour(self) -> None:
        async with showing(summary(1, 2, 3)) as (app, _):
            reversed_cells = [
                segment.text for segment in app.histogram.render_line(2) if segment.style and segment.style.reverse
            ]
            assert reversed_cells == ["█" * 20]

    @pytest.mark.parametrize("size", [(300, 6), (20, 3), (3, 2), (1, 1)])
    async def test_any_size_will_do(self, size: tuple[int, int]) -> None:
        async with showing(summary(*range(200), bucket=MINUTE), size=size) as (app, pilot):
            app.histogram.styles.height = "1fr"
            app.histogram.is_ascii = True
            app.histogram.span = (NOON - DAY, NOON + DAY)
            await pilot.press("h", "space", "g")
            assert all(line.isascii() and len(line) <= size[0] for line in app.lines)

    async def test_mouse_puts_the_caret(self) -> None:
        async with showing(summary(1, 2, 3)) as (app, pilot):
            await pilot.click(Histogram, offset=(25, 1))
            assert app.histogram.caret == 1
