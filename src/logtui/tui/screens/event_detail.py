"""One event, whole: overview, payload, raw text, and what changed since the previous event of its subject.

The explorer makes one `EventDetail(owner)`, calls `show(event, entry, now=…)` before and while it is open, and pushes
it; messages go to the owner, because messages of a screen do not reach the screen below. Show the listed event first
(its payload is None) and again with its payload: the screen does not wait for the store.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import ModalScreen

from logtui.core.catalogue import Entry
from logtui.core.diff import Difference, compare
from logtui.core.event import Cursor, Event
from logtui.core.json_text import text_pattern
from logtui.core.query.ast import FieldRef
from logtui.core.sanitise import narrow, visible
from logtui.core.times import format_utc
from logtui.tui import clipboard
from logtui.tui.finder import Finder
from logtui.tui.hints import hints
from logtui.tui.keymap import bindings
from logtui.tui.render import category_sign
from logtui.tui.screens.find import FindText
from logtui.tui.widgets.event_tabs import EventTabs
from logtui.tui.widgets.json_tree import JsonTree
from logtui.tui.widgets.lines import Lines
from logtui.tui.widgets.status_line import StatusLine

_COMPARED_AT_ONCE = 100_000
"""Characters of both payloads together; more are compared in a thread."""
_ROOMY = 16
"""Rows of a terminal that has room for hints."""


class EventDetail(ModalScreen[None], inherit_bindings=False):
    """The event under the cursor."""

    SCOPE: ClassVar[str] = "detail"
    """Where help begins when it is asked for from here."""
    BINDINGS: ClassVar[list[BindingType]] = bindings("detail")
    AUTO_FOCUS = ""
    DEFAULT_CSS = """
    EventDetail {
        background: $background;
        &:ansi { background: ansi_default; }
    }
    """

    @dataclass
    class Wants(Message):
        """The person wants the next (+1, older) or previous (-1) event instead."""

        step: int

    @dataclass
    class WantsPrevious(Message):
        """The changes tab wants the event of the same subject before this one; answer with `show_previous`."""

        event: Event

    @dataclass
    class FilterLeaf(Message):
        """The person wants only events with this value, or none of them; the detail closes. None: it is missing."""

        ref: FieldRef
        value: str | None
        exclude: bool

    @dataclass
    class Compared(Message):
        """Two large payloads were compared in a thread."""

        previous: Event
        of: Cursor
        difference: Difference

    def __init__(self, owner: MessagePump, *, keymap: Mapping[str, str] | None = None) -> None:
        """Make the screen; show an event before pushing it.

        Args:
            owner: gets `Wants`, `WantsPrevious` and `FilterLeaf`.
            keymap: the person's own keys, for the hints.
        """
        super().__init__()
        self._owner = owner
        self._keymap = keymap or {}
        self._shown: tuple[Event, Entry | None, int] | None = None
        self._find_text = ""
        self._finder = Finder(self.set_timer, self.say)
        self._title = StatusLine()
        self._tabs_line = StatusLine()
        self._tabs = EventTabs()
        self._status = StatusLine()
        self._keys = StatusLine()

    # -- for the owner

    def show(self, event: Event, entry: Entry | None, *, now: int) -> None:
        """Show an event, or its payload once it is read. Tab and place in it stay.

        Args:
            entry: what the catalogue says about its type.
            now: what its age is relative to.
        """
        self._shown = (event, entry, now)
        self._finder.stop()
        if self.is_mounted:
            self._tabs.show(event, entry, now)
            self._show_around()

    @property
    def event(self) -> Event | None:
        """The event that is shown."""
        return self._shown[0] if self._shown else None

    def show_previous(self, previous: Event | None, *, of: Cursor) -> None:
        """Show what changed since `previous` (with its payload); None: there is none. Ignored unless `of` is shown."""
        event = self.event
        if event is None or event.cursor != of or event.payload is None:
            return
        if previous is None or previous.payload is None:
            self._tabs.say_changes("this is the first event of its subject in the store")
        elif len(previous.payload) + len(event.payload) <= _COMPARED_AT_ONCE:
            self._tabs.show_changes(previous, compare(previous.payload, event.payload))
        else:
            work = partial(self._compare, previous, event)
            # Without a description, Textual makes one of the arguments: of megabytes, that takes a second.
            self.run_worker(
                work, thread=True, exclusive=True, group="compare", description="compare", exit_on_error=False
            )

    def say(self, text: str) -> None:
        """Show a message in the status line until the next move."""
        self._status.left = ((f" {narrow(visible(text, 500))}", "plain"),)

    # -- what is seen

    def compose(self) -> ComposeResult:
        yield self._title
        yield self._tabs_line
        yield self._tabs
        yield self._status
        yield self._keys

    def on_mount(self) -> None:
        if self._shown is not None:
            self._tabs.show(*self._shown)
        self._show_around()

    def on_resize(self) -> None:
        self._keys.display = self.size.height >= _ROOMY
        self._show_around()

    def _show_around(self) -> None:
        """Show title, names of the tabs, place and hints."""
        event = self.event
        if event is not None:
            sign, _ = category_sign(event.event_type)
            title = f" {sign} {narrow(visible(event.event_type, 200))}  {format_utc(event.event_time)}"
            self._title.left = ((title, "strong"),)
        self._tabs_line.left = tuple(
            (f" [{name}]", "strong") if name == self._tabs.tab else (f"  {name} ", "dim") for name in EventTabs.NAMES
        )
        scope = "tree" if isinstance(self._tabs.lines, JsonTree) else "detail"
        self._keys.left = ((f" {hints(scope, self._keymap, self.size.width - 1)}", "dim"),)
        self._show_place()

    def _show_place(self) -> None:
        lines = self._tabs.lines
        picked = lines.picked()
        self._status.left = ((f" {picked.name if picked else ''}", "plain"),)
        self._status.right = ((f" {lines.cursor + 1:,}/{max(1, lines.row_count):,} ", "dim"),)

    def on_lines_moved(self, message: Lines.Moved) -> None:
        message.stop()
        if message.lines is self._tabs.lines:
            self._show_place()

    # -- the previous event

    def on_event_tabs_changes_wanted(self, message: EventTabs.ChangesWanted) -> None:
        message.stop()
        self._owner.post_message(self.WantsPrevious(message.event))

    def _compare(self, previous: Event, event: Event) -> None:
        found = compare(previous.payload or "", event.payload or "")
        self.post_message(self.Compared(previous, event.cursor, found))

    def on_event_detail_compared(self, message: Compared) -> None:
        if self.event is not None and self.event.cursor == message.of:
            self._tabs.show_changes(message.previous, message.difference)

    # -- actions

    def action_next_event(self) -> None:
        self._owner.post_message(self.Wants(1))

    def action_previous_event(self) -> None:
        self._owner.post_message(self.Wants(-1))

    def action_next_tab(self) -> None:
        self._finder.stop()
        self._tabs.step(1)
        self._show_around()

    def action_previous_tab(self) -> None:
        self._finder.stop()
        self._tabs.step(-1)
        self._show_around()

    def action_overview(self) -> None:
        self._go_to("overview")

    def action_payload(self) -> None:
        self._go_to("payload")

    def action_raw(self) -> None:
        self._go_to("raw")

    def action_changes(self) -> None:
        self._go_to("changes")

    def _go_to(self, tab: str) -> None:
        self._finder.stop()
        self._tabs.go_to(tab)
        self._show_around()

    def action_find(self) -> None:
        self.app.push_screen(FindText(self._find_text), self._start_finding)

    def _start_finding(self, text: str | None) -> None:
        if text is None:
            return
        self._find_text = text
        self._tabs.mark(text_pattern(text) if text else None)
        if text:
            self._find(is_backwards=False)

    def action_find_next(self) -> None:
        self._find(is_backwards=False)

    def action_find_previous(self) -> None:
        self._find(is_backwards=True)

    def _find(self, *, is_backwards: bool) -> None:
        if not self._find_text:
            self.action_find()
            return
        self._finder.find(self._tabs.lines, self._find_text, is_backwards=is_backwards)

    def action_copy_value(self) -> None:
        picked = self._tabs.lines.picked()
        if picked is None:
            self.say("nothing to copy on this line")
            return
        text = self._tabs.lines.copied()
        text = clipboard.json_text(text) if picked.is_json else clipboard.value_text(text)
        self.say(clipboard.send(self.app, text, picked.name))

    def action_copy_path(self) -> None:
        picked = self._tabs.lines.picked()
        self.say(clipboard.send(self.app, picked.name, picked.name) if picked else "nothing to copy on this line")

    def action_copy_payload(self) -> None:
        payload = self.event.payload if self.event else None
        self.say(clipboard.send(self.app, clipboard.json_text(payload or ""), "the payload"))

    def action_include(self) -> None:
        self._filter(exclude=False)

    def action_exclude(self) -> None:
        self._filter(exclude=True)

    def _filter(self, *, exclude: bool) -> None:
        picked = self._tabs.lines.picked()
        if picked is None or picked.ref is None:
            self.say(picked.problem if picked else "nothing to filter on here")
            return
        self._owner.post_message(self.FilterLeaf(picked.ref, picked.value, exclude))
        self.dismiss(None)

    def action_close(self) -> None:
        self.dismiss(None)
