"""The histogram in the explorer: what it shows, where there is room for it, and the range that is chosen in it."""

from __future__ import annotations

from logtui.core.page import TimeRange
from logtui.tui.heights import histogram_lines
from logtui.tui.screens.explorer_summary import SummaryActions
from logtui.tui.screens.explorer_times import TimeActions
from logtui.tui.widgets.histogram import Histogram

_LEAST_LINES = 3


class HistogramActions(TimeActions, SummaryActions):
    """Counts over time."""

    def action_histogram(self) -> None:
        """Go to the histogram, to select a range by keys."""
        histogram = self.query_one(Histogram)
        histogram.display = True
        histogram.focus()

    def show_summary(self) -> None:
        """Show totals and histogram."""
        histogram = self.query_one(Histogram)
        start, end = self.selection.range.start, self.selection.range.end
        histogram.set_reactive(Histogram.span, None if start is None or end is None else (start, end))
        histogram.summary = self.summary
        self.refresh_status()

    def fit_histogram(self) -> None:
        """Give the histogram the lines that the terminal has for it."""
        histogram = self.query_one(Histogram)
        lines = histogram_lines(self.size.height)
        histogram.display = lines > 0 or histogram.has_focus
        histogram.styles.height = max(lines, _LEAST_LINES)

    def on_histogram_range_selected(self, message: Histogram.RangeSelected) -> None:
        """Search in the chosen range."""
        self.feed.focus()
        self.fit_histogram()
        self.set_range(TimeRange(message.start, message.end))

    def on_histogram_left(self) -> None:
        """Back to the feed."""
        self.feed.focus()
        self.fit_histogram()
