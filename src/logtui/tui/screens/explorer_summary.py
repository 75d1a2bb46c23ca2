"""How many events match, and why there may be none: asked after the page, never delaying it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

from textual.timer import Timer

from logtui.core.page import Fresh, Summary
from logtui.tui.counting import summaries
from logtui.tui.explanation import explanation
from logtui.tui.growth import grown
from logtui.tui.pace import Pace
from logtui.tui.screens.explorer_core import ExplorerCore

_RENEWAL_SECONDS = 2.0
"""Between two counts while live events cannot simply be added to the last one."""
_LIVE_SECONDS = 1.0
"""How often the histogram is painted with live events at most; the total in the status is always up to date."""


class SummaryActions(ExplorerCore):
    """Totals, histogram, explanations."""

    _came_while_counting: tuple[Fresh, ...] = ()
    _renewal: Timer | None = None

    def show_summary(self) -> None:
        """Show totals and histogram."""
        raise NotImplementedError

    def ask_summary(self) -> None:
        """Ask for the exact total and the histogram of the present selection, as far as the follower has come."""
        session, selection, within = self.session, self.selection, self.position
        if session is None:
            return
        columns = max(1, self.size.width)
        self._came_while_counting = ()
        self.questions.ask(
            "summary",
            lambda token: summaries(session, selection, columns, within, token),
            self._on_summary,
            on_error=self.show_error,
        )

    def forget_summary(self) -> None:
        """What was counted is not true any more; it is counted again with the next rows."""
        self.questions.withdraw("summary")
        self.summary = None

    def count_fresh(self, fresh: Fresh) -> None:
        """Add live events to the total, now or when it is known."""
        if self.questions.is_open("summary"):
            self._came_while_counting += (fresh,)
        elif self.summary is not None:
            self._add(fresh)
            self._growing.ask()

    @cached_property
    def _growing(self) -> Pace:
        return Pace(self, _LIVE_SECONDS, self._show_growth)

    def _show_growth(self) -> None:
        if self.summary is not None:
            self.show_summary()

    def _on_summary(self, summary: Summary) -> None:
        if self.summary is not None and summary.total < self.summary.total and not summary.is_exact:
            return  # the last one told more
        self.summary = summary
        if summary.is_exact:
            for fresh in self._came_while_counting:
                self._add(fresh)
        self.show_summary()

    def _add(self, fresh: Fresh) -> None:
        summary = self.summary and grown(self.summary, fresh)
        if summary is not None:
            self.summary = summary
            return
        if fresh.is_reset:
            self.summary = None
        elif self.summary is not None:
            self.summary = replace(self.summary, total=self.summary.total + fresh.count, is_exact=False)
        self._renewal = self._renewal or self.set_timer(_RENEWAL_SECONDS, self._renew)

    def _renew(self) -> None:
        self._renewal = None
        self.ask_summary()

    def explain_nothing(self) -> None:
        """Say in the feed why it is empty."""
        session, selection, query = self.session, self.selection, self.view.query
        if session is not None:
            self.questions.ask(
                "explain",
                lambda token: explanation(session, selection, query, self.key_of, token),
                self._show_explanation,
                on_error=self.show_error,
            )

    def _show_explanation(self, lines: tuple[str, ...]) -> None:
        if self.feed.row_count == 0:
            self.feed.message = lines
