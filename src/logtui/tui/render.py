"""One event as cells of a line: plain text, signs and the names of styles. No markup is parsed, ever.

Every text passes `sanitise.visible` here, and is cut to cells. Colours are names that the widget looks up, and each
colour comes with a sign.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size

from logtui.core.event import Event
from logtui.core.query.fold import fold
from logtui.core.sanitise import ascii_only, narrow, visible
from logtui.tui.anchoring import is_contested
from logtui.tui.layout import GAP, Layout, Slot
from logtui.tui.moments import Zone, age
from logtui.tui.signs import CATEGORIES, MISSING, SEVERITIES, category_sign, severity_sign

__all__ = ["CATEGORIES", "MISSING", "SEVERITIES", "STYLES", "Look", "Run", "age", "category_sign", "cell", "fitted",
           "line", "plain_line", "severity_sign", "times"]  # fmt: skip

TIMES = ("event_time", "ingested_at")

MARKED = "●"
LATE = "↓"

STYLES = tuple(
    dict.fromkeys(
        [
            *("text", "muted", "mark", "late", "match"),
            *(style for _, style in SEVERITIES.values()),
            *(style for _, style in CATEGORIES.values()),
        ]
    )
)
"""Names of all styles that runs may have."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text in one style."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a line depends on beside its event."""

    layout: Layout
    zone: Zone = Zone()
    is_ascii: bool = False
    needle: str = ""
    """Text to highlight, without regard to case."""


def line(event: Event, look: Look, *, is_marked: bool = False, is_late: bool = False) -> list[Run]:
    """Return an event's line as runs, as few as styles allow; their cells add up to the layout's."""
    sign, style = severity_sign(event.severity)
    signs = ((MARKED if is_marked else " ", "mark"), (LATE if is_late else " ", "late"), (sign, style))
    runs = [Run(ascii_only(sign) if look.is_ascii else sign, style) for sign, style in signs] + [Run(" ", style)]
    for slot in look.layout.slots:
        runs += [*_highlighted(cell(event, slot, look), look.needle), Run(" " * GAP, "text")]
    return _joined(runs[:-1])


def plain_line(event: Event, look: Look, *, is_marked: bool = False, is_late: bool = False) -> str:
    """Return a line's text alone."""
    return "".join(run.text for run in line(event, look, is_marked=is_marked, is_late=is_late))


def cell(event: Event, slot: Slot, look: Look) -> Run:
    """Return one value, cut or padded to its slot."""
    if slot.column in TIMES:
        at = event.event_time if slot.column == "event_time" else event.ingested_at
        text = MISSING if at is None else look.zone.moment(at, slot.width)
        return Run(fitted(text, slot.width, look.is_ascii), "muted")
    if slot.column == "event_type":
        sign, style = category_sign(event.event_type)
        return Run(fitted(f"{sign} {_shown(event.event_type, slot.width)}", slot.width, look.is_ascii), style)
    value: str | None = getattr(event, slot.column)
    style = severity_sign(value)[1] if slot.column == "severity" else "text"
    text = MISSING if value is None else _shown(value, slot.width)
    return Run(fitted(text, slot.width, look.is_ascii), style)


# -- times


def times(event: Event, look: Look) -> list[str]:
    """Return the shown times of an event: what changes as time goes by."""
    return [cell(event, slot, look).text for slot in look.layout.slots if slot.column in TIMES]


# -- text


def fitted(text: str, width: int, is_ascii: bool = False) -> str:
    """Return text of exactly `width` cells: padded, or cut with a sign that says so."""
    if is_ascii:
        text = ascii_only(text)
    cut = ("~" if is_ascii else "…")[:width]
    if text.isascii():
        return text.ljust(width) if len(text) <= width else text[: width - len(cut)] + cut
    text = narrow(text)
    if is_contested(text) and width > 1:
        # A blank more than the gap between columns tells where the cell ends.
        width, blank = width - 1, " "
    else:
        blank = ""
    if cell_len(text) <= width:
        return set_cell_size(text, width) + blank
    return set_cell_size(text, width - len(cut)) + cut + blank


def _shown(value: str, width: int) -> str:
    # More than fits, so that the cut is seen; far less than a hostile value may have.
    return visible(value[: 2 * width + 16]) if value else '""'


def _highlighted(run: Run, needle: str) -> Iterable[Run]:
    if not needle:
        return (run,)
    text, folded, wanted = run.text, fold(run.text), fold(needle)
    runs: list[Run] = []
    start = 0
    while (found := folded.find(wanted, start)) >= 0:
        runs += [Run(text[start:found], run.style), Run(text[found : found + len(wanted)], "match")]
        start = found + len(wanted)
    return (*runs, Run(text[start:], run.style))


def _joined(runs: Sequence[Run]) -> list[Run]:
    """Return neighbours of one style as one run; blanks take the style of what is before them, or else after."""
    first = next((run.style for run in runs if run.text.strip()), "text")
    joined = [Run("", first)]
    for run in runs:
        last = joined[-1]
        if run.style == last.style or not run.text.strip():
            joined[-1] = Run(last.text + run.text, last.style)
        else:
            joined.append(run)
    return joined
