"""Scrolling by the terminal: it moves the lines that stay, and only the new ones are written.

A line step then costs some hundred bytes where a repaint costs ten thousand, which is what a person feels on a slow
line. Textual has no such thing, so this reaches into it; with a version that was not tried, everything is repainted.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import TypeVar

from textual.driver import Driver
from textual.widget import Widget

from logtui.tui.driver import SshDriver

_TRIED = "8.2."
IS_TRIED = version("textual").startswith(_TRIED)

_MOST_BACKLOG = 4
"""Writes that may wait for the terminal: a line that stalls gets one repaint in the end, not every step."""
_LEAST_SAVED = 4
"""Lines that have to be saved to make it worth while."""

_Line = TypeVar("_Line")


def shift_between(before: Sequence[_Line], after: Sequence[_Line]) -> int:
    """Return by how many lines `before` moved up to become most of `after`; 0 if it did not just move."""
    if len(before) != len(after) or not before:
        return 0
    places = {line: y for y, line in enumerate(before)}
    shifts = [places[line] - y for y, line in enumerate(after) if line in places]
    shift = max(set(shifts), key=shifts.count, default=0)
    return shift if shifts.count(shift) - shifts.count(0) >= _LEAST_SAVED else 0


def shifted(lines: Sequence[_Line | None], shift: int) -> list[_Line | None]:
    """Return lines moved up by `shift` (down, if negative), with None where lines appear."""
    blank: list[_Line | None] = [None] * abs(shift)
    return [*lines[shift:], *blank] if shift > 0 else [*blank, *lines[:shift]]


def scroll(widget: Widget, lines: int) -> bool:
    """Have the terminal move the lines of a widget up (or down, if negative), ahead of the next frame.

    What was to be repainted moves along; the lines that appear hold nothing and are still to be refreshed.

    Returns:
        False if that is not possible now, and everything has to be repainted.
    """
    driver = widget.app._driver  # noqa: SLF001 - see above, also for all that follows
    if not IS_TRIED or not isinstance(driver, SshDriver) or not _is_alone(widget, lines, driver):
        return False
    region = widget.region
    widget._styles_cache.clear()  # noqa: SLF001
    pending = widget._repaint_regions  # noqa: SLF001
    pending |= {dirty.translate((0, -lines)) for dirty in pending}
    delete_or_insert = "M" if lines > 0 else "L"
    driver.write(
        f"\x1b[?2026h\x1b[0m\x1b[{region.y + 1};{region.bottom}r"
        f"\x1b[{region.y + 1};1H\x1b[{abs(lines)}{delete_or_insert}\x1b[r"
    )
    return True


def _is_alone(widget: Widget, lines: int, driver: Driver) -> bool:
    """Tell whether all that stands in these rows of the terminal is the widget, as it was painted last."""
    app, screen, region = widget.app, widget.screen, widget.region
    if app.screen is not screen or app._batch_count or screen._layout_required:  # noqa: SLF001
        return False
    if region.width != app.size.width or abs(lines) > region.height // 2:
        return False
    if isinstance(driver, SshDriver) and driver.backlog > _MOST_BACKLOG:
        return False
    return not any(
        place.overlaps(region)
        for other, (place, _) in screen._compositor.visible_widgets.items()  # noqa: SLF001
        if other is not widget and other not in widget.ancestors and not other.is_container
    )
