"""What the session without a screen knows, how it asks, and how it tells; its commands are in `deeds`."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from logtui.core.cancel import CancelToken
from logtui.core.errors import LogtuiError, QuerySyntaxError
from logtui.core.event import Cursor, Event
from logtui.core.page import Order, Selection
from logtui.core.query.ast import Node
from logtui.core.query.parser import parse
from logtui.core.query.text import to_text
from logtui.core.view import View
from logtui.plain import words
from logtui.plain.completing import completer
from logtui.plain.loop import Loop
from logtui.plain.terminal import LineTerminal
from logtui.plain.told import Told
from logtui.session import Session
from logtui.storage.engine import Position
from logtui.tui.counting import summaries
from logtui.tui.explanation import explanation
from logtui.tui.history import History, Place
from logtui.tui.live import Live, News
from logtui.tui.moments import Zone
from logtui.tui.questions import Questions
from logtui.tui.seen_values import SeenValues

if TYPE_CHECKING:
    from logtui.cli.options import OpenScreen

Part = str | Callable[[], None]
"""A line to tell, or something to do on the session's thread."""

_PATIENCE_SECONDS = 3.0
"""After which a search says how far it has come."""
_PAGE = 10
_WAYS = {
    "explorer.all_time": "“since all”",
    "explorer.drop_condition": "“drop”",
    "explorer.drop_all": "“drop all”",
    "explorer.problems": "“problems”",
}
"""Action of the screen -> the command that does the same."""


