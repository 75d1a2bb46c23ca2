"""The feed's window against a model store: no event lost, doubled or misplaced, and the reader is never moved."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from logtui.core.event import Cursor, Event
from logtui.core.page import Fresh
from logtui.tui.feed_window import FeedWindow


def event(at: int, name: str = "a") -> Event:
    return Event(at, name, "x")


def events(*times: int) -> list[Event]:
    """Return events newest first."""
    return [event(at) for at in sorted(times, reverse=True)]


def fresh(*times: int, count: int | None = None) -> Fresh:
    came = tuple(events(*times))
    return Fresh(came, len(came) if count is None else count)


def times(rows: Iterable[Event]) -> list[int]:
    return [row.event_time for row in rows]


def loaded(window: FeedWindow) -> list[int]:
    return times(window[row] for row in range(len(window)))


@pytest.fixture
def window() -> FeedWindow:
    """Ten events at 90, 80, … 0 on a screen of four lines, with room for 13 rows."""
    window = FeedWindow(height=4, capacity=13)
    window.replace(events(*range(0, 100, 10)), has_older=True)
    return window


def stored(at: int, row: int, *, is_tied: bool = False, name: str = "a") -> Event:
    """Return an event as it is read from the store."""
    return Event(at, name, "x", place=("segment", row), is_tied=is_tied)


class TestTies:
    def test_are_rows_of_their_own(self) -> None:
        """Events of one time and id that differ in their place."""
        window = FeedWindow(height=4)
        tied = [stored(10, row, is_tied=True) for row in (3, 2, 1)]
        window.replace(tied[:2], has_older=True)
        window.extend_older([tied[2], stored(5, 0)], has_older=False, after=tied[1].cursor)
        assert [window[row].place for row in range(len(window))] == [("segment", row) for row in (3, 2, 1, 0)]
        assert window.row_of(tied[1].cursor) == 1

    def test_that_come_live_call_for_a_reload(self) -> None:
        """Only the store can tell how they and the known one are to be told apart."""
        window = FeedWindow(height=4)
        window.replace([stored(10, 1)], has_older=False)
        assert not window.add_fresh(Fresh((stored(10, 2),), 1), follow=True)

    def test_that_come_live_again_after_it_are_known(self) -> None:
        """What was found between the reload's question and its answer is in both."""
        window = FeedWindow(height=4)
        window.replace([stored(10, 2, is_tied=True), stored(10, 1, is_tied=True)], has_older=False)
        assert window.add_fresh(Fresh((stored(10, 2),), 1), follow=True)
        assert len(window) == 2

    def test_that_were_moved_by_compaction_are_the_event_that_is_known(self) -> None:
        """A page may bring a remembered event from another segment."""
        window = FeedWindow(height=4)
        window.replace([stored(30, 1)], has_older=True)
        window.add_fresh(Fresh((stored(10, 2),), 1), follow=True)
        moved = Event(10, "a", "x", place=("merged", 7))
        window.extend_older([stored(20, 3), moved], has_older=False, after=stored(30, 1).cursor)
        assert loaded(window) == [30, 20, 10]


class TestMoving:
    def test_cursor_scrolls_no_more_than_needed(self, window: FeedWindow) -> None:
        assert window.move(3) == 0
        assert (window.cursor, window.top) == (3, 0)
        window.move(1)
        assert (window.cursor, window.top) == (4, 1)
        window.move(-2)
        assert (window.cursor, window.top) == (2, 1)

    def test_page_keeps_the_line_of_the_cursor(self, window: FeedWindow) -> None:
        window.move(1)
        assert window.scroll(4) == 0
        assert (window.cursor, window.line) == (5, 1)

    def test_page_goes_to_the_last_row_when_there_is_no_whole_page_left(self, window: FeedWindow) -> None:
        assert window.scroll(8) == 0
        assert window.scroll(4) == 3
        assert (window.cursor, times(window.visible)) == (9, [30, 20, 10, 0])

    def test_what_is_left_of_a_move_is_told(self, window: FeedWindow) -> None:
        assert window.move(12) == 3
        assert window.move(-11) == -2

    def test_an_empty_window_takes_every_key(self) -> None:
        window = FeedWindow(height=4)
        assert window.move(1) == 1
        assert window.scroll(-4) == -4
        assert (window.event, window.position, list(window.visible)) == (None, 0, [])

    def test_cursor_stays_visible_when_the_screen_shrinks(self, window: FeedWindow) -> None:
        window.move(3)
        window.resize(2)
        assert times(window.visible) == [70, 60]
        assert window.event == event(60)

    def test_find_looks_beyond_the_cursor_in_both_directions(self, window: FeedWindow) -> None:
        window.move(5)
        assert window.find(lambda found: found.event_time % 20 == 0, 1) == 7
        assert window.find(lambda found: found.event_time % 20 == 0, -1) == 3
        assert window.find(lambda found: found.event_time > 40, 1) is None


