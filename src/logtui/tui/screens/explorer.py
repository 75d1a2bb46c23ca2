"""The explorer: query line, filter form, histogram and feed of one store.

Composes and routes. What it knows is in `explorer_core`, what its keys do in the modules beside it.
"""

from __future__ import annotations

from contextlib import ExitStack

from textual.app import ComposeResult

from logtui.core.errors import LogtuiError
from logtui.tui.keymap import bindings
from logtui.tui.screens.explorer_coverage import CoverageActions
from logtui.tui.screens.explorer_detail import DetailActions
from logtui.tui.screens.explorer_dialogs import DialogActions
from logtui.tui.screens.explorer_export import ExportActions
from logtui.tui.screens.explorer_inputs import InputActions
from logtui.tui.screens.explorer_status import StatusActions
from logtui.tui.screens.explorer_views import ViewActions
from logtui.tui.widgets.coverage_strip import CoverageStrip
from logtui.tui.widgets.feed import Feed
from logtui.tui.widgets.feed_header import FeedHeader
from logtui.tui.widgets.filter_strip import FilterStrip
from logtui.tui.widgets.histogram import Histogram
from logtui.tui.widgets.query_bar import QueryBar
from logtui.tui.widgets.status_line import StatusLine

_FIRST_FRAME_SECONDS = 0.5
"""It is painted then in any case."""


class Explorer(InputActions, StatusActions, CoverageActions, DetailActions, DialogActions, ViewActions, ExportActions):
    """The main screen."""

    AUTO_FOCUS = "#feed"
    BINDINGS = bindings("explorer")

    def compose(self) -> ComposeResult:
        """Build the widgets; the filter form is built when it is first typed in."""
        self._first_frame = ExitStack()
        yield StatusLine(id="header")
        yield QueryBar(self.view.query, id="query")
        yield FilterStrip()
        yield Histogram()
        yield CoverageStrip()
        yield FeedHeader()
        yield Feed(id="feed")
        yield StatusLine(id="status")
        yield StatusLine(id="hints")

    def on_mount(self) -> None:
        """Show what is known at once, and ask for the rest."""
        self._first_frame.enter_context(self.app.batch_update())
        self.set_timer(_FIRST_FRAME_SECONDS, self._first_frame.close)
        self.show_columns()
        self.show_zone()
        self.begin_inputs()
        self.begin_status()
        self.fit_histogram()
        self.fit_form()
        self.open_store()

    def not_opened(self, error: LogtuiError) -> None:
        """End the program: there is nothing to show; the error is told when the terminal is back."""
        self.app.exit(error, return_code=1)

    def on_resize(self) -> None:
        """The terminal has another size."""
        self.fit_histogram()
        self.fit_form()
        # The feed has its size then, so that the first frame has rows.
        self.feed.call_later(self._first_frame.close)

    def action_next_part(self) -> None:
        """Put the focus on the next part of the screen."""
        self.focus_next()

    def action_previous_part(self) -> None:
        """Put the focus on the previous part of the screen."""
        self.focus_previous()

    def action_refresh(self) -> None:
        """Search again, with the present time."""
        self.search()

    async def action_quit(self) -> None:
        """Leave the program."""
        self.app.exit(return_code=0)

    def on_unmount(self) -> None:
        """Leave no thread behind."""
        self.stop_export()
        if self.live is not None:
            self.live.stop()
        if self.session is not None:
            self.session.engine.close()
        self.questions.close()
