"""The query line: parses while it is typed, shows what could come next, and marks where a query is wrong.

A query that does not parse never leaves this widget: the last good result stays on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Label

from logtui.core.errors import QuerySyntaxError
from logtui.core.query.ast import Node
from logtui.core.query.complete import Completion, complete
from logtui.core.query.parser import parse
from logtui.core.query.text import to_text
from logtui.core.sanitise import visible
from logtui.tui.keymap import bindings
from logtui.tui.widgets.safe_input import SafeInput
from logtui.tui.widgets.status_line import Part, StatusLine, width_of

_PROMPT = "query "
_EXAMPLE = "for instance  is:failure type:sign_in.* since:24h"


class QueryBar(Widget):
    """An input of one line, and below it, while it has the focus, a line of completions or the mistake."""

    BINDINGS = bindings("query")
    DEFAULT_CSS = """
    QueryBar { height: auto;
        & Horizontal { height: 1; }
        & Label { width: auto; color: $text-muted; text-style: bold; }
        & Input { border: none; height: 1; padding: 0; width: 1fr; background: transparent; }
        & Input:focus { border: none; }
        & #query-hints { display: none; }
        & #query-hints.-shown { display: block; }
    }
    """

    @dataclass
    class QueryChanged(Message):
        """The text means another query now. `is_final`: the person is done typing."""

        query: Node
        is_final: bool = False

        def can_replace(self, message: Message) -> bool:
            """Of queries that nobody has looked at yet, only the last one counts."""
            return isinstance(message, QueryBar.QueryChanged) and not message.is_final

    @dataclass
    class Left(Message):
        """The person is done with the line."""

    seen: Callable[[str], Sequence[str]] = staticmethod(lambda _field: ())
    """Values that the store was seen to hold, for completion; the parent assigns it."""

    def __init__(self, query: Node, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._query = query
        self._completion = Completion(0, 0)
        self._chosen = 0
        self._mistake: QuerySyntaxError | None = None

    def compose(self) -> ComposeResult:
        """Build the input and the line below it."""
        with Horizontal():
            yield Label(_PROMPT, markup=False)
            field = SafeInput(to_text(self._query), placeholder=_EXAMPLE, id="query-input", select_on_focus=False)
            field.cursor_blink = False
            yield field
        yield StatusLine(id="query-hints")

    @property
    def input(self) -> Input:
        """The input itself."""
        return self.query_one(Input)

    @property
    def mistake(self) -> QuerySyntaxError | None:
        """What is wrong with the text, if anything."""
        return self._mistake

    def show(self, query: Node) -> None:
        """Show another query, which the parent has chosen."""
        self._query = query
        self._mistake = None
        with self.prevent(Input.Changed):
            self.input.value = to_text(query)
            self.input.cursor_position = len(self.input.value)
        self._refresh_hints()

    def invite(self) -> None:
        """Make room for the next condition: what is typed now does not continue the last one."""
        with self.prevent(Input.Changed):
            text = self.input.value.rstrip()
            self.input.value = f"{text} " if text and self._mistake is None else self.input.value
            self.input.cursor_position = len(self.input.value)

    def show_mistake(self, mistake: QuerySyntaxError) -> None:
        """Mark a place that only the engine could tell is wrong."""
        self._mistake = mistake
        self._refresh_hints()

    def refresh_completions(self) -> None:
        """More values are known than when the completions were made."""
        if self.input.has_focus and self._mistake is None:
            self._refresh_hints()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Parse at every change; only what parses leaves the bar."""
        event.stop()
        self._chosen = 0
        try:
            query = parse(event.value)
        except QuerySyntaxError as mistake:
            self._mistake = mistake
        else:
            self._mistake = None
            if query != self._query:
                self._query = query
                self.post_message(self.QueryChanged(query))
        self._refresh_hints()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The input keeps `enter` to itself."""
        event.stop()
        self.action_submit()

    def on_descendant_focus(self) -> None:
        self._refresh_hints()

    def on_descendant_blur(self) -> None:
        self._refresh_hints()

    def action_submit(self) -> None:
        """Search at once and leave, unless the query is wrong."""
        if self._mistake is None:
            self.post_message(self.QueryChanged(self._query, is_final=True))
            self.post_message(self.Left())

    def action_leave(self) -> None:
        """Leave; a text that does not parse goes back to the last query that did."""
        self.show(self._query)
        self.post_message(self.Left())

    def action_complete(self) -> None:
        """Take the chosen completion."""
        if not self._completion.options:
            return
        text, start, end = self.input.value, self._completion.start, self._completion.end
        option = self._completion.options[self._chosen].text
        self.input.value = text[:start] + option + text[end:]
        self.input.cursor_position = start + len(option)

    def action_next_option(self) -> None:
        """Choose the next completion."""
        self._choose(1)

    def action_previous_option(self) -> None:
        """Choose the completion before."""
        self._choose(-1)

    def _choose(self, step: int) -> None:
        if self._completion.options:
            self._chosen = (self._chosen + step) % len(self._completion.options)
            self._show_options()

    # -- the line below

    _HINT_STYLES: ClassVar[tuple[str, str]] = ("dim", "strong")

    def _refresh_hints(self) -> None:
        hints = self.query_one("#query-hints", StatusLine)
        hints.set_class(self.input.has_focus or self._mistake is not None, "-shown")
        if self._mistake is not None:
            hints.left = self._mistake_parts(self._mistake)
            return
        self._completion = complete(self.input.value, self.input.cursor_position, seen=self.seen)
        self._show_options()

    def _show_options(self) -> None:
        """Show the options around the chosen one, as many as there is room for, and what the chosen one means."""
        parts: list[Part] = [(" " * len(_PROMPT), "plain")]
        room = max(20, self.size.width - len(_PROMPT))
        options = self._completion.options[self._chosen :]
        for place, option in enumerate(options):
            meaning = f" {visible(option.meaning, 60)}" if place == 0 and option.meaning else ""
            added: list[Part] = [
                (visible(option.text, 60), "strong" if place == 0 else "dim"),
                (meaning, "dim"),
                ("  ", "plain"),
            ]
            if place and width_of((*parts, *added)) > room:
                break
            parts += added
        self.query_one("#query-hints", StatusLine).left = tuple(parts)

    def _mistake_parts(self, mistake: QuerySyntaxError) -> tuple[Part, ...]:
        """A caret under the place if it is visible, then what is wrong; beside the caret or before it."""
        column = len(_PROMPT) + mistake.column - int(self.input.scroll_offset.x)
        message = mistake.message
        # First what helps most: the line may be too short for all that could be expected.
        if mistake.suggestion:
            message += f"; did you mean {mistake.suggestion}?"
        if mistake.expected:
            message += f"; expected {mistake.expected}"
        message = visible(message, 400)
        caret = "^" * max(1, min(mistake.width, 20))
        if len(message) + 1 < column:
            return ((message.ljust(column), "bad"), (caret, "bad"))
        return ((" " * column, "plain"), (f"{caret} {message}", "bad"))
