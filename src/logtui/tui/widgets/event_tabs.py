"""The tabs of one event and what each shows, filled when it is first looked at."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget

from logtui.core.catalogue import Entry
from logtui.core.diff import Difference
from logtui.core.event import Event
from logtui.core.times import format_utc
from logtui.tui.event_fields import event_fields
from logtui.tui.moments import age
from logtui.tui.widgets.changes import Changes
from logtui.tui.widgets.json_tree import JsonTree
from logtui.tui.widgets.lines import Lines
from logtui.tui.widgets.overview import Overview
from logtui.tui.widgets.raw_text import RawText


class EventTabs(Widget):
    """Overview with the payload below it, payload, raw text, changes."""

    NAMES: ClassVar[tuple[str, ...]] = ("overview", "payload", "raw", "changes")
    DEFAULT_CSS = """
    EventTabs { height: 1fr; layout: vertical; }
    """

    @dataclass
    class ChangesWanted(Message):
        """The changes tab is looked at; `show_changes` or `say_changes` answers."""

        event: Event

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.tab = self.NAMES[0]
        self._event: Event | None = None
        self._filled: set[str] = set()
        self._overview = Overview()
        self._tree = JsonTree()
        self._raw = RawText()
        self._changes = Changes()
        self._all: tuple[Lines, ...] = (self._overview, self._tree, self._raw, self._changes)

    def compose(self) -> ComposeResult:
        yield from self._all

    @property
    def lines(self) -> Lines:
        """What the keys act on."""
        lines: dict[str, Lines] = {"payload": self._payload, "raw": self._raw, "changes": self._changes}
        return lines.get(self.tab, self._overview)

    @property
    def _payload(self) -> Lines:
        """The payload as a tree; as text if it is no JSON."""
        return self._raw if self._tree.json.broken else self._tree

    # -- for the owner

    def show(self, event: Event, entry: Entry | None, now: int) -> None:
        """Show another event, or the same one with its payload; tab and place stay."""
        self._event = event
        self._filled.clear()
        self._overview.show(event, event_fields(event, entry, now))
        self._tree.show(event.payload, note="reading the payload …")
        self._fill()

    def go_to(self, tab: str) -> None:
        """Show another tab."""
        self.tab = tab
        self._fill()

    def step(self, step: int) -> None:
        """Show a neighbour of the tab."""
        self.go_to(self.NAMES[(self.NAMES.index(self.tab) + step) % len(self.NAMES)])

    def mark(self, pattern: re.Pattern[str] | None) -> None:
        """Mark what is being looked for in all tabs."""
        for lines in self._all:
            lines.found = pattern
            lines.refresh()

    def say_changes(self, text: str) -> None:
        """Show a text in the changes tab."""
        self._changes.say(text)

    def show_changes(self, previous: Event, difference: Difference) -> None:
        """Show what changed since the previous event."""
        apart = age(self._event.event_time - previous.event_time) if self._event else ""
        since = f"since {previous.event_type}, {apart} before, at {format_utc(previous.event_time)}"
        verdict = difference.problem or ("" if difference.changes else "no leaf of the payload changed")
        self._changes.show(f"{verdict}; {since}" if verdict else since, difference)

    # -- filling

    def _fill(self) -> None:
        if self._event is None:
            return
        if self.tab == "raw" or self._tree.json.broken is not None:
            self._fill_once("raw")
        if self.tab == "changes":
            self._fill_once("changes")
        beside = {self._payload} if self.tab == "overview" else set()
        for lines in self._all:
            lines.display = lines is self.lines or lines in beside
        self.lines.focus()

    def _fill_once(self, tab: str) -> None:
        if tab in self._filled or self._event is None:
            return
        self._filled.add(tab)
        if tab == "raw":
            self._raw.show(self._event.payload, note=self._broken_note())
        elif self._event.subject is None:
            self._changes.say("the event has no subject, so there is nothing to compare it with")
        elif self._event.payload is None:
            self._changes.say("reading the payload …")
        else:
            self._changes.say("looking for the previous event of the same subject …")
            self.post_message(self.ChangesWanted(self._event))

    def _broken_note(self) -> str:
        broken, text = self._tree.json.broken, self._tree.json.text
        if broken is None:
            return ""
        return f"not JSON from character {broken.position + 1:,} on: expected {broken.expected}" if text else "empty"

    def on_lines_moved(self, message: Lines.Moved) -> None:
        """Fall back to the text when the tree turns out to be none; the message goes on to the screen."""
        if message.lines is self._tree and self._tree.json.broken is not None and "raw" not in self._filled:
            self._fill()
