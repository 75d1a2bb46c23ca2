"""The headings stand over their columns."""

from __future__ import annotations

from logtui.core.columns import BY_NAME, DEFAULT_FEED
from logtui.tui.layout import fit
from logtui.tui.widgets.feed_header import FeedHeader
from tests.tui.feed_app import OneWidget


async def test_headings_stand_over_their_columns_at_any_width() -> None:
    header = FeedHeader()
    app = OneWidget(header)
    async with app.run_test(size=(120, 2)) as pilot:
        for width in (300, 120, 80, 60):
            await pilot.resize_terminal(width, 2)
            for slot in fit(DEFAULT_FEED, {}, width).slots:
                assert app.lines[0][slot.x :].startswith(BY_NAME[slot.column].title[: slot.width])


async def test_the_zone_is_always_shown() -> None:
    header = FeedHeader()
    app = OneWidget(header)
    async with app.run_test(size=(120, 2)) as pilot:
        shown = {}
        for zone in ("utc", "local", "relative"):
            header.zone = zone
            await pilot.pause()
            shown[zone] = app.lines[0].split("type")[0].strip()
        assert shown == {"utc": "time ▾ UTC", "local": "time ▾ local", "relative": "time ▾ age"}


async def test_hidden_columns_are_counted() -> None:
    header = FeedHeader()
    app = OneWidget(header)
    async with app.run_test(size=(80, 2)) as pilot:
        assert app.lines[0].startswith("+1  time")
        header.columns = ("event_time", "actor")
        await pilot.pause()
        assert app.lines[0].split() == ["time", "▾", "UTC", "actor"]


async def test_ascii_terminals_get_ascii_headings() -> None:
    header = FeedHeader()
    app = OneWidget(header)
    async with app.run_test(size=(80, 2)) as pilot:
        header.is_ascii = True
        await pilot.pause()
        assert app.lines[0].isascii()


async def test_heading_of_the_cell_that_is_read_is_underlined() -> None:
    header = FeedHeader()
    app = OneWidget(header)
    async with app.run_test(size=(120, 2)) as pilot:
        header.cursor_column = "actor"
        await pilot.pause()
        underlined = [
            segment.text.strip() for segment in header.render_line(0) if segment.style and segment.style.underline
        ]
        assert underlined == ["actor"]
