"""The histogram of the filtered time: bars, a line of words below them, and a range to be chosen with keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from logtui.core import page
from logtui.core.buckets import spread
from logtui.tui.bars import axis_text, bars, bucket_at, edge, range_text, total_text
from logtui.tui.keymap import bindings
from logtui.tui.moments import Zone
from logtui.tui.render import fitted

_NOTHING = page.Histogram(0, 1, (0,))


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    chosen: tuple[int, int] | None = None
    """First cell and end of what is under the caret or in the selection; bars are one cell a character."""


class Histogram(Widget, can_focus=True):
    """Bars over time. With the focus it has a caret on one bucket, and a selection once `space` was pressed.

    The parent assigns what is counted; buckets are put together where there are more than columns.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {"histogram--bars", "histogram--chosen", "histogram--text"}
    """
    | class | is |
    |---|---|
    | `histogram--bars` | the bars |
    | `histogram--chosen` | the bars under the caret or in the selection |
    | `histogram--text` | the line of words |
    """

    DEFAULT_CSS = """
    Histogram {
        height: 4;
        & .histogram--bars { color: $primary; }
        & .histogram--chosen { color: $primary; text-style: reverse; }
        & .histogram--text { text-style: dim; }
        &:focus .histogram--text { text-style: bold; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings("histogram")

    summary: reactive[page.Summary | None] = reactive[page.Summary | None](None, init=False, repaint=False)
    """Total and counts; None while nothing is known."""
    span: reactive[tuple[int, int] | None] = reactive[tuple[int, int] | None](None, init=False, repaint=False)
    """The time that was asked for, start and end in microseconds; None: as far as the counts go."""
    zone: reactive[str] = reactive("utc", init=False, repaint=False)
    """How times are shown: utc, local or relative."""
    now: reactive[int] = reactive(0, init=False, repaint=False)
    """What relative times are relative to."""
    is_ascii: reactive[bool] = reactive(False, init=False, repaint=False)
    """Whether the terminal shows ASCII only."""
    caret: reactive[int] = reactive(0, init=False, repaint=False)
    """The bucket that is looked at, counted from the left."""
    origin: reactive[int | None] = reactive[int | None](None, init=False, repaint=False)
    """The bucket where the selection began; None without one."""

    @dataclass
    class RangeSelected(Message):
        """A range of time was chosen: `start <= t < end`."""

        histogram: Histogram
        start: int
        end: int

        @property
        def control(self) -> Histogram:
            return self.histogram

    @dataclass
    class Left(Message):
        """Nothing was chosen; the focus may go elsewhere."""

        histogram: Histogram

        @property
        def control(self) -> Histogram:
            return self.histogram

    def __init__(self, *, name: str | None = None, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002
        super().__init__(name=name, id=id, classes=classes)
        self._shown = _NOTHING
        self._lines: list[_Line] = []

    @property
    def shown_span(self) -> tuple[int, int] | None:
        """The time that the bars stand for, start and end in microseconds; None without bars."""
        shown = self._shown
        return None if shown is _NOTHING else (shown.start, shown.start + shown.bucket * len(shown.counts))

    # -- choosing

    def action_left(self) -> None:
        """One bucket earlier."""
        self._move_to(self.caret - 1)

    def action_right(self) -> None:
        """One bucket later."""
        self._move_to(self.caret + 1)

    def action_first(self) -> None:
        """To the earliest bucket."""
        self._move_to(0)

    def action_last(self) -> None:
        """To the latest bucket."""
        self._move_to(len(self._shown.counts) - 1)

    def action_select(self) -> None:
        """Start a selection at the caret, or give it up."""
        self.origin = self.caret if self.origin is None else None

    def action_apply(self) -> None:
        """Choose the selected buckets, or the one under the caret."""
        if self._shown is _NOTHING:
            return
        first, last = self._chosen
        start = self._shown.start
        bucket = self._shown.bucket
        self.origin = None
        self.post_message(self.RangeSelected(self, start + first * bucket, start + (last + 1) * bucket))

    def action_leave(self) -> None:
        """Give the selection up; without one, leave."""
        if self.origin is not None:
            self.origin = None
        else:
            self.post_message(self.Left(self))

    def watch_has_focus(self, has_focus: bool) -> None:
        """With the focus, put the caret on the latest bucket that has events; without it, show none."""
        super().watch_has_focus(has_focus)
        self.origin = None
        if has_focus:
            self.caret = self._latest
        self._repaint()

    def on_click(self, event: events.Click) -> None:
        """With a mouse: put the caret there."""
        self._move_to(bucket_at(event.x, len(self._shown.counts), self.size.width))

    def _move_to(self, bucket: int) -> None:
        self.caret = max(0, min(bucket, len(self._shown.counts) - 1))

    @property
    def _latest(self) -> int:
        """The latest bucket that has events."""
        filled = [number for number, count in enumerate(self._shown.counts) if count]
        return filled[-1] if filled else len(self._shown.counts) - 1

    @property
    def _chosen(self) -> tuple[int, int]:
        """First and last bucket of the selection, or of the caret."""
        origin = self.caret if self.origin is None else self.origin
        return min(origin, self.caret), max(origin, self.caret)

    # -- what is shown

    def on_resize(self) -> None:
        """Bring the counts into the new number of columns."""
        self._fit()

    def _fit(self) -> None:
        """Bring the counts into the columns there are; caret and selection stay at their times."""
        before = self._shown
        counts = self.summary.histogram if self.summary is not None else None
        if counts is None or not counts.counts:
            self._shown = _NOTHING
        else:
            start, end = self.span or (counts.start, counts.start + counts.bucket * len(counts.counts))
            self._shown = spread(counts, start, end, self.size.width)
        if before is _NOTHING:
            self.caret = self._latest
        else:
            self.caret = self._same_time(before, self.caret)
            self.origin = None if self.origin is None else self._same_time(before, self.origin)
        self._repaint()

    def _same_time(self, before: page.Histogram, bucket: int) -> int:
        at = before.start + bucket * before.bucket
        return max(0, min((at - self._shown.start) // self._shown.bucket, len(self._shown.counts) - 1))

    def _repaint(self) -> None:
        """Paint the lines that show something else now."""
        before, self._lines = self._lines, self._present_lines()
        changed = [y for y, line in enumerate(self._lines) if y >= len(before) or line != before[y]]
        if changed:
            self.refresh(*(Region(0, y, self.size.width, 1) for y in changed))

    watch_summary = watch_span = _fit
    watch_zone = watch_now = watch_is_ascii = watch_caret = watch_origin = _repaint

    # -- painting

    def _present_lines(self) -> list[_Line]:
        width, height = self.size
        if not (width and height):
            return []
        count = len(self._shown.counts)
        first, last = self._chosen
        chosen = (edge(first, count, width), edge(last + 1, count, width)) if self.has_focus else None
        texts = (
            [" " * width] * (height - 1)
            if self._shown is _NOTHING
            else bars(self._shown.counts, height=height - 1, width=width, is_ascii=self.is_ascii)
        )
        return [*(_Line(text, chosen) for text in texts), _Line(fitted(self._words(), width, self.is_ascii))]

    def _words(self) -> str:
        zone = Zone(self.zone, self.now)
        if self._shown is _NOTHING:
            return total_text(self.summary)
        if self.has_focus:
            return range_text(self._shown, *self._chosen, zone)
        return axis_text(self._shown, self.summary, zone, self.size.width)

    def render_line(self, y: int) -> Strip:
        """Paint one line: bars, and words in the last one."""
        if y >= len(self._lines):
            return Strip.blank(self.size.width, self.rich_style)
        line = self._lines[y]
        style = self._style("text" if y == len(self._lines) - 1 else "bars")
        if line.chosen is None:
            return Strip([Segment(line.text, style)])
        first, end = line.chosen
        parts = ((line.text[:first], style), (line.text[first:end], self._style("chosen")), (line.text[end:], style))
        return Strip([Segment(text, part_style) for text, part_style in parts if text])

    def _style(self, name: str) -> Style:
        return self.rich_style + self.get_component_rich_style(f"histogram--{name}", partial=True)
