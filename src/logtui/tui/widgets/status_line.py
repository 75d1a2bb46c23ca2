"""One line of text with a left and a right part, painted without layout: for status and hints."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from logtui.core.sanitise import ascii_only, narrow, visible

Part = tuple[str, str]
"""Text and its style: one of `STYLES`. What was made visible before is as wide as was reckoned."""

STYLES = ("plain", "strong", "dim", "good", "warn", "bad", "key")


class StatusLine(Widget):
    """Shows `left` and `right`; where both have no room, the left one is cut."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"status--{style}" for style in STYLES}
    DEFAULT_CSS = """
    StatusLine { height: 1; width: 1fr;
        & .status--strong { text-style: bold; }
        & .status--dim { text-style: dim; }
        & .status--good { color: $text-success; text-style: bold; }
        & .status--warn { color: $text-warning; text-style: bold; }
        & .status--bad { color: $text-error; text-style: bold; }
        & .status--key { text-style: bold; color: $text-accent; }
    }
    """

    left: reactive[tuple[Part, ...]] = reactive[tuple[Part, ...]](())
    right: reactive[tuple[Part, ...]] = reactive[tuple[Part, ...]](())
    is_ascii: reactive[bool] = reactive(False)
    """Whether the terminal shows ASCII only."""

    def render_line(self, y: int) -> Strip:
        """Paint the line."""
        if y:
            return Strip.blank(self.size.width, self.rich_style)
        width = self.size.width
        right = self._segments(self.right)
        taken = sum(segment.cell_length for segment in right)
        left = Strip(self._segments(self.left)).adjust_cell_length(max(0, width - taken), self.rich_style)
        return Strip([*left, *right]).adjust_cell_length(width, self.rich_style)

    def _segments(self, parts: tuple[Part, ...]) -> list[Segment]:
        base = self.rich_style
        return [
            Segment(
                ascii_only(visible(text)) if self.is_ascii else narrow(visible(text)),
                base if style == "plain" else base + self.get_component_rich_style(f"status--{style}", partial=True),
            )
            for text, style in parts
            if text
        ]

    @property
    def text(self) -> str:
        """The whole line as text."""
        return "".join(text for text, _ in (*self.left, *self.right))


def width_of(parts: tuple[Part, ...]) -> int:
    """Return how many cells the parts need."""
    return sum(cell_len(text) for text, _ in parts)
