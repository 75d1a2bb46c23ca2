"""What the explorer knows and how it searches: view, selection, history, questions.

The actions are in modules of their own, by theme; each extends this class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from textual.screen import Screen

from logtui.config import Settings
from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.errors import LogtuiError, QuerySyntaxError
from logtui.core.event import Cursor, Event
from logtui.core.page import Fresh, Order, Page, Progress, Selection, Summary
from logtui.core.query.ast import Node
from logtui.core.query.parser import parse
from logtui.core.sanitise import visible
from logtui.core.view import View
from logtui.session import Session
from logtui.tui.history import History, Place
from logtui.tui.live import Live
from logtui.tui.opening import FIRST_PAGE, Opened, Opening
from logtui.tui.questions import Answered, Questions
from logtui.tui.seen_values import SeenValues
from logtui.tui.widgets.feed import Feed
from logtui.tui.widgets.feed_messages import NeedsNewer, NeedsOlder, NeedsReload

PAGE = 500
"""Events of a page that continues the feed."""


@dataclass(frozen=True, slots=True)
class Began:
    """The question is resolved; pages follow."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The events on both sides of a place, each side from the place outwards."""

    at: Cursor
    newer: Page
    older: Page


class ExplorerCore(Screen[None]):
    """State and search of the explorer, without its actions and without its looks."""

    def __init__(self, opening: Opening, store: Path, query: str, settings: Settings, clock: Clock) -> None:
        super().__init__()
        self.opening = opening
        self.store = store
        self.settings = settings
        self.clock = clock
        self.session: Session | None = None
        self.selection = Selection()
        self.summary: Summary | None = None
        self.progress: Progress | None = None
        self.history = History(Place(View(_parsed(query), settings.columns)))
        self.questions = Questions(self.post_message)
        self.seen = SeenValues(self.questions)
        self.live: Live | None = None
        self.is_following = True
        self.zone = settings.zone
        self._is_first_part = True
        self._last_part_end: Cursor | None = None
        self._came_meanwhile: list[Fresh] = []

    # -- what the parts of the explorer share

    @property
    def view(self) -> View:
        """What is shown."""
        return self.history.here.view

    @property
    def feed(self) -> Feed:
        """The feed."""
        return self.query_one(Feed)

    @property
    def event(self) -> Event | None:
        """The event that is being read."""
        return self.feed.cursor_event

    @property
    def is_searching(self) -> bool:
        """Whether the rows of the present query are not all there yet."""
        return self.questions.is_open("open", "search")

    def say(self, text: str, style: str = "plain") -> None:
        """Tell the person something in the status line, until the next move."""
        raise NotImplementedError

    def refresh_status(self) -> None:
        """Show what changed in the status lines."""
        raise NotImplementedError

    def show_query(self) -> None:
        """Show the present query in the query line and in the form."""
        raise NotImplementedError

    def show_summary(self) -> None:
        """Show totals and histogram."""
        raise NotImplementedError

    def ask_summary(self) -> None:
        """Ask for totals and histogram."""
        raise NotImplementedError

    def explain_nothing(self) -> None:
        """Say why there are no events."""
        raise NotImplementedError

    def go(self, query: Node, at: Cursor | None = None) -> None:
        """Show another query, with the reader at `at` or at the newest event; `back` returns."""
        if query == self.view.query and at is None:
            return
        self.history.visit(replace(self.view, query=query), self.reading)
        self.show_query()
        self.search(at)

    def step_history(self, by: int) -> None:
        """Go back (-1) or forward (1)."""
        place = self.history.step(by, self.reading)
        if place is None:
            self.say("there is no view before this one" if by < 0 else "there is no view after this one")
            return
        self.show_query()
        self.feed.columns = place.view.columns
        self.search(place.cursor)

    @property
    def reading(self) -> Cursor | None:
        """Return where the reader is; None at the top, where the feed flows."""
        event = self.event
        return None if event is None or self.feed.position == 0 else event.cursor

    # -- opening

    def open_store(self) -> None:
        """Take the store and the first page from where they were started, or wait for them."""
        if self.opening.is_done:
            try:
                self._opened(self.opening.wait())
            except LogtuiError as error:
                self.not_opened(error)
            return
        self.questions.ask("open", lambda _token: [self.opening.wait()], self._opened, on_error=self.not_opened)

    def not_opened(self, error: LogtuiError) -> None:
        """Give up: there is nothing to show."""
        raise NotImplementedError

    def _opened(self, opened: Opened) -> None:
        self.session = opened.session
        self.seen.session = opened.session
        self.live = Live(opened.session, self.post_message)
        self.live.start(opened.selection)
        self._begin()
        self._on_part(Began(opened.selection))
        self._on_part(opened.page)
        if opened.page.is_final:
            self._on_end()
        else:
            self.search()

    # -- searching

    def search(self, at: Cursor | None = None) -> None:
        """Search for the present query; the rows of the last one stay until the first part is there."""
        session = self.session
        if session is None:
            return
        query, live = self.view.query, self.live

        def question(token: CancelToken) -> Iterator[Began | Page | Surroundings]:
            selection = session.search.select(query, token=token)
            yield Began(selection)
            # Follow before reading: what comes meanwhile is then found by one of them, or by both.
            if live is not None:
                live.look_for(selection)
            if at is None:
                yield from session.search.pages(selection, limit=FIRST_PAGE, token=token)
            else:
                yield surroundings(session, selection, at, token)

        self._begin()
        self.questions.ask("search", question, self._on_part, on_error=self._on_failure, on_end=self._on_end)
        self.refresh_status()

    def _begin(self) -> None:
        for group in ("older", "newer", "jump", "summary", "explain"):
            self.questions.withdraw(group)
        self._is_first_part = True
        self._came_meanwhile.clear()

    def _on_part(self, part: Began | Page | Surroundings) -> None:
        match part:
            case Began(selection):
                self.selection = selection
            case Page():
                self._on_page(part)
            case Surroundings(at, newer, older):
                events = (*reversed(newer.events), *older.events)
                self.feed.replace(events, has_older=older.has_more, has_newer=newer.has_more, cursor=at)
                self._is_first_part = False
        if not isinstance(part, Began):
            self._add_what_came_meanwhile()
        self.refresh_status()

    def _on_page(self, page: Page) -> None:
        has_older = page.has_more or not page.is_final
        self.progress = page.progress
        if self._is_first_part:
            self._is_first_part = False
            self.feed.replace(page.events, has_older=has_older)
            self.feed.message = () if page.events or page.is_final else ("searching …",)
        else:
            self.feed.extend_older(page.events, has_older, after=self._last_part_end)
        self._last_part_end = page.events[-1].cursor if page.events else self._last_part_end
        if page.events:
            self.feed.message = ()

    def _add_what_came_meanwhile(self) -> None:
        for fresh in self._came_meanwhile:
            self.feed.add_fresh(fresh, self.is_following)
        if not self.is_searching:
            self._came_meanwhile.clear()

    def _on_end(self) -> None:
        self._came_meanwhile.clear()
        self.ask_summary()
        if self.feed.row_count == 0:
            self.explain_nothing()
        self.refresh_status()

    def _on_failure(self, error: LogtuiError) -> None:
        """The last good result stays; the mistake is shown where it was made."""
        self.show_error(error)
        self.refresh_status()

    def show_error(self, error: LogtuiError) -> None:
        """Show what went wrong, in the query line if it is there."""
        self.say(visible(str(error), 400), "bad")

    def on_answered(self, message: Answered) -> None:
        """Something came back from a thread."""
        self.questions.deliver(message)

    # -- more of the same

    def on_feed_needs_older(self, message: NeedsOlder) -> None:
        """Load the page below the last row, part by part as it is found."""
        session, selection, after = self.session, self.selection, message.after
        if session is None or self.is_searching:
            return
        end = after

        def extend(page: Page) -> None:
            nonlocal end
            self.progress = page.progress
            self.feed.extend_older(page.events, page.has_more or not page.is_final, after=end)
            end = page.events[-1].cursor if page.events else end
            self.refresh_status()

        self.questions.ask(
            "older",
            lambda token: session.search.pages(selection, limit=PAGE, token=token, after=after),
            extend,
            on_error=lambda error: self._not_extended(error, after),
        )

    def _not_extended(self, error: LogtuiError, after: Cursor) -> None:
        self.feed.extend_older((), has_older=True, after=after)
        self.show_error(error)

    def on_feed_needs_newer(self, message: NeedsNewer) -> None:
        """Load the page above the first row."""
        session, selection, after = self.session, self.selection, message.after
        if session is None or self.is_searching:
            return
        self.questions.ask(
            "newer",
            lambda token: [
                session.search.page(selection, limit=PAGE, token=token, order=Order.OLDEST_FIRST, after=after)
            ],
            lambda page: self.feed.extend_newer(tuple(reversed(page.events)), page.has_more, after=after),
            on_error=self.show_error,
            on_end=self.refresh_status,
        )

    def on_feed_needs_reload(self, message: NeedsReload) -> None:
        """The rows cannot be trusted any more: files went, or more came than was told."""
        self.search(message.cursor)

    def on_feed_wants_newest(self) -> None:
        """Search again from the top."""
        self.search()

    def on_feed_wants_oldest(self) -> None:
        """Search from the other end."""
        session, selection = self.session, self.selection
        if session is None:
            return

        def show(page: Page) -> None:
            events = tuple(reversed(page.events))
            last = events[-1].cursor if events else None
            total = self.summary.total if self.summary is not None and self.summary.is_exact else None
            above = None if total is None else max(0, total - len(events))
            self.feed.replace(events, has_older=False, has_newer=page.has_more, cursor=last, rows_above=above)
            self.refresh_status()

        self.questions.ask(
            "jump",
            lambda token: [session.search.page(selection, limit=PAGE, token=token, order=Order.OLDEST_FIRST)],
            show,
            on_error=self.show_error,
        )
        self.refresh_status()

    def show_around(self, at: Cursor) -> None:
        """Load the rows around a place of the present selection and put the reader there."""
        session, selection = self.session, self.selection
        if session is None or self.feed.select(at):
            return
        self.questions.ask(
            "jump",
            lambda token: [surroundings(session, selection, at, token)],
            self._on_part,
            on_error=self.show_error,
        )


def surroundings(session: Session, selection: Selection, at: Cursor, token: CancelToken) -> Surroundings:
    """Read the events around a place: one page that precedes it, and one that begins with it."""
    newer = session.search.page(selection, limit=FIRST_PAGE, token=token, order=Order.OLDEST_FIRST, after=at)
    # No id lies between an id and itself with U+0001 appended but ids that begin with both.
    just_above = Cursor(at.event_time, at.event_id + "\x01")
    older = session.search.page(selection, limit=FIRST_PAGE, token=token, after=just_above)
    return Surroundings(at, newer, older)


def _parsed(query: str) -> Node:
    """Parse what the command line has checked already; a mistake is found again, and told, by `Opening`."""
    try:
        return parse(query)
    except QuerySyntaxError:
        return parse("")