class TestPages:
    def test_older_page_continues_the_rows_and_evicts_the_newest(self, window: FeedWindow) -> None:
        window.move(9)
        assert window.extend_older(events(-10, -20, -30, -40), has_older=True, after=window.oldest)
        assert loaded(window) == list(range(80, -50, -10))
        assert (window.has_newer, window.rows_above, window.position) == (True, 1, 9)

    def test_page_that_does_not_continue_the_rows_is_ignored(self, window: FeedWindow) -> None:
        """It was asked for before the rows changed."""
        assert not window.extend_older(events(-20), has_older=False, after=Cursor(5, "a"))
        assert (len(window), window.has_older) == (10, True)

    def test_newer_page_leaves_the_reader_where_he_is(self) -> None:
        window = FeedWindow(height=3)
        window.replace(events(0, 10, 20), has_older=False, has_newer=True, cursor=Cursor(10, "a"))
        line = window.line
        assert window.position is None
        assert window.extend_newer(events(30, 40), has_newer=False, after=Cursor(20, "a"))
        assert (window.event, window.line) == (event(10), line)
        assert window.position == 3

    def test_overlapping_page_doubles_nothing(self, window: FeedWindow) -> None:
        window.extend_older(events(20, 10, 0, -10), has_older=False)
        assert loaded(window) == list(range(90, -20, -10))

    def test_replacing_keeps_the_line_of_the_event_that_is_read(self, window: FeedWindow) -> None:
        window.move(5)
        assert window.line == 3
        window.replace(events(*range(0, 200, 10)), has_older=True, cursor=Cursor(40, "a"))
        assert (window.event, window.line) == (event(40), 3)

    def test_replacing_puts_another_event_in_the_middle(self, window: FeedWindow) -> None:
        window.replace(events(*range(0, 200, 10)), has_older=True, cursor=Cursor(55, "a"))
        assert (window.event, window.line) == (event(50), 2)

    def test_oldest_events_fill_the_screen_from_below(self, window: FeedWindow) -> None:
        window.replace(events(0, 1, 2, 3, 4, 5), has_older=False, has_newer=True, cursor=Cursor(0, "a"))
        assert times(window.visible) == [3, 2, 1, 0]


