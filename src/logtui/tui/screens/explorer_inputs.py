"""The query line and the filter form in the explorer: two views of one query, searched while they are typed in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual.timer import Timer

from logtui.core.errors import LogtuiError, QuerySyntaxError
from logtui.core.query.ast import Node
from logtui.core.query.edit import form_of
from logtui.core.view import View
from logtui.tui.heights import has_form
from logtui.tui.screens.explorer_core import ExplorerCore
from logtui.tui.widgets.feed import Feed
from logtui.tui.widgets.filter_strip import FilterStrip
from logtui.tui.widgets.query_bar import QueryBar

if TYPE_CHECKING:
    from logtui.tui.widgets.filter_form import FilterForm

_TYPING_SECONDS = 0.12
"""Between the last key and the search."""


class InputActions(ExplorerCore):
    """Typing a query, in either view."""

    _typing: Timer | None = None
    _typed: Node | None = None
    _typed_view: View | None = None
    _form: FilterForm | None = None
    """Built when it is first needed; until then, and without the focus, the strip stands for it."""

    @property
    def is_typing(self) -> bool:
        """Whether a search is about to begin."""
        return self._typing is not None

    def begin_inputs(self) -> None:
        """Give the query line what it completes from."""
        self.query_one(QueryBar).seen = self.seen
        self._show_form_of(self.view.query)

    def show_completions(self) -> None:
        """Show what may be typed next in the query line."""
        self.query_one(QueryBar).refresh_completions()

    def show_query(self) -> None:
        """Show the present query in the query line, in the form and in what stands for it."""
        self.query_one(QueryBar).show(self.view.query)
        self._show_form_of(self.view.query)

    def _show_form_of(self, query: Node) -> None:
        self.query_one(FilterStrip).form = form_of(query)
        if self._form is not None:
            self._form.show(query)

    def show_error(self, error: LogtuiError) -> None:
        """Show what went wrong, under the query line if it is about the query."""
        if isinstance(error, QuerySyntaxError):
            self.query_one(QueryBar).show_mistake(error)
        else:
            super().show_error(error)

    def action_query(self) -> None:
        # At once, not after what is queued: the query may already be on its way behind its key.
        bar = self.query_one(QueryBar)
        bar.invite()
        self.set_focus(bar.input)

    def action_form(self) -> None:
        """Put the inputs in the place of what stands for them, and go to the first one."""
        form = self._built_form()
        form.display = True
        self.query_one(FilterStrip).display = False
        self.call_after_refresh(form.focus_first)

    def on_filter_strip_clicked(self) -> None:
        """With a mouse: the same."""
        self.action_form()

    def action_leave(self) -> None:
        """Leave inputs; in the feed, forget the text to find and what was said."""
        if isinstance(self.focused, Feed):
            self.feed.find_text = ""
            self.say("")
        self._leave_inputs()

    def on_query_bar_query_changed(self, message: QueryBar.QueryChanged) -> None:
        """Search for what is typed, a moment after the last key."""
        self._show_form_of(message.query)
        self._search_soon(message.query, is_now=message.is_final)

    def on_filter_form_query_changed(self, message: FilterForm.QueryChanged) -> None:
        """Search for what the inputs mean, a moment after the last key."""
        self.query_one(QueryBar).show(message.query)
        self.query_one(FilterStrip).form = form_of(message.query)
        self._search_soon(message.query, is_now=message.is_final)

    def on_query_bar_left(self) -> None:
        """Back to the feed."""
        self._leave_inputs()

    def on_filter_form_left(self) -> None:
        """Back to the feed."""
        self._leave_inputs()

    def on_descendant_focus(self) -> None:
        """The form is shown as long as somebody types in it."""
        self.call_after_refresh(self.fit_form)

    def fit_form(self) -> None:
        """Show the filters where there is room for them and for the feed."""
        is_typed_in = self._form is not None and self._form.has_focus_within
        self.query_one(FilterStrip).display = has_form(self.size.height) and not is_typed_in
        if self._form is not None:
            self._form.display = is_typed_in

    def _built_form(self) -> FilterForm:
        if self._form is None:
            from logtui.tui.widgets.filter_form import FilterForm

            self._form = FilterForm(self.view.query)
            self._form.seen = self.seen
            self.mount(self._form, after=self.query_one(FilterStrip))
        return self._form

    def _leave_inputs(self) -> None:
        self._typed_view = None
        self.feed.focus()

    def _search_soon(self, query: Node, *, is_now: bool) -> None:
        self._typed = query
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
        if is_now:
            self._search_typed()
        else:
            self._typing = self.set_timer(_TYPING_SECONDS, self._search_typed)

    def _search_typed(self) -> None:
        self._typing = None
        if self._typed is None or self._typed == self.view.query:
            return
        view = replace(self.view, query=self._typed)
        if self.view is self._typed_view:
            # What is typed without a stop is one view to come back to, not one for each pause.
            self.history.amend(view)
        else:
            self.history.visit(view, self.reading)
        self._typed_view = view
        self.search()
