"""Actions that move to another event of the feed: failures, marks, found text; also beyond the loaded rows."""

from __future__ import annotations

from collections.abc import Iterator

from logtui.core.cancel import CancelToken
from logtui.core.event import Event
from logtui.core.page import Order, Page, Selection
from logtui.core.query.ast import Flag, Node, Word
from logtui.core.query.flags import is_failure
from logtui.core.query.normal import all_of
from logtui.core.sanitise import visible
from logtui.tui.screens.explorer_paging import PagingActions

DOWN, UP = 1, -1
_WAYS = {DOWN: "further down", UP: "further up"}


class SeekActions(PagingActions):
    """Next and previous failure, mark, and place where a text was found."""

    def action_next_failure(self) -> None:
        self._go_to_failure(DOWN)

    def action_previous_failure(self) -> None:
        self._go_to_failure(UP)

    def action_find_next(self) -> None:
        self._find(DOWN)

    def action_find_previous(self) -> None:
        self._find(UP)

    def find(self, text: str) -> None:
        """Highlight a text, and go to where it is found next; "" forgets it."""
        self.feed.find_text = text
        if text:
            self._find(DOWN)

    def action_mark(self) -> None:
        """Mark the event, or remove its mark."""
        event = self.event
        if event is not None:
            self.feed.marks = self.feed.marks ^ {event.cursor}

    def action_next_mark(self) -> None:
        self._go_to_mark(DOWN)

    def action_previous_mark(self) -> None:
        self._go_to_mark(UP)

    def _go_to_failure(self, step: int) -> None:
        if not self.feed.seek(_fails, step):
            self._seek(Flag("failure"), step, "failure")

    def _go_to_mark(self, step: int) -> None:
        event = self.event
        if event is None:
            return
        if step == DOWN:
            target = max((mark for mark in self.feed.marks if mark < event.cursor), default=None)
        else:
            target = min((mark for mark in self.feed.marks if mark > event.cursor), default=None)
        if target is None:
            self.say(f"no mark {_WAYS[step]}")
        else:
            self.show_around(target)

    def _find(self, step: int) -> None:
        # Asked of the store even where rows are loaded: the text may stand in a payload, which rows do not have.
        text = self.feed.find_text
        if text:
            self._seek(Word(text, is_quoted=True), step, f"“{visible(text, 40)}”")
        else:
            self.say(f"nothing to find yet: {self.key_of('explorer.find')}")

    def _seek(self, condition: Node, step: int, name: str) -> None:
        """Ask the store for the nearest event of the feed with one more condition, and go there."""
        session, event = self.session, self.event
        if session is None or event is None:
            return
        after = event.cursor
        order = Order.NEWEST_FIRST if step == DOWN else Order.OLDEST_FIRST
        selection = Selection(all_of((self.selection.condition, condition)), self.selection.range)

        def question(token: CancelToken) -> Iterator[Page]:
            yield session.search.page(selection, limit=1, token=token, order=order, after=after)

        def arrive(page: Page) -> None:
            if page.events:
                self.say("")
                self.show_around(page.events[0].cursor)
            else:
                self.say(f"no {name} {_WAYS[step]}")

        self.ask("seek", question, arrive)


def _fails(event: Event) -> bool:
    return is_failure(event.event_type, event.severity)