class TestLive:
    def test_feed_flows_at_the_top_while_following(self, window: FeedWindow) -> None:
        assert window.add_fresh(fresh(100, 110), follow=True)
        assert (window.event, window.cursor, window.top, window.waiting) == (event(110), 0, 0, 0)
        assert loaded(window)[:3] == [110, 100, 90]

    def test_feed_holds_at_the_top_when_not_following(self, window: FeedWindow) -> None:
        window.add_fresh(fresh(100, 110), follow=False)
        assert (window.event, window.waiting, window.has_newer, window.position) == (event(90), 2, True, 2)

    def test_feed_holds_below_the_top(self, window: FeedWindow) -> None:
        window.move(1)
        window.add_fresh(fresh(100, 110), follow=True)
        assert (window.event, window.line, window.waiting) == (event(80), 1, 2)
        assert loaded(window)[0] == 90

    def test_waiting_events_come_with_the_newer_page(self, window: FeedWindow) -> None:
        window.move(1)
        window.add_fresh(fresh(100, 110, 120), follow=True)
        window.extend_newer(events(100, 110), has_newer=True)
        assert (window.waiting, window.position, window.event) == (1, 4, event(80))
        window.extend_newer(events(120), has_newer=False)
        assert (window.waiting, window.has_newer, window.position) == (0, False, 4)

    def test_late_event_goes_where_its_time_belongs_and_is_marked(self, window: FeedWindow) -> None:
        window.move(2)
        window.add_fresh(fresh(85, 65), follow=True)
        assert loaded(window)[:6] == [90, 85, 80, 70, 65, 60]
        assert (window.event, window.line) == (event(70), 2)
        assert window.is_late(Cursor(85, "a"))
        assert not window.is_late(Cursor(80, "a"))

    def test_late_event_does_not_move_the_reader_of_a_short_list(self) -> None:
        """Even where that leaves a line blank at the bottom."""
        window = FeedWindow(height=10)
        window.replace(events(10, 20, 30), has_older=False)
        window.move(2)
        window.add_fresh(fresh(15), follow=True)
        assert (window.event, window.line) == (event(10), 2)

    def test_event_older_than_the_last_row_comes_with_its_page(self, window: FeedWindow) -> None:
        window.add_fresh(fresh(-15), follow=True)
        assert loaded(window)[-1] == 0
        window.extend_older(events(-10, -20), has_older=True)
        assert loaded(window)[-3:] == [-10, -15, -20]

    def test_page_that_was_read_before_an_event_came_does_not_lose_it(self, window: FeedWindow) -> None:
        window.move(1)
        window.add_fresh(fresh(110, -15), follow=True)
        window.extend_newer((), has_newer=False)
        window.extend_older(events(-20), has_older=True)
        assert (loaded(window)[0], loaded(window)[-3:]) == (110, [0, -15, -20])
        assert (window.event, window.waiting) == (event(80), 0)

    def test_event_older_than_the_last_one_there_is_becomes_the_last_row(self, window: FeedWindow) -> None:
        window.extend_older((), has_older=False)
        window.add_fresh(fresh(-15), follow=True)
        assert loaded(window)[-1] == -15

    def test_known_events_change_nothing(self, window: FeedWindow) -> None:
        window.move(1)
        window.add_fresh(fresh(50, 60, 100), follow=True)
        window.add_fresh(fresh(100), follow=True)
        assert (loaded(window), window.waiting) == (list(range(90, -10, -10)), 1)
        assert not window.is_late(Cursor(50, "a"))

    def test_first_event_of_an_empty_feed_appears(self) -> None:
        window = FeedWindow(height=4)
        window.replace((), has_older=False)
        window.add_fresh(fresh(1), follow=True)
        assert window.event == event(1)

    def test_live_events_before_the_first_page_are_shown_and_joined_with_it(self) -> None:
        """A search that takes long must not hide what comes in meanwhile."""
        window = FeedWindow(height=4)
        window.replace((), has_older=True)
        window.add_fresh(fresh(55, 100), follow=True)
        assert (loaded(window), window.is_anchored) == ([100, 55], False)
        window.extend_older(events(90, 80, 70), has_older=True)
        assert (loaded(window), window.is_anchored) == ([100, 90, 80, 70], True)
        window.extend_older(events(60, 50), has_older=True)
        assert loaded(window) == [100, 90, 80, 70, 60, 55, 50]

    def test_more_than_was_given_makes_a_held_window_untrustworthy(self, window: FeedWindow) -> None:
        window.move(3)
        assert not window.add_fresh(fresh(100, count=5000), follow=True)

    def test_more_than_was_given_shortens_a_flowing_window(self, window: FeedWindow) -> None:
        """What was left out is older than 55, so rows below 55 may have gaps."""
        assert window.add_fresh(fresh(100, 55, count=5000), follow=True)
        assert (loaded(window), window.has_older) == ([100, 90, 80, 70, 60, 55], True)

    def test_reset_makes_the_window_untrustworthy(self, window: FeedWindow) -> None:
        assert not window.add_fresh(Fresh((), 0, is_reset=True), follow=True)


CURSORS = st.builds(Cursor, st.integers(0, 60), st.sampled_from("ab"))
PAGE = 4


