"""One line under the histogram that tells which days are there: present, open, held, missing, dropped, unreadable."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.page import Day
from logtui.tui.coverage_cells import cells, is_telling
from logtui.tui.widgets.status_line import StatusLine


class CoverageStrip(StatusLine):
    """Shows days over the time of the histogram; hidden while there is nothing more to tell than that all is there."""

    DEFAULT_CSS = "CoverageStrip { display: none; }"

    def __init__(self) -> None:
        super().__init__()
        self._days: Sequence[Day] = ()
        self._span = (0, 0)

    @property
    def is_telling(self) -> bool:
        """Whether some day of the time is not simply there."""
        return is_telling(self._days, *self._span)

    def show(self, days: Sequence[Day], span: tuple[int, int] | None) -> None:
        """Take other days, and the time that the histogram shows; None while it shows none."""
        self._days = days
        self._span = span or (0, 0)
        self.repaint()

    def repaint(self) -> None:
        """Fit the days into the width there is."""
        self.left = cells(self._days, *self._span, self.size.width, is_ascii=self.is_ascii)

    def on_resize(self) -> None:
        self.repaint()
