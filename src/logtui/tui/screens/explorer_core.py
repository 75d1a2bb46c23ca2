"""What the explorer knows and how it searches: view, selection, history, questions.

The actions are in modules of their own, by theme; each extends this class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from textual.screen import Screen

from logtui.config import Settings
from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock
from logtui.core.errors import LogtuiError, QuerySyntaxError
from logtui.core.event import Cursor, Event
from logtui.core.page import Fresh, Page, Progress, Selection, Summary
from logtui.core.query.ast import Node
from logtui.core.query.parser import parse
from logtui.core.sanitise import visible
from logtui.core.view import SavedView, View
from logtui.session import Session
from logtui.storage.engine import Position
from logtui.tui.history import History, Place
from logtui.tui.keymap import BY_ID, key_label, keys_of
from logtui.tui.live import Live
from logtui.tui.opening import Opened, Opening
from logtui.tui.posted import AnswerArrived, NewsArrived
from logtui.tui.questions import NOTICEABLE_SECONDS, Questions
from logtui.tui.rate import Rate
from logtui.tui.reading import Began, Part, Surroundings, rows
from logtui.tui.seen_values import SeenValues
from logtui.tui.widgets.feed import Feed

LOADING = ("search", "jump")
"""Groups whose answers replace the rows."""
ASKED_FOR = (*LOADING, "older", "newer", "seek", "facet", "copy")
"""Groups that answer a key of the person."""

_Answer = TypeVar("_Answer")


class ExplorerCore(Screen[None], inherit_bindings=False):
    """State and search of the explorer, without its actions and without its looks."""

    def __init__(
        self,
        opening: Opening,
        store: Path,
        query: str,
        settings: Settings,
        clock: Clock,
        saved: SavedView | None = None,
    ) -> None:
        super().__init__()
        self.opening = opening
        self.store = store
        self.settings = settings
        self.clock = clock
        self.session: Session | None = None
        self.selection = Selection()
        self.summary: Summary | None = None
        self.progress: Progress | None = None
        view = replace(saved.view, query=_parsed(query)) if saved else View(_parsed(query), settings.columns)
        self.history = History(Place(view))
        self.saved = saved
        """The saved view that was opened or saved last."""
        self.questions = Questions(lambda answered: self.post_message(AnswerArrived(answered)))
        self.seen = SeenValues(self.questions, self.show_completions)
        self.live: Live | None = None
        self.arrivals = Rate()
        self.is_following = True
        self.zone = settings.zone
        self.position: Position | None = None
        """How far the follower has come: totals count what it has given out, so that what it gives can be added."""
        self.has_missed = False
        """Live events of the present selection may neither be rows nor come any more: it takes a reload."""
        self._came_meanwhile: list[Fresh] = []
        self.is_first_part = True
        self._last_part_end: Cursor | None = None

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
    def reading(self) -> Cursor | None:
        """Where the reader is; None at the top, where the feed flows."""
        event = self.event
        return None if event is None or self.feed.position == 0 else event.cursor

    @property
    def is_loading(self) -> bool:
        """Whether other rows are on their way."""
        return self.questions.is_open("open", *LOADING)

    def key_of(self, action: str) -> str:
        """Return the first key of an action, as people read it."""
        keys = keys_of(BY_ID[action], self.settings.keymap)
        return key_label(keys[0]) if keys else f"“{BY_ID[action].title}”"

    def say(self, text: str, style: str = "plain") -> None:
        """Tell the person something in the status line, until the next move."""
        raise NotImplementedError

    def refresh_status(self) -> None:
        """Show what changed in the status lines."""
        raise NotImplementedError

    def show_query(self) -> None:
        """Show the present query in the query line and in the form."""
        raise NotImplementedError

    def show_completions(self) -> None:
        """Show what may be typed next, which may be more than before."""
        raise NotImplementedError

    def show_columns(self) -> None:
        """Show the columns of the present view."""
        raise NotImplementedError

    def ask_summary(self) -> None:
        """Ask for totals and histogram of the present selection."""
        raise NotImplementedError

    def ask_position(self) -> None:
        """Ask how many events are above the rows, after a jump."""
        raise NotImplementedError

    def explain_nothing(self) -> None:
        """Say why there are no events."""
        raise NotImplementedError

    def not_opened(self, error: LogtuiError) -> None:
        """Give up: there is nothing to show."""
        raise NotImplementedError

    def show_error(self, error: LogtuiError) -> None:
        """Show what went wrong, in the query line if it is there."""
        self.say(visible(str(error), 400), "bad")

    def ask(
        self,
        group: str,
        question: Callable[[CancelToken], Iterable[_Answer]],
        on_part: Callable[[_Answer], None],
        *,
        on_error: Callable[[LogtuiError], None] | None = None,
        on_end: Callable[[], None] = lambda: None,
    ) -> None:
        """Ask what a key of the person wants to know. If it takes long, the status says so."""
        if group in LOADING:
            self._came_meanwhile.clear()
        self.questions.ask(group, question, on_part, on_error=on_error or self.show_error, on_end=on_end)
        self.set_timer(NOTICEABLE_SECONDS, self.refresh_status)

    def on_answer_arrived(self, message: AnswerArrived) -> None:
        """Something came back from a thread."""
        self.questions.deliver(message.answered)
        self.refresh_status()

    # -- views

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
        self.show_columns()
        self.search(place.cursor)

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

    def _opened(self, opened: Opened) -> None:
        self.session = opened.session
        self.seen.session = opened.session
        self.selection = opened.selection
        self.live = Live(opened.session, lambda news: self.post_message(NewsArrived(news)))
        self.live.start(opened.selection)
        self._on_page(opened.page)
        if not opened.page.is_final:
            self.reload()
        elif self.feed.row_count == 0:
            self.explain_nothing()
        # Totals come when the follower has told from where on it adds to them.

    # -- searching

    def search(self, at: Cursor | None = None) -> None:
        """Search for the present query; the rows of the last one stay until the first part is there."""
        session, query, live = self.session, self.view.query, self.live
        if session is None:
            return

        def question(token: CancelToken) -> Iterator[Part]:
            selection = session.search.select(query, token=token)
            yield Began(selection)
            # Follow before reading: what comes meanwhile is then found by one of them, or by both.
            if live is not None:
                live.look_for(selection)
            yield from rows(session, selection, at, token)

        self.questions.withdraw("summary")
        self._load(question)

    def reload(self, at: Cursor | None = None) -> None:
        """Read the rows of the present selection again, with the reader at `at` or at the newest event."""
        session, selection = self.session, self.selection
        if session is not None:
            self._load(lambda token: rows(session, selection, at, token))

    def _load(self, question: Callable[[CancelToken], Iterator[Part]]) -> None:
        for group in ("older", "newer", "jump", "position", "explain"):
            self.questions.withdraw(group)
        self.is_first_part = True
        self.has_missed = False
        self.ask("search", question, self._on_part, on_end=self.on_rows)

    def _on_part(self, part: Part) -> None:
        match part:
            case Began(selection):
                self.selection = selection
                self.summary = None
            case Page():
                self._on_page(part)
            case Surroundings():
                self.show_surroundings(part)

    def _on_page(self, page: Page) -> None:
        has_older = page.has_more or not page.is_final
        self.progress = page.progress
        if self.is_first_part:
            self.is_first_part = False
            self.feed.replace(page.events, has_older=has_older)
        else:
            self.feed.extend_older(page.events, has_older, after=self._last_part_end)
        self._last_part_end = page.events[-1].cursor if page.events else self._last_part_end
        self.add_what_came_meanwhile()
        self.feed.message = () if self.feed.row_count or page.is_final else ("searching …",)

    def show_surroundings(self, found: Surroundings) -> None:
        """Show rows around a place, with the reader there."""
        self.is_first_part = False
        events = (*reversed(found.newer.events), *found.older.events)
        self.feed.replace(events, has_older=found.older.has_more, has_newer=found.newer.has_more, cursor=found.at)
        self.feed.message = ()
        self.add_what_came_meanwhile()
        self.ask_position()

    def add_fresh(self, fresh: Fresh) -> None:
        """Put live events into the feed, and again into the rows that are on their way."""
        if self.is_loading:
            self._came_meanwhile.append(fresh)
        self.feed.add_fresh(fresh, self.is_following)
        if self.feed.row_count:
            self.feed.message = ()

    def add_what_came_meanwhile(self) -> None:
        """Rows were replaced: they may lack what came live since they were asked for."""
        for fresh in self._came_meanwhile:
            self.feed.add_fresh(fresh, self.is_following)

    def on_rows(self) -> None:
        """The rows that were asked for are there."""
        if self.has_missed:
            self.reload(self.reading)
        elif self.feed.row_count == 0:
            self.explain_nothing()
        if self.summary is None:
            self.ask_summary()


def _parsed(query: str) -> Node:
    """Parse what the command line has checked already; a mistake is found again, and told, by `Opening`."""
    try:
        return parse(query)
    except QuerySyntaxError:
        return parse("")