class WindowMachine(RuleBasedStateMachine):
    """A store that grows, and a reader who moves about in a window on it."""

    def __init__(self) -> None:
        super().__init__()
        self.store: set[Cursor] = set()
        self.delivered: set[Cursor] = set()
        self.window = FeedWindow()

    @initialize(stored=st.sets(CURSORS, max_size=30), height=st.integers(1, 5))
    def open(self, stored: set[Cursor], height: int) -> None:
        self.store, self.delivered = set(stored), set(stored)
        self.window = FeedWindow(height=height, capacity=15)
        page, has_more = self.older_page(None)
        self.window.replace(page, has_older=has_more)

    def older_page(self, after: Cursor | None) -> tuple[list[Event], bool]:
        found = sorted((at for at in self.store if after is None or at < after), reverse=True)
        return _events(found[:PAGE]), len(found) > PAGE

    def newer_page(self, after: Cursor | None) -> tuple[list[Event], bool]:
        found = sorted(at for at in self.store if after is not None and at > after)
        return _events(reversed(found[:PAGE])), len(found) > PAGE

    def deliver(self, follow: bool) -> None:
        came = _events(sorted(self.store - self.delivered, reverse=True))
        flows = follow and self.window.is_at_newest
        before = self.reading()
        assert self.window.add_fresh(Fresh(tuple(came), len(came)), follow)
        self.delivered = set(self.store)
        assert self.reading() == before if not flows else (self.window.cursor, self.window.top) == (0, 0)

    @rule(delta=st.integers(-8, 8), is_page=st.booleans())
    def move(self, delta: int, is_page: bool) -> None:
        window, target = self.window, self.window.cursor + delta
        rest = window.scroll(delta) if is_page else window.move(delta)
        assert target - rest == window.cursor

    @rule(height=st.integers(1, 5))
    def resize(self, height: int) -> None:
        self.window.resize(height)

    def reading(self) -> tuple[Event, int] | None:
        return None if self.window.event is None else (self.window.event, self.window.line)

    # -- what must hold

    @invariant()
    def rows_are_the_whole_of_a_slice(self) -> None:
        rows = [self.window[row].cursor for row in range(len(self.window))]
        assert rows == sorted(set(rows), reverse=True), "doubled or misplaced"
        assert set(rows) <= self.store
        lost = {
            at
            for at in self.delivered - set(rows)
            if (not self.window.has_newer or (rows and at < rows[0]))
            and (not self.window.has_older or (rows and at > rows[-1]))
        }
        assert not lost

    @invariant()
    def cursor_is_on_the_screen(self) -> None:
        window = self.window
        assert 0 <= window.top <= window.cursor < max(1, len(window))
        assert window.line < window.height

    @invariant()
    def window_is_bounded(self) -> None:
        assert len(self.window) <= 15

    @invariant()
    def nothing_waits_at_the_true_top(self) -> None:
        assert self.window.waiting >= 0
        assert self.window.has_newer or (self.window.waiting, self.window.rows_above) == (0, 0)


class SlowMachine(WindowMachine):
    """What is written is delivered later, and a page that is asked for is read now and arrives later."""

    def __init__(self) -> None:
        super().__init__()
        self.older: tuple[Cursor | None, list[Event], bool] | None = None
        self.newer: tuple[Cursor | None, list[Event], bool] | None = None

    @rule(cursors=st.sets(CURSORS, max_size=6))
    def write(self, cursors: set[Cursor]) -> None:
        self.store |= cursors

    @rule(follow=st.booleans())
    def come_in(self, follow: bool) -> None:
        self.deliver(follow)

    @precondition(lambda self: len(self.window) > 0)
    @rule()
    def ask_older(self) -> None:
        self.older = (self.window.oldest, *self.older_page(self.window.oldest))

    @precondition(lambda self: len(self.window) > 0)
    @rule()
    def ask_newer(self) -> None:
        self.newer = (self.window.newest, *self.newer_page(self.window.newest))

    @precondition(lambda self: self.older is not None)
    @rule()
    def older_arrives(self) -> None:
        assert self.older is not None
        before = self.reading()
        after, page, has_more = self.older
        self.window.extend_older(page, has_more, after=after)
        self.older = None
        assert self.reading() == before

    @precondition(lambda self: self.newer is not None)
    @rule()
    def newer_arrives(self) -> None:
        assert self.newer is not None
        before = self.reading()
        after, page, has_more = self.newer
        self.window.extend_newer(page, has_more, after=after)
        self.newer = None
        assert self.reading() == before


class PromptMachine(WindowMachine):
    """Everything arrives at once: then the counts are exact, too."""

    @rule(cursors=st.sets(CURSORS, max_size=6), follow=st.booleans())
    def write(self, cursors: set[Cursor], follow: bool) -> None:
        self.store |= cursors
        self.deliver(follow)

    @precondition(lambda self: len(self.window) > 0)
    @rule()
    def load_older(self) -> None:
        self.window.extend_older(*self.older_page(self.window.oldest))

    @precondition(lambda self: len(self.window) > 0)
    @rule()
    def load_newer(self) -> None:
        self.window.extend_newer(*self.newer_page(self.window.newest))

    @invariant()
    def position_is_exact(self) -> None:
        if self.window.newest is not None:
            assert self.window.rows_above == sum(at > self.window.newest for at in self.store)


def _events(cursors: Iterable[Cursor]) -> list[Event]:
    return [event(at.event_time, at.event_id) for at in cursors]


_SETTINGS = settings(max_examples=80, stateful_step_count=40, deadline=None)
TestSlowly = SlowMachine.TestCase
TestSlowly.settings = _SETTINGS
TestPromptly = PromptMachine.TestCase
TestPromptly.settings = _SETTINGS
