"""Which parts of the explorer have room on a terminal of so many rows. Pure."""

from __future__ import annotations

_ROOMY = 30
_LEAST_FOR_HISTOGRAM = 16
_HEADER, _QUERY, _HEADINGS = 1, 1, 1


def has_form(height: int) -> bool:
    """Tell whether the filter form is always shown; elsewhere it comes when it is asked for."""
    return height >= _ROOMY


def histogram_lines(height: int) -> int:
    """Return the lines of the histogram, bars and words; 0 where it is shown only while it has the focus."""
    if height < _LEAST_FOR_HISTOGRAM:
        return 0
    return 4 if height >= _ROOMY else 3


def lines_above_feed(height: int) -> int:
    """Return how many lines stand above the first event."""
    return _HEADER + _QUERY + 2 * has_form(height) + histogram_lines(height) + _HEADINGS
