"""More rows for the feed: the pages that continue it, its far end, and the rows around a place."""

from __future__ import annotations

from logtui.core.event import Cursor
from logtui.core.page import Order, Page
from logtui.tui.reading import count_above, surroundings
from logtui.tui.screens.explorer_core import ASKED_FOR, ExplorerCore
from logtui.tui.widgets.feed_messages import NeedsNewer, NeedsOlder, NeedsReload

PAGE = 500
"""Events of a page that continues the feed."""
IN_THE_BACKGROUND = ("summary", "position", "explain", "detail", "previous")
"""Groups that answer what nobody asked for; a person may still want to end one that takes long."""


class PagingActions(ExplorerCore):
    """Answers to what the feed asks for."""

    def show_summary(self) -> None:
        """Show totals and histogram."""
        raise NotImplementedError

    def on_feed_needs_older(self, message: NeedsOlder) -> None:
        """Load the page below the last row, part by part as it is found."""
        session, selection, end = self.session, self.selection, message.after
        if session is None or self.is_loading:
            # Answered all the same, so that the next move asks again: a tall terminal asks with its first rows.
            self.feed.extend_older((), has_older=True, after=message.after)
            return

        def extend(page: Page) -> None:
            nonlocal end
            self.progress = page.progress
            self.feed.extend_older(page.events, page.has_more or not page.is_final, after=end)
            end = page.events[-1].cursor if page.events else end

        after = message.after
        self.ask("older", lambda token: session.search.pages(selection, limit=PAGE, token=token, after=after), extend)

    def on_feed_needs_newer(self, message: NeedsNewer) -> None:
        """Load the page above the first row."""
        session, selection, after = self.session, self.selection, message.after
        if session is None or self.is_loading:
            self.feed.extend_newer((), has_newer=True, after=message.after)
            return
        self.ask(
            "newer",
            lambda token: [
                session.search.page(selection, limit=PAGE, token=token, order=Order.OLDEST_FIRST, after=after)
            ],
            lambda page: self.feed.extend_newer(tuple(reversed(page.events)), page.has_more, after=after),
        )

    def on_feed_needs_reload(self, message: NeedsReload) -> None:
        """The rows cannot be trusted any more: files went, or more came than was told."""
        self.reload(message.cursor)

    def on_feed_wants_newest(self) -> None:
        """Read again from the top."""
        self.reload()

    def on_feed_wants_oldest(self) -> None:
        """Read from the other end."""
        session, selection = self.session, self.selection
        if session is None:
            return

        def show(page: Page) -> None:
            events = tuple(reversed(page.events))
            last = events[-1].cursor if events else None
            total = self.summary.total if self.summary is not None and self.summary.is_exact else None
            above = None if total is None else max(0, total - len(events))
            self.feed.replace(events, has_older=False, has_newer=page.has_more, cursor=last, rows_above=above)
            self.add_what_came_meanwhile()

        self.ask(
            "jump",
            lambda token: [session.search.page(selection, limit=PAGE, token=token, order=Order.OLDEST_FIRST)],
            show,
            on_end=self.on_rows,
        )

    def show_around(self, at: Cursor) -> None:
        """Load the rows around a place of the present selection and put the reader there."""
        session, selection = self.session, self.selection
        if session is not None and not self.feed.select(at):
            self.ask(
                "jump",
                lambda token: [surroundings(session, selection, at, token)],
                self.show_surroundings,
                on_end=self.on_rows,
            )

    def ask_position(self) -> None:
        """Count the events above the first row: after a jump nobody knows how many there are."""
        session, selection, within = self.session, self.selection, self.position
        first = next(iter(self.feed.loaded), None)
        if session is None or first is None or not self.feed.has_newer:
            return
        waiting = self.feed.waiting

        def know(count: int) -> None:
            loaded = [event.cursor for event in self.feed.loaded]
            if first.cursor in loaded and self.feed.has_newer:
                self.feed.know_rows_above(count + self.feed.waiting - waiting - loaded.index(first.cursor))

        self.questions.ask(
            "position",
            lambda token: [count_above(session, selection, first.cursor, within, token)],
            know,
            on_error=self.show_error,
        )

    def cancel(self) -> bool:
        """Withdraw what is under way; return whether there was anything that a person would mean."""
        groups = [group for group in ASKED_FOR if self.questions.withdraw(group)]
        groups += [each for each in IN_THE_BACKGROUND if self.questions.is_noticeable(each)]
        for group in groups:
            self.questions.withdraw(group)
        if "search" in groups and (self.is_first_part or not self.feed.row_count):
            # The rows of the query before would be taken for those of the present one, and "searching" for the truth.
            self.is_first_part = False
            self.feed.replace((), has_older=True)
            self.feed.message = (f"The search was cancelled: {self.key_of('explorer.refresh')} searches again.",)
            self.summary = None
            self.show_summary()
        # What the feed had asked for it asks for again at the next move.
        if self.feed.has_older:
            self.feed.extend_older((), has_older=True)
        if self.feed.has_newer:
            self.feed.extend_newer((), has_newer=True)
        return bool(groups)
