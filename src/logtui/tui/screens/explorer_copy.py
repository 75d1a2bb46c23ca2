"""Actions that copy: the event, its parts, the view as a command line and as SQL.

What makes the texts is imported with the first copy: the first frame does not need it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from logtui.core.columns import BY_NAME
from logtui.core.event import Event
from logtui.core.query.text import to_text
from logtui.tui.screens.explorer_core import ExplorerCore

if TYPE_CHECKING:
    from logtui.tui.clipboard import TooLarge


class CopyActions(ExplorerCore):
    """The chords that begin with `y`."""

    def action_copy_event(self) -> None:
        from logtui.tui import clipboard

        self._with_whole(lambda event: self._send(clipboard.event_text(event), "the event"))

    def action_copy_id(self) -> None:
        from logtui.tui import clipboard

        event = self.event
        if event is not None:
            self._send(clipboard.value_text(event.event_id), "the id")

    def action_copy_payload(self) -> None:
        from logtui.tui import clipboard

        self._with_whole(lambda event: self._send(clipboard.json_text(event.payload or ""), "the payload"))

    def action_copy_value(self) -> None:
        from logtui.tui import clipboard

        event, column = self.event, self.feed.cursor_column
        if event is not None:
            self._send(clipboard.value_text(getattr(event, column)), f"the {BY_NAME[column].title}")

    def action_copy_command(self) -> None:
        from logtui.tui import clipboard

        view = self.view
        columns = () if view.columns == self.settings.columns else view.columns
        text = clipboard.command_text(
            self.store, to_text(view.query), columns=columns, order=view.order, mapping=self.mapping
        )
        self._send(text, "the command line")

    def action_copy_sql(self) -> None:
        session = self.session
        if session is not None:
            self._send(session.display_sql(self.selection, self.view.columns), "the SQL")

    @property
    def mapping(self) -> Mapping[str, str]:
        """Names of the store's columns that the command line told, and the configuration does not."""
        told = self.session.mapping if self.session is not None else {}
        return {name: theirs for name, theirs in told.items() if self.settings.mapping.get(name) != theirs}

    def _send(self, text: str | TooLarge, what: str) -> None:
        from logtui.tui import clipboard

        self.say(clipboard.send(self.app, text, what))

    def _with_whole(self, use: Callable[[Event], None]) -> None:
        """Read the event with its payload, and use it."""
        session, event = self.session, self.event
        if session is None or event is None:
            return

        def arrive(whole: Event | None) -> None:
            if whole is None:
                self.say("the file that held this event is gone")
            else:
                use(whole)

        self.questions.ask(
            "copy",
            lambda token: [session.search.event(event.cursor, token=token, place=event.place)],
            arrive,
            on_error=self.show_error,
        )
