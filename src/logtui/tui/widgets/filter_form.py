"""The filter form: an input for each filter, another view of the same query."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.suggester import Suggester
from textual.widget import Widget
from textual.widgets import Input, Label

from logtui.core.errors import FormFieldError, UsageError
from logtui.core.query.ast import Node
from logtui.core.query.complete import complete
from logtui.core.query.form import FORM_FIELDS, Form, form_of, with_form
from logtui.core.sanitise import one_for_one, visible
from logtui.tui.keymap import bindings
from logtui.tui.widgets.filter_strip import ROWS, TITLES
from logtui.tui.widgets.safe_input import SafeInput
from logtui.tui.widgets.status_line import StatusLine


class FilterForm(Widget):
    """Two rows of inputs. What has no input in the query (negations, groups, words) is kept as it is."""

    BINDINGS = bindings("form")
    DEFAULT_CSS = """
    FilterForm { height: auto;
        & Horizontal { height: 1; }
        & Label { width: 9; color: $text-muted; text-align: right; padding-right: 1; }
        & Input { border: none; height: 1; padding: 0; width: 1fr; background: $panel; }
        & Input:focus { border: none; background: $surface-lighten-2; text-style: bold; }
        & #form-mistake { display: none; }
        & #form-mistake.-shown { display: block; }
    }
    FilterForm:ansi Input { background: transparent; text-style: underline; }
    FilterForm:ansi Input:focus { text-style: bold underline; }
    """

    @dataclass
    class QueryChanged(Message):
        """The inputs mean another query now."""

        query: Node
        is_final: bool = False

    @dataclass
    class Left(Message):
        """The person is done with the form."""

    seen: Callable[[str], Sequence[str]] = staticmethod(lambda _field: ())
    """Values that the store was seen to hold, for completion; the parent assigns it."""

    def __init__(self, query: Node, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._query = query

    def compose(self) -> ComposeResult:
        """Build the inputs."""
        form = form_of(self._query)
        for row in ROWS:
            with Horizontal():
                for name in row:
                    yield Label(TITLES.get(name, name), markup=False)
                    field = SafeInput(
                        str(getattr(form, name)),
                        id=f"form-{name}",
                        suggester=_FieldSuggester(name, lambda field: self.seen(field)),
                        select_on_focus=False,
                    )
                    field.cursor_blink = False
                    yield field
        yield StatusLine(id="form-mistake")

    def show(self, query: Node, *, keep_focused: bool = True) -> None:
        """Show another query, which the parent has chosen; what is being typed stays, unless told otherwise."""
        self._query = query
        form = form_of(query)
        with self.prevent(Input.Changed):
            for name in FORM_FIELDS:
                field = self.query_one(f"#form-{name}", Input)
                if not (keep_focused and field.has_focus):
                    field.value = str(getattr(form, name))
        self._show_mistake(None)

    def focus_first(self) -> None:
        """Put the focus into the first input."""
        self.query_one(Input).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Read the inputs at every change; only what parses leaves the form."""
        event.stop()
        query = self._read()
        if query is not None and query != self._query:
            self._query = query
            self.post_message(self.QueryChanged(query))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The inputs keep `enter` to themselves."""
        event.stop()
        self.action_submit()

    def action_submit(self) -> None:
        """Search at once and leave, unless an input is wrong."""
        query = self._read()
        if query is not None:
            self.post_message(self.QueryChanged(query, is_final=True))
            self.post_message(self.Left())

    def action_complete(self) -> None:
        """Take the completion; without one, go to the next input."""
        field = self._focused()
        before = field.value
        field.action_end()
        # At the end of its text, this takes what is suggested.
        field.action_cursor_right()
        if field.value == before:
            self.action_next_input()

    def action_next_input(self) -> None:
        """Go to the next input."""
        self._step(1)

    def action_previous_input(self) -> None:
        """Go to the previous input."""
        self._step(-1)

    def action_leave(self) -> None:
        """Leave; texts that are no values go back to what the query says."""
        self.show(self._query, keep_focused=False)
        self.post_message(self.Left())

    def _step(self, by: int) -> None:
        fields = list(self.query(Input))
        fields[(fields.index(self._focused()) + by) % len(fields)].focus()

    def _focused(self) -> Input:
        return next((field for field in self.query(Input) if field.has_focus), self.query(Input).first())

    def _read(self) -> Node | None:
        texts = {name: self.query_one(f"#form-{name}", Input).value for name in FORM_FIELDS}
        try:
            query = with_form(self._query, replace(Form(), **texts))
        except UsageError as mistake:
            self._show_mistake(mistake)
            return None
        self._show_mistake(None)
        return query

    def _show_mistake(self, mistake: UsageError | None) -> None:
        wrong = mistake.field if isinstance(mistake, FormFieldError) else None
        for name in FORM_FIELDS:
            self.query_one(f"#form-{name}", Input).set_class(name == wrong, "-invalid")
        line = self.query_one("#form-mistake", StatusLine)
        line.left = ((f"  {visible(str(mistake))}", "bad"),) if mistake else ()
        line.set_class(mistake is not None, "-shown")


class _FieldSuggester(Suggester):
    """Completes the last value of an input from the catalogue and from what the store holds."""

    def __init__(self, field: str, seen: Callable[[str], Sequence[str]]) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._field = field
        self._seen = seen

    async def get_suggestion(self, value: str) -> str | None:
        """Return the input with its last value completed, if there is a way to."""
        if not value:
            return None
        text = f"{self._field}:{value}"
        completion = complete(text, len(text), seen=self._seen)
        typed = text[completion.start : completion.end]
        for option in completion.options:
            # What cannot be seen cannot be chosen either.
            is_plain = one_for_one(option.text) == option.text
            if is_plain and option.text.startswith(typed) and option.text != typed:
                return (text[: completion.start] + option.text)[len(self._field) + 1 :]
        return None
