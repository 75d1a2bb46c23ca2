"""The feed on a screen: what is painted, what is told, what is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.message import Message
from textual.pilot import Pilot

from logtui.core.event import Cursor, Event
from logtui.core.page import Fresh
from logtui.tui.widgets.feed import Feed
from tests.tui.feed_app import MINUTE, START, OneWidget, event, events


class FeedApp(OneWidget):
    """Ten events a screen of ten lines can show; what the feed asks for, a store of 1,000 answers."""

    def __init__(self) -> None:
        self.feed = Feed()
        super().__init__(self.feed)

    def read(self) -> str:
        """The actor of the event that is read, and its screen line."""
        assert self.feed.cursor_event is not None
        marked = [y for y, line in enumerate(self.feed._lines) if line.column is not None]
        return f"{self.feed.cursor_event.actor} on {marked[0]}"

    def on_feed_moved(self, message: Feed.Moved) -> None:
        self.answer(message)

    def on_feed_opened(self, message: Feed.Opened) -> None:
        self.answer(message)

    def on_feed_waiting_changed(self, message: Feed.WaitingChanged) -> None:
        self.answer(message)

    def on_feed_needs_older(self, message: Feed.NeedsOlder) -> None:
        self.answer(message)

    def on_feed_needs_newer(self, message: Feed.NeedsNewer) -> None:
        self.answer(message)

    def on_feed_needs_reload(self, message: Feed.NeedsReload) -> None:
        self.answer(message)

    def on_feed_wants_newest(self, message: Feed.WantsNewest) -> None:
        self.answer(message)

    def on_feed_wants_oldest(self, message: Feed.WantsOldest) -> None:
        self.answer(message)


@asynccontextmanager
async def showing(
    rows: list[Event], *, has_older: bool = False, size: tuple[int, int] = (120, 10)
) -> AsyncIterator[tuple[FeedApp, Pilot[None]]]:
    app = FeedApp()
    async with app.run_test(size=size) as pilot:
        app.feed.replace(rows, has_older=has_older)
        await pilot.pause()
        app.posted.clear()
        yield app, pilot


def fresh(*numbers: int, count: int | None = None) -> Fresh:
    came = tuple(event(number) for number in sorted(numbers, reverse=True))
    return Fresh(came, len(came) if count is None else count)


class TestWhatIsShown:
    async def test_events_stand_newest_first(self) -> None:
        async with showing(events(12, 0)) as (app, _):
            assert "user_12" in app.lines[0]
            assert "user_3 " in app.lines[9]
            assert app.lines[0].startswith("  · 10-04 00:12:00.000 @ user.created")

    @pytest.mark.parametrize("size", [(80, 24), (120, 40), (300, 100), (20, 5), (5, 1), (1, 1)])
    async def test_any_size_will_do(self, size: tuple[int, int]) -> None:
        async with showing(events(200, 0), size=size) as (app, pilot):
            await pilot.press("pagedown", "j", "l", "G")
            assert len(app.lines) == size[1]
            assert all(len(line) <= size[0] for line in app.lines)
            assert app.feed.position == 200

    async def test_resizing_keeps_the_reader(self) -> None:
        async with showing(events(200, 0)) as (app, pilot):
            await pilot.press("pagedown", "j")
            reading = app.feed.cursor_event
            for size in ((60, 4), (200, 50), (3, 1), (120, 10)):
                await pilot.resize_terminal(*size)
                assert app.feed.cursor_event is reading
            assert "user_189" in app.lines[int(app.read().split()[-1])]

    async def test_an_explanation_stands_where_no_events_are(self) -> None:
        async with showing([]) as (app, pilot):
            app.feed.message = ("no events on this day", "the oldest stored day is [b]2026-10-01[/b]")
            await pilot.pause()
            assert app.lines[:2] == ["  no events on this day", "  the oldest stored day is [b]2026-10-01[/b]"]

    async def test_progress_stands_below_the_last_row(self) -> None:
        async with showing(events(1, 0), has_older=True) as (app, pilot):
            app.feed.message = ("searching, 3 of 30 days",)
            await pilot.pause()
            assert app.lines[2] == "  searching, 3 of 30 days"

    async def test_hostile_text_is_shown_not_obeyed(self) -> None:
        rows = [Event(START, "1", "t\x1b[2J", "x\x07", "[bold]a[/]", subject="\u202eb")]
        async with showing(rows) as (app, pilot):
            app.feed.message = ("\x1b]0;title\x07",)
            app.feed.find_text = "\x1b"
            await pilot.pause()
            assert "\x1b" not in "".join(app.lines)
            assert "[bold]a[/]" in app.lines[0]
            assert "\\u202eb" in app.lines[0]

    async def test_columns_widths_zone_and_signs_can_be_changed(self) -> None:
        async with showing(events(1, 0)) as (app, pilot):
            app.feed.columns, app.feed.widths = ("actor", "event_time"), {"actor": 12}
            app.feed.zone, app.feed.now = "relative", START + 61 * MINUTE
            await pilot.pause()
            assert app.lines[0] == "  · user_1       1h 00m"
            app.feed.is_ascii = True
            app.feed.marks = frozenset({event(1).cursor})
            await pilot.pause()
            assert app.lines[0] == "* . user_1       1h 00m"

    async def test_cell_cursor_goes_from_column_to_column(self) -> None:
        async with showing(events(1, 0), size=(70, 4)) as (app, pilot):
            await pilot.press("l", "right", "l", "l")
            assert (app.feed.cursor_column, app.feed.place.column) == ("subject", "subject")
            await pilot.press("h", "left", "h", "h")
            assert app.feed.cursor_column == "event_time"

    async def test_cell_cursor_leaves_a_column_that_goes(self) -> None:
        async with showing(events(1, 0)) as (app, pilot):
            await pilot.press("l")
            app.feed.columns = ("event_time", "actor")
            await pilot.pause()
            assert app.feed.cursor_column == "event_time"
            assert app.feed.cursor_offset.x == 4


class TestWhatIsPainted:
    async def test_a_step_of_the_cursor_paints_two_lines(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            painted = app.painted()
            await pilot.press("j")
            assert painted() == [0, 1]

    async def test_nothing_is_painted_when_nothing_has_changed(self) -> None:
        async with showing(events(100, 0), has_older=True) as (app, pilot):
            await pilot.press("j")
            painted = app.painted()
            app.feed.extend_older(events(-1, -50), has_older=True)
            app.feed.add_fresh(fresh(101, 102, -70), follow=True)
            app.feed.now = START
            await pilot.press("k", "j")
            assert painted() == []
            await pilot.press("j")
            assert painted() == [2]

    async def test_only_ages_that_change_are_painted(self) -> None:
        async with showing([event(100), *events(1, 0)]) as (app, pilot):
            app.feed.zone, app.feed.now = "relative", START + 100 * MINUTE
            await pilot.pause()
            painted = app.painted()
            app.feed.now += 1_000_000
            await pilot.pause()
            assert painted() == [0]

    async def test_mark_paints_its_line(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            painted = app.painted()
            app.feed.marks = frozenset({event(97).cursor})
            await pilot.pause()
            assert painted() == [3]
            assert app.lines[3].startswith("● ·")


class TestMoving:
    @pytest.mark.parametrize(
        ("keys", "read"),
        [
            ("j j", "user_98 on 2"),
            ("down down k", "user_99 on 1"),
            ("space", "user_90 on 0"),
            ("j pagedown pagedown b", "user_89 on 1"),
            ("j ctrl+d", "user_94 on 1"),
            ("ctrl+d ctrl+d ctrl+u", "user_95 on 0"),
            ("G", "user_0 on 9"),
            ("end pageup", "user_10 on 9"),
            ("G g", "user_100 on 0"),
            ("pageup k", "user_100 on 0"),
        ],
    )
    async def test_keys_move_the_reader(self, keys: str, read: str) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            await pilot.press(*keys.split())
            assert app.read() == read
            assert app.read().split()[0] in app.lines[int(read.split()[-1])]

    async def test_moves_are_told_with_the_position(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            await pilot.press("j", "enter")
            moved, opened = app.posted
            assert isinstance(moved, Feed.Moved)
            assert (moved.event, moved.position, moved.control) == (event(99), 1, app.feed)
            assert isinstance(opened, Feed.Opened)
            assert opened.event == event(99)

    async def test_place_is_known_in_the_same_frame(self) -> None:
        async with showing(events(100, 0)) as (app, _):
            positions: list[int | None] = []
            app.watch(app.feed, "place", lambda place: positions.append(place.position), init=False)
            app.feed.action_down()
            assert positions == [1]

    async def test_an_empty_feed_takes_every_key(self) -> None:
        async with showing([]) as (app, pilot):
            await pilot.press("j", "k", "space", "b", "g", "G", "h", "l", "enter", "ctrl+d", "ctrl+u")
            assert app.names == []

    async def test_an_event_is_found_by_its_cursor_or_by_what_is_wanted(self) -> None:
        async with showing(events(100, 0)) as (app, _):
            assert app.feed.select(event(50).cursor)
            assert app.feed.position == 50
            assert not app.feed.select(Cursor(START + 1, "x"))
            assert app.feed.seek(lambda found: found.actor == "user_70", -1)
            assert not app.feed.seek(lambda found: found.actor == "user_70", 1)
            assert app.feed.cursor_event == event(70)

    async def test_mouse_moves_and_opens(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            await pilot.click(Feed, offset=(20, 4))
            assert app.read() == "user_96 on 4"
            await pilot.click(Feed, offset=(20, 4), times=2)
            assert app.names[-1] == "Opened"


class TestAskingForMore:
    async def test_older_events_are_asked_for_once_for_each_end(self) -> None:
        async with showing(events(100, 60), has_older=True) as (app, pilot):
            await pilot.press("space", "space", "j", "k")
            asked = [message for message in app.posted if isinstance(message, Feed.NeedsOlder)]
            assert [message.after for message in asked] == [event(60).cursor]
            app.posted.clear()
            app.feed.extend_older(events(59, 55), has_older=True, after=event(60).cursor)
            await pilot.pause()
            (again,) = app.posted
            assert isinstance(again, Feed.NeedsOlder)
            assert again.after == event(55).cursor

    async def test_failed_loading_is_tried_again_at_the_next_move_only(self) -> None:
        async with showing(events(100, 95), has_older=True) as (app, pilot):
            app.feed.extend_older((), has_older=True)
            await pilot.pause()
            assert app.names == []
            await pilot.press("j")
            assert "NeedsOlder" in app.names

    async def test_a_page_that_no_longer_continues_the_rows_is_asked_for_again(self) -> None:
        async with showing(events(100, 95), has_older=True) as (app, pilot):
            app.feed.extend_older(events(80, 70), has_older=False, after=event(81).cursor)
            await pilot.pause()
            assert app.feed.row_count == 6
            assert "NeedsOlder" in app.names

    async def test_keys_that_outran_the_loading_are_made_up_for(self) -> None:
        async with showing(events(100, 81), has_older=True) as (app, pilot):
            await pilot.press("space", "space", "space")
            assert app.feed.cursor_event == event(81)
            app.feed.extend_older(events(80, 40), has_older=True, after=event(81).cursor)
            await pilot.pause()
            assert app.feed.cursor_event == event(71)

    async def test_newest_and_oldest_are_asked_for_when_not_loaded(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            app.feed.replace(events(50, 0), has_older=True, has_newer=True, cursor=event(20).cursor)
            await pilot.press("g", "G")
            assert [name for name in app.names if name.startswith("Wants")] == ["WantsNewest", "WantsOldest"]

    async def test_rows_above_that_were_evicted_are_asked_for_ahead(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            app.feed.replace(events(80, 0), has_older=False, has_newer=True, cursor=event(45).cursor, rows_above=20)
            await pilot.pause()
            assert app.feed.position == 55
            app.posted.clear()
            await pilot.press("b", "b")
            asked = [message for message in app.posted if isinstance(message, Feed.NeedsNewer)]
            assert [message.after for message in asked] == [event(80).cursor]


class TestLive:
    async def test_feed_flows_at_the_top(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            app.feed.add_fresh(fresh(101, 102), follow=True)
            await pilot.pause()
            assert app.read() == "user_102 on 0"
            assert "user_102" in app.lines[0]

    async def test_feed_holds_elsewhere_and_counts(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            await pilot.press("j")
            before = app.lines
            app.feed.add_fresh(fresh(101, 102), follow=True)
            await pilot.pause()
            assert app.lines == before
            assert (app.feed.waiting, app.feed.position, app.feed.has_newer) == (2, 3, True)
            waiting = [message.count for message in app.posted if isinstance(message, Feed.WaitingChanged)]
            assert waiting == [2]

    async def test_what_waits_is_left_alone_until_the_reader_goes_there(self) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            await pilot.press("j")
            app.feed.add_fresh(fresh(101, 102), follow=True)
            await pilot.press("k", "j", "k")
            assert "NeedsNewer" not in app.names
            await pilot.press("k")
            assert app.names == ["NeedsNewer"]
            app.feed.extend_newer(events(102, 101), has_newer=False, after=event(100).cursor)
            await pilot.pause()
            assert app.read() == "user_101 on 0"
            assert (app.feed.waiting, app.feed.position) == (0, 1)

    async def test_late_event_is_marked_and_moves_nobody(self) -> None:
        async with showing(events(100, 50) + events(48, 0)) as (app, pilot):
            app.feed.select(event(45).cursor)
            await pilot.pause()
            read = app.read()
            app.feed.add_fresh(fresh(49), follow=True)
            await pilot.pause()
            assert app.read() == read
            assert [line[:4] for line in app.lines if "user_49" in line] == [" ↓· "]

    @pytest.mark.parametrize("unsaid", [fresh(101, count=9000), Fresh((), 0, is_reset=True)])
    async def test_rows_that_cannot_be_trusted_are_loaded_again(self, unsaid: Fresh) -> None:
        async with showing(events(100, 0)) as (app, pilot):
            await pilot.press("j")
            app.feed.add_fresh(unsaid, follow=True)
            await pilot.pause()
            reload = app.posted[-1]
            assert isinstance(reload, Feed.NeedsReload)
            assert reload.cursor == event(99).cursor

    async def test_going_up_in_an_empty_feed_shows_what_waits(self) -> None:
        async with showing([]) as (app, pilot):
            app.feed.add_fresh(fresh(1), follow=False)
            await pilot.press("k")
            assert app.names[-1] == "WantsNewest"


def test_messages_are_handled_by_their_names() -> None:
    handlers = {
        message.handler_name
        for message in vars(Feed).values()
        if isinstance(message, type) and issubclass(message, Message)
    }
    assert handlers == {
        "on_feed_moved", "on_feed_opened", "on_feed_needs_older", "on_feed_needs_newer", "on_feed_needs_reload",
        "on_feed_wants_newest", "on_feed_wants_oldest", "on_feed_waiting_changed",
    }  # fmt: skip
