"""The coverage strip of the explorer: asked for after the rows, shown where it tells something."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from logtui.core.page import Day
from logtui.tui.pace import Pace
from logtui.tui.screens.explorer_histogram import HistogramActions
from logtui.tui.widgets.coverage_strip import CoverageStrip
from logtui.tui.widgets.histogram import Histogram

_LOOK_SECONDS = 5.0
"""How often to look at most: live events come several times a second, days once a day."""


class CoverageActions(HistogramActions):
    """Which days are there."""

    _days: Sequence[Day] = ()

    def show_summary(self) -> None:
        """Show totals and histogram, and the days below it."""
        super().show_summary()
        self.show_coverage()
        if self.summary is not None and self.summary.is_exact:
            self._looking.ask()

    @cached_property
    def _looking(self) -> Pace:
        return Pace(self, _LOOK_SECONDS, self._look)

    def _look(self) -> None:
        session = self.session
        if session is not None:
            self.questions.ask("coverage", lambda _: [session.days()], self._on_days, on_error=self.show_error)

    def _on_days(self, days: tuple[Day, ...]) -> None:
        if days != self._days:
            self._days = days
            self.show_coverage()

    def show_coverage(self) -> None:
        """Show the days of the histogram's time, if that tells more than the bars do."""
        strip, histogram = self.query_one(CoverageStrip), self.query_one(Histogram)
        strip.show(self._days, histogram.shown_span)
        if strip.display != (strip.is_telling and histogram.display):
            self.fit_histogram()

    def fit_histogram(self) -> None:
        """Give the histogram its lines; the strip takes the place of one of them, so that the feed does not move."""
        super().fit_histogram()
        strip, histogram = self.query_one(CoverageStrip), self.query_one(Histogram)
        strip.display = strip.is_telling and bool(histogram.display)
        if strip.display:
            height = histogram.styles.height
            histogram.styles.height = int(height.value) - 1 if height is not None else 2
