"""The headings of the feed's columns, in line with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from logtui.core.columns import BY_NAME, DEFAULT_FEED
from logtui.core.sanitise import ascii_only
from logtui.tui.layout import GUTTER, fit
from logtui.tui.moments import ZONE_NAMES
from logtui.tui.render import TIMES, fitted

NEWEST_FIRST = "▾"


class FeedHeader(Widget):
    """One line of headings. Given the feed's columns, widths and width, it finds the same layout as the feed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"feedheader--cell"}
    """
    | class | is |
    |---|---|
    | `feedheader--cell` | the heading of the column that is being read |
    """

    DEFAULT_CSS = """
    FeedHeader { height: 1; color: $text-muted; text-style: bold; }
    FeedHeader .feedheader--cell { text-style: bold underline; }
    """

    columns: reactive[tuple[str, ...]] = reactive(DEFAULT_FEED)
    """The columns of the feed."""
    widths: reactive[Mapping[str, int]] = reactive[Mapping[str, int]](dict)
    """Cells of the columns that the person sized."""
    zone: reactive[str] = reactive("utc")
    """How the feed shows times."""
    cursor_column: reactive[str] = reactive("")
    """The column that is being read."""
    is_ascii: reactive[bool] = reactive(False)
    """Whether the terminal shows ASCII only."""

    def render_line(self, y: int) -> Strip:  # noqa: ARG002 - there is one line
        """Paint the headings."""
        width = self.size.width
        layout = fit(self.columns, self.widths, width)
        style = self.rich_style
        chosen = style + self.get_component_rich_style("feedheader--cell", partial=True)
        # The gutter has no heading: it says how many columns have no room.
        hidden = f"+{len(layout.hidden)}" if layout.hidden else ""
        segments = [Segment(hidden.ljust(GUTTER), style)]
        for slot in layout.slots:
            if len(segments) > 1:
                segments.append(Segment(" ", style))
            heading = fitted(self._heading(slot.column), slot.width, self.is_ascii)
            segments.append(Segment(heading, chosen if slot.column == self.cursor_column else style))
        return Strip(segments).simplify().adjust_cell_length(width, style)

    def _heading(self, column: str) -> str:
        title = BY_NAME[column].title
        if column not in TIMES:
            return title
        zone = ZONE_NAMES.get(self.zone, self.zone)
        arrow = NEWEST_FIRST if column == "event_time" else ""
        return " ".join(filter(None, (title, ascii_only(arrow) if self.is_ascii else arrow, zone)))
