"""What the filter form's inputs hold, in the form's place and looks, while nobody types in them.

Eight inputs cost as much to build as the rest of the screen; two painted lines cost nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from logtui.core.query.form import Form
from logtui.core.sanitise import visible
from logtui.tui.render import fitted

ROWS = (("type", "actor", "subject", "trace"), ("device", "ip", "since", "until"))
"""Which input stands where."""

TITLES = {"since": "from", "until": "to"}
"""Names of inputs that are not called like their fields."""

LABEL = 9
"""Cells of a label, the last one blank."""


class FilterStrip(Widget):
    """Labels and values in as many lines as the form has."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"filterstrip--label", "filterstrip--value"}
    DEFAULT_CSS = """
    FilterStrip { height: 2;
        & .filterstrip--label { text-style: dim; }
        & .filterstrip--value { background: $panel; }
        &:ansi .filterstrip--value { background: transparent; text-style: underline; }
    }
    """

    form: reactive[Form] = reactive(Form())
    """What the inputs hold."""
    is_ascii: reactive[bool] = reactive(False)
    """Whether the terminal shows ASCII only."""

    @dataclass
    class Clicked(Message):
        """The inputs are wanted."""

    def on_click(self) -> None:
        """With a mouse: type in them."""
        self.post_message(self.Clicked())

    def render_line(self, y: int) -> Strip:
        """Paint one row of inputs."""
        base = self.rich_style
        if y >= len(ROWS):
            return Strip.blank(self.size.width, base)
        label = base + self.get_component_rich_style("filterstrip--label", partial=True)
        value = self.get_component_rich_style("filterstrip--value")
        names = ROWS[y]
        room = max(0, self.size.width - LABEL * len(names))
        segments: list[Segment] = []
        for place, name in enumerate(names):
            width = room * (place + 1) // len(names) - room * place // len(names)
            title = TITLES.get(name, name).rjust(LABEL - 1)
            text = fitted(visible(str(getattr(self.form, name)), 400), width, self.is_ascii)
            segments += [Segment(f"{title} ", label), Segment(text, value)]
        return Strip(segments).adjust_cell_length(self.size.width, base)
