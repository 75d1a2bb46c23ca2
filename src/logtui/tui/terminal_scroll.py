"""Lets the terminal itself move lines that are on it already, instead of sending them again.

A list that scrolls by a line changes every line of the screen: eight kilobytes that a slow connection feels at once.
With a scroll region (VT100: DECSTBM, IND, RI) the terminal moves what it shows, and only the new line is sent.

Textual has no such thing, so this looks at what it keeps to itself. Everything is in this module; where anything is
not as it should be, or in the way, nothing is scrolled and the lines are painted.
"""

from __future__ import annotations

import os

from textual.widget import Widget

from logtui.tui.driver import SshDriver

_TERMINALS_WITHOUT = ("dumb", "unknown", "")


def scroll_lines(widget: Widget, lines: int) -> bool:
    """Move what the terminal shows of a widget up by `lines` (down, if negative); tell whether that was done.

    The widget has to see to it that what comes in, and what was to be painted anyway, is painted at its new place.
    """
    region = widget.region
    if not 0 < abs(lines) < region.height or not _is_alone(widget):
        return False
    driver = widget.app._driver  # noqa: SLF001
    if not isinstance(driver, SshDriver) or driver.backlog or os.environ.get("TERM", "") in _TERMINALS_WITHOUT:
        return False
    top, bottom = region.y + 1, region.bottom
    # Index at the last line moves everything up, reverse index at the first one everything down.
    move = f"\x1b[{bottom};1H" + "\x1bD" * lines if lines > 0 else f"\x1b[{top};1H" + "\x1bM" * -lines
    driver.write(f"\x1b[0m\x1b[{top};{bottom}r{move}\x1b[r")
    # It keeps painted lines by their place.
    widget._styles_cache.clear()  # noqa: SLF001
    return True


def _is_alone(widget: Widget) -> bool:
    """Tell whether the widget is all that is to be seen in its lines, and as it was painted last."""
    screen, region = widget.screen, widget.region
    if widget.app.screen is not screen or region.x or region.width != widget.app.size.width:
        return False
    compositor = screen._compositor  # noqa: SLF001
    # What another widget has uncovered is to be painted at places that would have moved by then.
    if compositor._dirty_regions or screen._layout_required:  # noqa: SLF001
        return False
    return not any(
        place.intersection(clip).overlaps(region)
        for other, (place, clip) in compositor.visible_widgets.items()
        if other is not widget and other not in widget.ancestors
    )
