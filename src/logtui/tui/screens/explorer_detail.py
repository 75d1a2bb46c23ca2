"""The event detail in the explorer: which event it shows, its payload, and the event before it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from logtui.core import catalogue
from logtui.core.cancel import CancelToken
from logtui.core.event import Event
from logtui.core.page import Selection
from logtui.core.query.ast import ColumnRef, Literal, Term
from logtui.session import Session
from logtui.tui.screens.explorer_pivots import PivotActions
from logtui.tui.widgets.feed_messages import Opened

if TYPE_CHECKING:
    from logtui.tui.screens.event_detail import EventDetail

_NAME = "detail"


class DetailActions(PivotActions):
    """Reading one event whole."""

    _detail: EventDetail | None = None

    def on_feed_opened(self, message: Opened) -> None:
        """Open the detail on an event; its payload follows."""
        if self._detail is None:
            # Imported when it is first opened: the first frame does not need it.
            from logtui.tui.screens.event_detail import EventDetail

            self._detail = EventDetail(self, keymap=self.settings.keymap)
            # Kept when it closes: the next event opens without building it again.
            self.app.install_screen(self._detail, _NAME)
        self._show_event(message.event)
        self.app.push_screen(_NAME)

    def on_event_detail_wants(self, message: EventDetail.Wants) -> None:
        """Step through the feed without closing."""
        if message.step > 0:
            self.feed.action_down()
        else:
            self.feed.action_up()
        event = self.event
        if event is not None and self._detail is not None and event != self._detail.event:
            self._show_event(event)

    def on_event_detail_filter_leaf(self, message: EventDetail.FilterLeaf) -> None:
        """Narrow the query by a value of the event."""
        self.filter_on(message.ref, message.value, is_exclusion=message.exclude)

    def on_event_detail_wants_previous(self, message: EventDetail.WantsPrevious) -> None:
        """Look for the event of the same subject before this one."""
        session, event, detail = self.session, message.event, self._detail
        if session is not None and detail is not None:
            self.questions.ask(
                "previous",
                lambda token: _previous(session, event, token),
                lambda found: detail.show_previous(found, of=event.cursor),
                on_error=lambda error: detail.say(str(error)),
            )

    def _show_event(self, event: Event) -> None:
        session, detail = self.session, self._detail
        if session is None or detail is None:
            return
        entry = catalogue.load().get(event.event_type)
        detail.show(event, entry, now=self.clock())

        def show_whole(whole: Event | None) -> None:
            if whole is None:
                detail.say("the file that held this event is gone")
            elif detail.event is not None and detail.event.cursor == whole.cursor:
                detail.show(whole, entry, now=self.clock())

        self.questions.ask(
            "detail",
            lambda token: [session.search.event(event.cursor, token=token, place=event.place)],
            show_whole,
            on_error=lambda error: detail.say(str(error)),
        )


def _previous(session: Session, event: Event, token: CancelToken) -> Iterator[Event | None]:
    if event.subject is None:
        yield None
        return
    selection = Selection(Term(ColumnRef("subject"), (Literal(event.subject, is_quoted=True),)))
    page = session.search.page(selection, limit=1, token=token, after=event.cursor)
    found = page.events[0] if page.events else None
    yield None if found is None else session.search.event(found.cursor, token=token, place=found.place)