class Core:
    """State, questions, answers."""

    def __init__(self, session: Session, options: OpenScreen) -> None:
        self.session, self.clock, self.settings = session, options.clock, options.settings
        columns = options.saved.view.columns if options.saved else self.settings.columns
        self.history = History(Place(View(parse(options.query), columns)))
        self.selection = Selection()
        self.zone_name = self.settings.zone
        self.page_size = _PAGE
        self.told = Told()
        self.position: Position | None = None
        """How far the follower has come."""
        self.new_count = 0
        """Events that came since the search."""
        self.total: words.Total = words.UNKNOWN
        self.loop = Loop(self.on_signal)
        self.questions = Questions(lambda answered: self.loop.post(lambda: self.questions.deliver(answered)))
        self.seen = SeenValues(self.questions, lambda: None)
        self.seen.session = session
        self.terminal = LineTerminal(completer(self.seen))
        self.live = Live(session, lambda news: self.loop.post(partial(self.on_news, news)))
        self.lines: deque[str] = deque()
        """Lines that wait until the answer to the one before is told."""
        self._announcements: dict[str, str] = {}
        """What it is about -> what is to be told, the last word on each."""
        self._problems_told = 0
        self._day = ""
        """The day that the last line was about."""

    def on_signal(self, number: int) -> None:
        """Something wants the session to end."""
        raise NotImplementedError

    def on_news(self, news: News) -> None:
        """The follower has something to tell."""
        raise NotImplementedError

    def do_line(self, line: str) -> None:
        """Do what a line asks for."""
        raise NotImplementedError

    # -- telling

    @property
    def view(self) -> View:
        return self.history.here.view

    @property
    def zone(self) -> Zone:
        return Zone(self.zone_name, self.clock())

    @property
    def is_busy(self) -> bool:
        """Whether an answer is being told. Where nobody types, the number of events is part of it."""
        return self.questions.is_open("answer", *(() if self.terminal.is_typed else ("count",)))

    def say(self, *lines: str) -> None:
        """Tell something now."""
        self.terminal.say(*lines)

    def announce(self, about: str, text: str) -> None:
        """Tell something when nobody is typing and no answer is under way; a later word about the same replaces it."""
        self._announcements.pop(about, None)
        self._announcements[about] = text
        self.settle()

    def settle(self) -> None:
        """Go on with what has waited: the next line, announcements, the prompt."""
        if self.is_busy or self.loop.is_ending:
            return
        if self._announcements and not self.terminal.is_typing:
            self.say(*self._announcements.values())
            self._announcements.clear()
        if self.lines:
            self.do_line(self.lines.popleft())
        else:
            self.terminal.prompt()

    # -- asking

    def ask(self, question: Callable[[CancelToken], Iterable[Part]]) -> None:
        """Ask what takes time; its answer is told part by part, and lines that are typed meanwhile wait."""
        self._day = ""

        def on_part(part: Part) -> None:
            if isinstance(part, str):
                self.say(part)
            else:
                part()

        def on_error(error: LogtuiError) -> None:
            self.say(str(error))
            self.settle()

        self.questions.ask("answer", question, on_part, on_error=on_error, on_end=self._answered)

    def _answered(self) -> None:
        problems = self.session.engine.problems()
        lost = sum(len(problem.paths) for problem in problems if problem.is_loss)
        if lost > self._problems_told:
            files = "1 file" if lost == 1 else f"{lost:,} files"
            self.say(f"{files} could not be read, events may be missing; “problems” tells which")
        self._problems_told = lost
        self.settle()

    def go(self, query: Node) -> None:
        """Search for another query; `back` returns."""
        self.history.visit(View(query, self.view.columns), None)
        self.search()

    def search(self, size: int | None = None) -> None:
        """Search for the present query, and tell its newest events."""
        query, limit = self.view.query, size or self.page_size

        def question(token: CancelToken) -> Iterator[Part]:
            try:
                selection = self.session.search.select(query, token=token)
            except QuerySyntaxError as mistake:
                yield from words.mistake_words(mistake, to_text(query))
                return
            yield partial(self._begin, selection)
            # Follow before reading: what comes meanwhile is then found by one of them, or by both.
            self.live.look_for(selection)
            yield from self._page(selection, None, 1, limit, token)

        self.ask(question)

    def _begin(self, selection: Selection) -> None:
        self.selection = selection
        self.told = Told()
        self.new_count = 0
        self._announcements.pop("news", None)
        self.total = words.UNKNOWN
        self.count()

    def _page(
        self, selection: Selection, after: Cursor | None, first: int, limit: int, token: CancelToken
    ) -> Iterator[Part]:
        found = 0
        patience = time.monotonic() + _PATIENCE_SECONDS
        for part in self.session.search.pages(selection, limit=limit, token=token, after=after):
            if part.events:
                yield partial(self.tell_events, part.events, first + found, is_more=found > 0)
                found += len(part.events)
            elif not part.is_final and time.monotonic() > patience:
                patience = time.monotonic() + _PATIENCE_SECONDS
                yield f"searching, {part.progress.days_searched:,} of {part.progress.days_asked:,} days"
        if found:
            return
        if after is not None:
            yield "there are no older events"
            return
        told = 0
        for lines in explanation(self.session, selection, self.view.query, lambda name: _WAYS[name], token):
            yield from lines[told:]
            told = len(lines)

    def tell_events(self, events: Sequence[Event], first: int, *, is_more: bool = False) -> None:
        """Tell events with their numbers, and their day where it changes; `is_more`: they continue those before."""
        zone, columns = self.zone, words.columns_told(self.view.columns)
        lines = []
        for number, event in self.told.tell(events, first, is_more=is_more):
            day = words.day_words(event, zone)
            if day != self._day and "event_time" in columns:
                lines.append(day)
            self._day = day
            lines.append(words.event_words(event, number, columns, zone))
        self.say(*lines)

    def older(self) -> None:
        """Tell the next events."""
        after, first = self.told.older, self.told.last + 1
        self.ask(lambda token: self._page(self.selection, after, first, self.page_size, token))

    def newer(self) -> None:
        """Tell the events before those that were told last."""
        before, end = self.told.newer, self.told.first
        size = min(self.page_size, end - 1)

        def question(token: CancelToken) -> Iterator[Part]:
            page = self.session.search.page(
                self.selection, limit=size, token=token, order=Order.OLDEST_FIRST, after=before
            )
            yield partial(self.tell_events, page.events[::-1], end - len(page.events))

        self.ask(question)

    def count(self) -> None:
        """Count the events of the search behind everything else, and announce how many there are."""

        def on_total(total: words.Total) -> None:
            self.total = total
            if total.is_exact:
                self.announce("count", f"{total.text} in all")

        self.questions.ask(
            "count",
            self._totals(),
            on_total,
            on_error=lambda error: self.announce("count", str(error)),
            on_end=self.settle,
        )

    def count_now(self) -> None:
        """Count the events of the search, and tell how many there are."""
        totals = self._totals()

        def question(token: CancelToken) -> Iterator[Part]:
            for total in totals(token):
                yield partial(setattr, self, "total", total)
                if total.is_exact:
                    yield f"{total.text} in all"

        self.questions.withdraw("count")
        self.ask(question)

    def _totals(self) -> Callable[[CancelToken], Iterator[words.Total]]:
        selection, within = self.selection, self.position

        def totals(token: CancelToken) -> Iterator[words.Total]:
            for summary in summaries(self.session, selection, 1, within, token):
                yield words.Total(summary.total, summary.is_exact)

        return totals
