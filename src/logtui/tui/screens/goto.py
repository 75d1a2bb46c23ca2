"""Ask for a time, or for a range of times, in the words of the query language; what is understood is shown live.

`AskTime(now)` gives an instant in microseconds: a day means its last one, so that going there in the feed shows the
day below. `AskRange(since, until, now)` gives the two texts, as `since:` and `until:` take them; "" is open.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget
from textual.widgets import Input

from logtui.core.errors import UsageError
from logtui.core.sanitise import visible
from logtui.core.times import EXPECTED_TIME, Period, format_instant, parse_period
from logtui.tui.moments import age
from logtui.tui.screens.dialog import ASK_BINDINGS, Asking, Dialog
from logtui.tui.widgets.safe_input import SafeInput
from logtui.tui.widgets.status_line import StatusLine


class AskTime(Dialog[int], Asking[int | None]):
    """One time."""

    BINDINGS: ClassVar[list[BindingType]] = ASK_BINDINGS

    def __init__(self, now: int, *, text: str = "", keymap: Mapping[str, str] | None = None) -> None:
        super().__init__(keymap=keymap)
        self.add_class("-small")
        self._field = TimeField("", text, now)

    def body(self) -> tuple[Widget, ...]:
        return self._field.widgets

    def title_text(self) -> tuple[str, str]:
        return "go to a time", self.hint(ask_accept="go", dialog_close="close")

    def on_mount(self) -> None:
        self._field.begin()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._field.interpret()

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        period = self._field.period
        if period is not None:
            self.dismiss(period.start if period.is_instant else period.end - 1)


class AskRange(Dialog[tuple[str, str]], Asking[tuple[str, str] | None]):
    """Two times, either of which may stay open."""

    LEAST = (30, 7)
    BINDINGS: ClassVar[list[BindingType]] = ASK_BINDINGS

    def __init__(self, since: str, until: str, now: int, *, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__(keymap=keymap)
        self.add_class("-small")
        self._since = TimeField("from ", since, now)
        self._until = TimeField("to   ", until, now, is_end=True)

    def body(self) -> tuple[Widget, ...]:
        return (*self._since.widgets, *self._until.widgets)

    def title_text(self) -> tuple[str, str]:
        return "time range", self.hint(ask_next_input="other field", ask_accept="set", dialog_close="close")

    def on_mount(self) -> None:
        self._since.begin()
        self._until.begin()
        self._interpret()

    def on_input_changed(self, message: Input.Changed) -> None:
        message.stop()
        self._interpret()

    def _interpret(self) -> None:
        self._since.interpret()
        self._until.interpret()
        start, end = self._since.period, self._until.period
        if start is not None and end is not None and start.start >= end.end:
            self._until.refuse("the end is not after the beginning")

    def on_input_submitted(self, message: Input.Submitted) -> None:
        message.stop()
        if not (self._since.is_wrong or self._until.is_wrong):
            self.dismiss((self._since.text, self._until.text))


class TimeField:
    """An input for a time and the line below it that says what it means."""

    def __init__(self, label: str, text: str, now: int, *, is_end: bool = False) -> None:
        self._label = label
        self._now = now
        self._is_end = is_end
        self._first = visible(text, 100)
        self._input = SafeInput(
            placeholder=f"{label.strip() or 'time'}: 15m, yesterday, 09:30, 2026-10-04",
            compact=True,
        )
        self._input.cursor_blink = False
        self._meaning = StatusLine()
        self.period: Period | None = None
        """What the text means; None for nothing, and for what is not understood."""
        self.is_wrong = False

    @property
    def widgets(self) -> tuple[Widget, ...]:
        return (self._input, self._meaning)

    def begin(self) -> None:
        """Put in the text to begin with, which an input takes only once it belongs to an app."""
        self._input.value = self._first
        self.interpret()

    @property
    def text(self) -> str:
        return self._input.value.strip()

    def interpret(self) -> None:
        """Say what the text means."""
        self.period, self.is_wrong = None, False
        if not self.text:
            self._meaning.left = ((f"{self._label}any time", "dim"),)
            return
        try:
            self.period = parse_period(self.text, self._now)
        except UsageError:
            self.refuse(f"not a time; expected {EXPECTED_TIME}")
            return
        self._meaning.left = ((f"{self._label}{self._said(self.period)}", "good"),)

    def refuse(self, reason: str) -> None:
        """Say why the text cannot be taken."""
        self.is_wrong = True
        self._meaning.left = ((f"{self._label}{reason}", "bad"),)

    def _said(self, period: Period) -> str:
        at = period.end if self._is_end else period.start
        if not period.is_instant and not self._label:
            return f"the day {format_instant(period.start)[:10]}, to its end"
        ago = age(self._now - at)
        return f"{format_instant(at)}  {f'in {ago[1:]}' if at > self._now else f'{ago} ago'}"
