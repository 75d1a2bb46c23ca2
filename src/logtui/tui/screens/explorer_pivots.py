"""Actions that build the query from the row under the cursor, and take it apart again."""

from __future__ import annotations

from collections.abc import Callable

from logtui.core.columns import BY_NAME
from logtui.core.errors import UsageError
from logtui.core.event import Event
from logtui.core.query.ast import Around, ColumnRef, FieldRef, Node
from logtui.core.query.edit import conditions, exclude, include, pivot, without
from logtui.core.query.normal import EVERYTHING
from logtui.core.times import format_utc
from logtui.tui.screens.explorer_core import ExplorerCore
from logtui.tui.widgets.lines import MAX_ASKED

Edit = Callable[[Node, FieldRef, str | None], Node]
CONTEXT = "5m"
"""How much time before and after an event its context shows."""


class PivotActions(ExplorerCore):
    """Pivots, include and exclude, context, dropping conditions, back and forward."""

    def action_pivot_actor(self) -> None:
        self._pivot("actor")

    def action_pivot_subject(self) -> None:
        self._pivot("subject")

    def action_pivot_trace(self) -> None:
        self._pivot("trace_id")

    def action_pivot_device(self) -> None:
        self._pivot("device_id")

    def action_pivot_ip(self) -> None:
        self._pivot("ip")

    def action_pivot_type(self) -> None:
        self._pivot("event_type")

    def action_include(self) -> None:
        self._edit_with_cell(include)

    def action_exclude(self) -> None:
        self._edit_with_cell(exclude)

    def action_context(self) -> None:
        """Show everything around the event, with the reader still on it."""
        event = self.event
        if event is not None:
            self.go(Around(event.event_id, CONTEXT), at=event.cursor)

    def action_drop_condition(self) -> None:
        parts = conditions(self.view.query)
        if parts:
            self.go(without(self.view.query, parts[-1]))

    def action_drop_all(self) -> None:
        self.go(EVERYTHING)

    def action_back(self) -> None:
        self.step_history(-1)

    def action_forward(self) -> None:
        self.step_history(1)

    def filter_on(self, ref: FieldRef, value: str | None, *, is_exclusion: bool = False) -> None:
        """Narrow the query by a value that a dialog shows."""
        self._edit(exclude if is_exclusion else include, ref, value)

    def _pivot(self, column: str) -> None:
        event = self.event
        if event is None:
            return
        value = value_of(event, column)
        if value is None:
            self.say(f"this event has no {BY_NAME[column].title}")
            return
        self._edit(pivot, ColumnRef(column), value)

    def _edit_with_cell(self, edit: Edit) -> None:
        event, column = self.event, self.feed.cursor_column
        if event is None:
            return
        if BY_NAME[column].field is None:
            left, right = self.key_of("feed.left"), self.key_of("feed.right")
            self.say(f"{BY_NAME[column].title} is no field of the query; choose another cell with {left} and {right}")
            return
        self._edit(edit, ColumnRef(column), value_of(event, column))

    def _edit(self, edit: Edit, ref: FieldRef, value: str | None) -> None:
        if value is not None and len(value) > MAX_ASKED:
            self.say(f"longer than the {MAX_ASKED} characters that make a query: {len(value):,}")
            return
        try:
            query = edit(self.view.query, ref, value)
        except UsageError as error:
            self.show_error(error)
            return
        self.go(query)


def value_of(event: Event, column: str) -> str | None:
    """Return an event's value of a column as text; times as in exports."""
    value = getattr(event, column)
    if isinstance(value, int):
        return format_utc(value)
    return None if value is None else str(value)
