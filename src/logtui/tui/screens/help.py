"""All keys, as they are bound now, and the query language on one page; typing searches both.

`Help(scope, keymap)` begins with the keys of the place it was called from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from logtui.core.query.fields import FIELDS
from logtui.core.query.flags import FLAGS
from logtui.core.sanitise import visible
from logtui.tui.actions import ACTIONS, SCOPES
from logtui.tui.keymap import bindings, keys_label
from logtui.tui.query_help import EXAMPLES, FORMS
from logtui.tui.screens.dialog import Dialog
from logtui.tui.widgets.lines import Part
from logtui.tui.widgets.safe_input import SafeInput
from logtui.tui.widgets.text_lines import TextLines

AROUND: Mapping[str, tuple[str, ...]] = {
    "feed": ("feed", "explorer"),
    "explorer": ("explorer", "feed"),
    "detail": ("detail", "tree", "lines"),
    "tree": ("tree", "detail", "lines"),
    "lines": ("lines", "dialog"),
    "columns": ("columns", "lines", "dialog"),
    "facet": ("facet", "lines", "dialog"),
    "retention": ("retention", "lines", "dialog"),
    "views": ("views", "dialog"),
    "export": ("export", "choice", "dialog"),
    "histogram": ("histogram", "explorer"),
}
"""Scope -> the scopes whose keys are live there."""

EDITING = (
    ("← → ctrl+← ctrl+→", "one character, one word"),
    ("home ctrl+a", "the beginning of the text"),
    ("end ctrl+e", "the end of the text"),
    ("backspace del ctrl+d", "delete the character before, under the cursor"),
    ("ctrl+w", "delete the word before the cursor"),
    ("ctrl+u ctrl+k", "delete all before, all behind the cursor"),
    ("shift+← shift+→ ctrl+x ctrl+v", "select, cut, put in again"),
)
"""Keys of every input, as in a shell. Textual has them, so that no keymap changes them."""
PALETTE = (
    ("↑ ↓ pgup pgdn", "choose an action"),
    ("enter", "run it"),
    ("esc", "close"),
)
"""Keys of the command palette, which is Textual's own."""

Entry = tuple[str, str]
"""What is written or pressed, and what it means."""


class Help(Dialog[None]):
    """A page that is searched by typing."""

    BINDINGS: ClassVar[list[BindingType]] = bindings("lines")

    def __init__(self, scope: str = "feed", keymap: Mapping[str, str] | None = None) -> None:
        """Make the page.

        Args:
            scope: where the focus is; its keys come first.
            keymap: the person's own keys.
        """
        super().__init__(keymap=keymap)
        self._sections = tuple(sections(scope, self.keymap))
        self._input = SafeInput(placeholder="type to search", compact=True)
        self._input.cursor_blink = False
        self._lines = TextLines(wraps=True)

    def body(self) -> tuple[Widget, ...]:
        return (self._input, self._lines)

    def title_text(self) -> tuple[str, str]:
        return "keys and queries", self.hint(dialog_close="close")

    def on_mount(self) -> None:
        self._search("")

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._search(message.value)

    def _search(self, text: str) -> None:
        rows: list[list[Part]] = []
        for heading, entries in self._sections:
            found = [entry for entry in entries if _is_found(text, heading, entry)]
            if found:
                rows += [[(heading, "head")], *([("  ", "plain"), *_row(entry)] for entry in found), [("", "plain")]]
        self._lines.show(rows[:-1] or [[(f'nothing about "{visible(text, 40)}"', "dim")]])

    # The input has the focus, so the list's keys that it does not take are passed on.

    def action_down(self) -> None:
        self._lines.action_down()

    def action_up(self) -> None:
        self._lines.action_up()

    def action_page_down(self) -> None:
        self._lines.action_page_down()

    def action_page_up(self) -> None:
        self._lines.action_page_up()


def sections(scope: str, keymap: Mapping[str, str]) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """Yield heading and entries of every section, the keys that are live in `scope` first."""
    near = AROUND.get(scope, (scope,))
    for name in (*near, *(name for name in SCOPES if name not in near)):
        entries = tuple((keys_label(action, keymap), action.meaning) for action in ACTIONS if action.scope == name)
        yield SCOPES[name], entries
    yield "Any input", EDITING
    yield "Command palette", PALETTE
    yield "Query: fields", tuple((f"{name}:", meaning) for name, meaning in FIELDS.items())
    yield "Query: values", FORMS
    yield "Query: is:", tuple((f"is:{name}", meaning) for name, meaning in FLAGS.items())
    yield "Query: examples", EXAMPLES


def _is_found(text: str, heading: str, entry: Entry) -> bool:
    searched = " ".join((heading, *entry)).lower()
    return all(word in searched for word in text.lower().split())


def _row(entry: Entry) -> list[Part]:
    name, meaning = entry
    return [(f"{visible(name, 200):<18}  ", "key"), (meaning, "plain")]
