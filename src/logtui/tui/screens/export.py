"""Export events into a file: what, how, where; then how far it has come, and what became of it.

`Export(owner, …)` tells its owner by `Export.Start` what to write and by `Export.Stop` that it shall end; the owner
answers with `show_step`, `show_done` and `show_failed`. It gives nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input

from logtui.core.errors import UsageError
from logtui.core.sanitise import narrow, visible
from logtui.services.export import FORMATS, ExportStep, format_of
from logtui.services.export_target import target_of
from logtui.tui.actions import BY_ID
from logtui.tui.keymap import bindings, key_label, keys_of
from logtui.tui.screens.confirm import Confirm
from logtui.tui.screens.dialog import Dialog
from logtui.tui.widgets.choice import Choice
from logtui.tui.widgets.lines import Part
from logtui.tui.widgets.safe_input import SafeInput
from logtui.tui.widgets.status_line import StatusLine
from logtui.tui.widgets.text_lines import TextLines

ALL, MARKED = "all", "marked"
EVERY_COLUMN, VIEW_COLUMNS = "every", "view"
_SUFFIXES = {form.name: form.suffixes for form in FORMATS}
_FILE_FORMATS = {name: _SUFFIXES[name] for name in ("csv", "ndjson", "json", "parquet")}
"""The formats that are offered, the one that most people open first."""


@dataclass(frozen=True, slots=True)
class ExportWish:
    """What a person wants to be written."""

    path: Path
    format: str
    what: str = ALL
    """`ALL` or `MARKED`."""
    columns: str = EVERY_COLUMN
    """`EVERY_COLUMN`, with the payload, or `VIEW_COLUMNS`."""
    may_replace: bool = False


class Export(Dialog[None]):
    """A form, and below it what it means or what happens."""

    SCOPE = "export"
    LEAST = (40, 9)
    BINDINGS: ClassVar[list[BindingType]] = bindings("export")
    DEFAULT_CSS = """
    Export > Vertical { height: 18; max-height: 100%; }
    """

    @dataclass
    class Start(Message):
        """The file shall be written."""

        wish: ExportWish

    class Stop(Message):
        """What is being written is not wanted any more."""

    def __init__(
        self,
        owner: MessagePump,
        store: Path,
        *,
        total: str,
        marks: int,
        suggest: Callable[[str], str],
        command: Callable[[ExportWish], str],
        copy: Callable[[str], str],
        first: ExportWish | None = None,
        keymap: Mapping[str, str] | None = None,
    ) -> None:
        """Make the dialog.

        Args:
            owner: gets the messages.
            store: what is read; nothing is written into it.
            total: how many events match, in words.
            marks: how many events are marked.
            suggest: a file name for a suffix.
            command: the command line that does the same.
            copy: sends a text to the clipboard and returns what to say about it.
            first: the last wish, to begin with.
        """
        super().__init__(keymap=keymap)
        self._owner, self._store, self._suggest, self._command, self._copy = owner, store, suggest, command, copy
        self._first = first
        self._format = Choice("format", [(name, name) for name in _FILE_FORMATS])
        marked = [(MARKED, f"{marks:,} marked")] if marks else []
        self._what = Choice("events", [(ALL, f"all of the feed: {total}"), *marked])
        self._columns = Choice("columns", [(EVERY_COLUMN, "all, with the payload"), (VIEW_COLUMNS, "as in the feed")])
        self._label = StatusLine()
        self._input = SafeInput(placeholder="file name", compact=True, select_on_focus=False)
        self._input.cursor_blink = False
        self._below = TextLines(wraps=True)
        self._below.can_focus = self._below.has_cursor = False
        self._result: list[list[Part]] = []
        self.is_exporting = False
        self.is_done = False

    def body(self) -> tuple[Widget, ...]:
        return (self._format, self._what, self._columns, self._label, self._input, StatusLine(), self._below)

    def title_text(self) -> tuple[str, str]:
        return "export events", "exporting" if self.is_exporting else ""

    def on_mount(self) -> None:
        first = self._first
        if first is not None:
            self._format.choose(first.format)
            self._columns.choose(first.columns)
            self._what.choose(first.what)
        self._input.value = self._suggest(_FILE_FORMATS[self._format.value][0])
        self._input.cursor_position = len(self._input.value)
        self._explain()

    # -- the form

    def _wish(self) -> ExportWish:
        """Return what the form says.

        Raises:
            UsageError: the file cannot be written there.
        """
        path = target_of(self._input.value, self._store)
        return ExportWish(path, self._format.value, self._what.value, self._columns.value)

    def _explain(self) -> None:
        """Say what the form means, or what is wrong with it."""
        focus: Part = ("▸ ", "key") if self._input.has_focus else ("  ", "key")
        try:
            wish = self._wish()
        except UsageError as error:
            self._label.left = (focus, ("file     ", "dim"), ("cannot be written there", "bad"))
            self._below.show(self._result or [[(_shown(str(error)), "bad")]])
            return
        self._label.left = (focus, ("file     ", "dim"), self._remark(wish.path))
        command: list[Part] = [("same as  ", "dim"), (_shown(self._command(wish)), "plain")]
        self._below.show(self._result or [command])

    def _remark(self, path: Path) -> Part:
        # What was typed may be relative, or begin with ~.
        name = "" if str(path) == self._input.value.strip() else f" {_shown(str(path))}"
        if self.is_done:
            return f"written{name}", "good"
        if path.exists():
            return f"is there already, and replaced only after a question{name}", "warn"
        return f"new{name}", "plain"

    def on_choice_changed(self, message: Choice.Changed) -> None:
        message.stop()
        if message.choice is self._format:
            path = self._input.value
            known = [suffix for suffixes in _FILE_FORMATS.values() for suffix in suffixes]
            stem = next((path.removesuffix(suffix) for suffix in known if path.endswith(suffix)), path)
            self._input.value = stem + _FILE_FORMATS[self._format.value][0]
        self._changed()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        with suppress(UsageError):  # a name that tells no format is fine, too
            self._format.choose(format_of(Path(message.value)))
        self._changed()

    def _changed(self) -> None:
        self._result, self.is_done = [], False
        self._explain()

    def on_descendant_focus(self) -> None:
        self._explain()

    def on_descendant_blur(self) -> None:
        self._explain()

    def action_next_field(self) -> None:
        self.focus_next()

    def action_previous_field(self) -> None:
        self.focus_previous()

    def action_copy_command(self) -> None:
        try:
            self.say(self._copy(self._command(self._wish())))
        except UsageError as error:
            self.say(str(error))

    # -- writing

    def action_start(self) -> None:
        """Write, after asking whether a file may be replaced; close when that is done."""
        if self.is_exporting:
            return
        if self.is_done:
            self.dismiss(None)
            return
        try:
            wish = self._wish()
        except UsageError:
            self._explain()
            self._input.focus()
            return
        if wish.path.exists():
            self._ask_to_replace(wish)
        else:
            self._start(wish)

    def _ask_to_replace(self, wish: ExportWish) -> None:
        def use(is_yes: bool | None) -> None:
            if is_yes:
                self._start(ExportWish(wish.path, wish.format, wish.what, wish.columns, may_replace=True))

        question = Confirm("replace this file?", _shown(str(wish.path)), keymap=self.keymap)
        self.app.push_screen(question, use)

    def _start(self, wish: ExportWish) -> None:
        self._set_running(is_exporting=True)
        self._below.show([[("begins …", "dim")]])
        self._owner.post_message(self.Start(wish))

    def action_close(self) -> None:
        """End what is being written; else close."""
        if not self.is_exporting:
            self.dismiss(None)
            return
        self._below.show([[("cancelling …", "warn")]])
        self._owner.post_message(self.Stop())

    def _set_running(self, *, is_exporting: bool) -> None:
        self.is_exporting = is_exporting
        for field in (self._format, self._what, self._columns, self._input):
            field.disabled = is_exporting
        self.show_title()

    # -- for the owner

    def show_step(self, step: ExportStep) -> None:
        """Show how far it has come."""
        progress = step.progress
        days = f", {progress.days_searched:,} of {progress.days_asked:,} days searched" if progress.days_asked else ""
        self._below.show(
            [
                [(f"{step.count:,} events written{days}", "warn")],
                [(f"{key_label(keys_of(BY_ID['dialog.close'], self.keymap)[0])} cancels", "dim")],
            ]
        )

    def show_done(self, lines: list[list[Part]]) -> None:
        """Show what became of it."""
        self.is_done = True
        self._end(lines)

    def show_failed(self, lines: list[list[Part]]) -> None:
        """Show why there is no file; the form can be changed and tried again."""
        self._end(lines)

    def _end(self, lines: list[list[Part]]) -> None:
        self._result = lines
        self._set_running(is_exporting=False)
        self._format.focus()
        self._explain()


def _shown(text: str) -> str:
    return narrow(visible(text, 2_000))
