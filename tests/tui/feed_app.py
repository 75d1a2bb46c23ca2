"""A ten-line app around one widget, and its screen as text."""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App, ComposeResult
from textual.message import Message
from textual.widget import Widget

from logtui.core.event import Event
from logtui.core.times import day_start

START = day_start("2026-10-04")
MINUTE = 60_000_000


class OneWidget(App[None]):
    """Shows one widget and remembers the names of the messages that it posts."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        self.widget = widget
        self.posted: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    def on_mount(self) -> None:
        self.widget.focus()

    @property
    def names(self) -> list[str]:
        """What the widget posted since the last look."""
        names = [type(message).__name__ for message in self.posted]
        self.posted.clear()
        return names

    def answer(self, message: Message) -> None:
        """Remember a message of the widget."""
        self.posted.append(message)

    @property
    def lines(self) -> list[str]:
        """The screen."""
        return [strip.text.rstrip() for strip in self.screen._compositor.render_strips()]

    def painted(self) -> Callable[[], list[int]]:
        """Return what tells which lines were painted since."""
        painted: list[int] = []
        render_line = self.widget.render_line

        def watched(y: int):  # type: ignore[no-untyped-def]
            painted.append(y)
            return render_line(y)

        self.widget.render_line = watched  # type: ignore[method-assign]
        return lambda: sorted(painted)


def event(number: int, severity: str = "info") -> Event:
    """Return the event of a minute."""
    return Event(START + number * MINUTE, f"evt_{number:05}", "user.created", severity, f"user_{number}", source="auth")


def events(newest: int, oldest: int) -> list[Event]:
    """Return the events from one minute down to another, both included."""
    return [event(number) for number in range(newest, oldest - 1, -1)]
