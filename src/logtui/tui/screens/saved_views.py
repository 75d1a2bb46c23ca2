"""Saved views: found by typing, opened, saved, renamed and deleted.

`Views(owner, here)` tells its owner what it wants by `Views.Load`, `Views.Save`, `Views.Rename` and `Views.Delete`; the
owner answers with `show(known)` and `fail(reason)`. It gives the view to open, or None.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget
from textual.widgets import Input

from logtui.core.columns import BY_NAME
from logtui.core.page import Order
from logtui.core.query.sentence import to_sentence
from logtui.core.query.text import to_text
from logtui.core.sanitise import narrow, visible
from logtui.core.view import SavedView, View
from logtui.services.views_toml import ViewList
from logtui.tui.actions import BY_ID
from logtui.tui.keymap import bindings, keys_label
from logtui.tui.screens.ask_name import AskName
from logtui.tui.screens.confirm import Confirm
from logtui.tui.screens.dialog import Dialog
from logtui.tui.widgets.lines import LED, Lines, Part
from logtui.tui.widgets.safe_input import SafeInput
from logtui.tui.widgets.status_line import StatusLine
from logtui.tui.widgets.text_lines import TextLines, wrapped

_NAME_CELLS = 28
"""Room for names before the queries begin; a longer one pushes its query to the right."""


class Views(Dialog[SavedView]):
    """The views of one person."""

    SCOPE = "views"
    BINDINGS: ClassVar[list[BindingType]] = bindings("views")

    class Load(Message):
        """The views are to be read."""

    @dataclass
    class Save(Message):
        """The present view shall be kept under this name."""

        name: str
        is_replacing: bool = False

    @dataclass
    class Rename(Message):
        """A view shall have another name."""

        old: str
        new: str

    @dataclass
    class Delete(Message):
        """A view shall go."""

        name: str

    def __init__(
        self, owner: MessagePump, here: View, name: str = "", *, keymap: Mapping[str, str] | None = None
    ) -> None:
        """Make the dialog.

        Args:
            owner: gets the messages.
            here: the present view.
            name: of the saved view that was opened last; saving begins with it.
        """
        super().__init__(keymap=keymap)
        self._owner = owner
        self._here = here
        self._opened_name = name
        self._known = ViewList()
        self._shown: Sequence[SavedView] = ()
        self._wanted = name
        self._notice = ""
        self._failure = ""
        self._input = SafeInput(placeholder="type to search", compact=True)
        self._input.cursor_blink = False
        self._lines = TextLines()
        self._lines.can_focus = False
        self._lines.add_class(LED)
        self._sentence, self._columns = StatusLine(), StatusLine()

    def body(self) -> tuple[Widget, ...]:
        return (self._input, self._lines, self._sentence, self._columns)

    def title_text(self) -> tuple[str, str]:
        count = len(self._known.views)
        shown = f"{len(self._shown):,} of {count:,}" if len(self._shown) < count else f"{count:,}"
        return "saved views", self._notice or f"{shown} view{'' if count == 1 else 's'}"

    def on_mount(self) -> None:
        self._lines.show([[("reading …", "dim")]])
        self._owner.post_message(self.Load())

    # -- for the owner

    def show(self, known: ViewList, name: str = "", notice: str = "") -> None:
        """Show what there is, with the cursor on the view of this name if there is one, and a word about it."""
        self._known = known
        self._wanted = name or self._wanted
        self._notice, self._failure = notice, ""
        self._search()

    def fail(self, reason: str) -> None:
        """Say why the file could not be read or written, until the next key."""
        self._notice, self._failure = "", narrow(visible(reason, 1_000))
        self._search()

    # -- the list

    def _search(self) -> None:
        words = self._input.value.casefold().split()
        self._shown = [saved for saved in self._known.views if _is_found(words, saved)]
        rows = [_row(saved, is_here=saved.view == self._here) for saved in self._shown]
        if not words:
            rows += [[("✗ ", "bad"), (narrow(visible(str(broken), 400)), "bad")] for broken in self._known.broken]
        names = [saved.name for saved in self._shown]
        self._lines.show(rows or self._nothing(), cursor=self._place(names))
        self.show_title()
        self._describe()

    def _place(self, names: Sequence[str]) -> int:
        return names.index(self._wanted) if self._wanted in names else 0

    def _nothing(self) -> list[list[Part]]:
        if self._failure:
            return wrapped([(self._failure, "bad")], self.room)
        if self._known.views:
            return [[(f'no view has "{visible(self._input.value, 40)}" in its name or query', "dim")]]
        return [[(f"no views yet: {keys_label(BY_ID['views.save'], self.keymap)} saves what the feed shows", "dim")]]

    @property
    def _chosen(self) -> SavedView | None:
        return self._shown[self._lines.cursor] if self._lines.cursor < len(self._shown) else None

    def _needed(self) -> SavedView | None:
        if self._chosen is None:
            self.say("no view on this line")
        return self._chosen

    def _describe(self) -> None:
        """Say in words what the view under the cursor shows."""
        saved = self._chosen
        view = saved.view if saved is not None else None
        sentence = narrow(visible(to_sentence(view.query), 400)) if view is not None else ""
        columns = ", ".join(BY_NAME[name].title for name in view.columns) if view is not None else ""
        # The feed is newest first whatever a view says.
        order = "oldest first on the command line   " if view is not None and view.order is Order.OLDEST_FIRST else ""
        if self._failure and self._shown:
            rows = ["".join(text for text, _ in row) for row in wrapped([(self._failure, "bad")], self.room)]
            self._sentence.left, self._columns.left = ((rows[0], "bad"),), (("".join(rows[1:2]), "bad"),)
            return
        self._sentence.left = ((sentence, "plain"),)
        self._columns.left = ((f"{order}columns {columns}" if view is not None else "", "dim"),)

    def on_lines_moved(self, message: Lines.Moved) -> None:
        super().on_lines_moved(message)
        self._describe()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._forget()
        saved = self._chosen
        self._wanted = saved.name if saved is not None else self._wanted
        self._search()

    def _forget(self) -> None:
        self._notice = self._failure = ""

    def action_next_view(self) -> None:
        self._forget()
        self._lines.action_down()

    def action_previous_view(self) -> None:
        self._forget()
        self._lines.action_up()

    def action_page_down(self) -> None:
        self._forget()
        self._lines.action_page_down()

    def action_page_up(self) -> None:
        self._forget()
        self._lines.action_page_up()

    # -- what can be done

    def action_open(self) -> None:
        saved = self._needed()
        if saved is not None:
            self.dismiss(saved)

    def action_save(self) -> None:
        """Ask for a name, and whether to replace the view that has it."""
        note = narrow(visible(to_text(self._here.query) or "all events", 200))
        self.app.push_screen(AskName("save this view as", self._opened_name, note, keymap=self.keymap), self._save)

    def _save(self, name: str | None) -> None:
        if name is None:
            return
        if name in self._known.names:
            self.ask_to_replace(name)
        else:
            self._owner.post_message(self.Save(name))

    def ask_to_replace(self, name: str) -> None:
        """Ask whether the view of this name may go."""

        def use(is_yes: bool | None) -> None:
            if is_yes:
                self._owner.post_message(self.Save(name, is_replacing=True))

        old = next((to_text(saved.view.query) for saved in self._known.views if saved.name == name), "")
        question = f"it was: {narrow(visible(old, 200)) or 'all events'}"
        self.app.push_screen(Confirm(f"replace “{_shown(name)}”?", question, keymap=self.keymap), use)

    def action_rename(self) -> None:
        """Ask for another name."""
        saved = self._needed()
        if saved is None:
            return
        old = saved.name

        def use(new: str | None) -> None:
            if new is not None and new != old:
                self._owner.post_message(self.Rename(old, new))

        self.app.push_screen(AskName(f"rename “{_shown(old)}” to", old, keymap=self.keymap), use)

    def action_delete(self) -> None:
        """Ask whether the view shall go."""
        saved = self._needed()
        if saved is None:
            return
        name = saved.name

        def use(is_yes: bool | None) -> None:
            if is_yes:
                self._owner.post_message(self.Delete(name))

        question = narrow(visible(to_text(saved.view.query) or "all events", 200))
        self.app.push_screen(Confirm(f"delete “{_shown(name)}”?", question, keymap=self.keymap), use)


def _is_found(words: Sequence[str], saved: SavedView) -> bool:
    searched = f"{saved.name} {to_text(saved.view.query)}".casefold()
    return all(word in searched for word in words)


def _row(saved: SavedView, *, is_here: bool) -> list[Part]:
    query = to_text(saved.view.query)
    return [
        ("▸ " if is_here else "  ", "good"),
        (f"{_shown(saved.name):<{_NAME_CELLS}}  ", "key"),
        (narrow(visible(query, 400)) or "all events", "plain" if query else "dim"),
    ]


def _shown(name: str) -> str:
    return narrow(visible(name, 80))
