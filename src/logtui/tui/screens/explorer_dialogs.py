"""The explorer's dialogs: what they are opened with, and what becomes of their answers.

They are imported when they are first opened: none of them is needed for the first frame.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from logtui.core.columns import BY_NAME, FACETS
from logtui.core.errors import LogtuiError, UsageError
from logtui.core.query.ast import ColumnRef, Since, Until
from logtui.core.query.edit import form_of, set_time, time_terms, with_form
from logtui.tui.screens.explorer_pivots import PivotActions
from logtui.tui.screens.explorer_seek import SeekActions
from logtui.tui.screens.explorer_times import TimeActions
from logtui.tui.widgets.feed_header import FeedHeader

if TYPE_CHECKING:
    from logtui.tui.screens.facet import FacetChoice, FacetValues
    from logtui.tui.widgets.column_list import Sized

_MOST_VALUES = 200
_LINES_OF_PALETTE = 10


class DialogActions(PivotActions, TimeActions, SeekActions):
    """Find, times, columns, values, problems, commands."""

    _facets: FacetValues | None = None

    def action_palette(self) -> None:
        from logtui.tui.palette import palette

        if self.size.height < _LINES_OF_PALETTE:
            self.say(f"needs {_LINES_OF_PALETTE} lines", "warn")
            return
        self.app.push_screen(palette(self.settings.keymap))

    def action_find(self) -> None:
        from logtui.tui.screens.find import FindText

        def use(text: str | None) -> None:
            if text is not None:
                self.find(text)

        self.app.push_screen(FindText(self.feed.find_text), use)

    def action_go_to_time(self) -> None:
        from logtui.tui.screens.goto import AskTime

        def use(time: int | None) -> None:
            if time is not None:
                self.go_to_time(time)

        self.app.push_screen(AskTime(self.clock(), keymap=self.settings.keymap), use)

    def action_set_range(self) -> None:
        from logtui.tui.screens.goto import AskRange

        form = form_of(self.view.query)
        self.app.push_screen(
            AskRange(form.since, form.until, self.clock(), keymap=self.settings.keymap), self._use_range
        )

    def _use_range(self, times: tuple[str, str] | None) -> None:
        if times is None:
            return
        # Other times (on:, around:) give way to the range that was set.
        is_plain = all(isinstance(term, Since | Until) for term in time_terms(self.view.query))
        query = self.view.query if is_plain else set_time(self.view.query)
        try:
            self.go(with_form(query, replace(form_of(query), since=times[0], until=times[1])))
        except UsageError as error:
            self.show_error(error)

    def action_columns(self) -> None:
        from logtui.tui.screens.columns import Columns

        self.app.push_screen(
            Columns(self._sized(self.view.columns), self._sized(self.settings.columns), keymap=self.settings.keymap),
            self._use_columns,
        )

    def _sized(self, columns: tuple[str, ...]) -> tuple[Sized, ...]:
        return tuple((name, self.feed.widths.get(name, BY_NAME[name].width)) for name in columns)

    def _use_columns(self, chosen: tuple[Sized, ...] | None) -> None:
        if not chosen:
            return
        columns = tuple(name for name, _ in chosen)
        # A column that has its usual width goes on sharing what room there is.
        widths = {name: width for name, width in chosen if width != BY_NAME[name].width}
        self.history.amend(replace(self.view, columns=columns))
        self.show_columns()
        self.feed.widths = self.query_one(FeedHeader).widths = widths

    def action_facets(self) -> None:
        from logtui.tui.screens.facet import FacetValues

        column = self.feed.cursor_column
        self._facets = FacetValues(self, column if column in FACETS else FACETS[0], keymap=self.settings.keymap)
        self.app.push_screen(self._facets, self._use_facet)

    def on_facet_values_wants(self, message: FacetValues.Wants) -> None:
        """Count the values of a column among the events of the feed."""
        session, selection, dialog = self.session, self.selection, self._facets
        if session is None or dialog is None:
            return

        def fail(error: LogtuiError) -> None:
            dialog.say(str(error))

        self.questions.ask(
            "facet",
            lambda token: session.search.facets(selection, message.column, limit=_MOST_VALUES, token=token),
            dialog.show,
            on_error=fail,
        )

    def _use_facet(self, choice: FacetChoice | None) -> None:
        self.questions.withdraw("facet")
        if choice is None:
            return
        if BY_NAME[choice.column].field is None:
            self.say(f"{BY_NAME[choice.column].title} is no field of the query")
        else:
            self.filter_on(ColumnRef(choice.column), choice.value, is_exclusion=choice.exclude)

    def action_retention(self) -> None:
        from logtui.session import open_retention
        from logtui.tui.screens.retention import RetentionScreen

        store = open_retention(self.store, clock=self.clock)
        self.app.push_screen(RetentionScreen(store, keymap=self.settings.keymap), lambda _: self.search(self.reading))

    def action_problems(self) -> None:
        from logtui.tui.screens.problems import Problems

        problems = self.session.engine.problems() if self.session is not None else ()
        self.app.push_screen(Problems(problems, keymap=self.settings.keymap))
