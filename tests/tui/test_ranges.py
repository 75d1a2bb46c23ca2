"""Windows of time move by their own width, in times that people can read."""

from __future__ import annotations

import pytest

from logtui.core.clock import HOUR, SECOND
from logtui.core.page import TimeRange
from logtui.tui.ranges import shifted
from tests.samples import NOW


@pytest.mark.parametrize("by", [-1, 1])
def test_a_window_moves_by_its_width(by: int) -> None:
    """An open end is now."""
    wanted = TimeRange(NOW - HOUR + by * HOUR, NOW + by * HOUR)

    assert shifted(TimeRange(NOW - HOUR, NOW), NOW + HOUR, by) == wanted
    assert shifted(TimeRange(NOW - HOUR, None), NOW, by) == wanted


def test_parts_of_seconds_are_for_short_windows_only() -> None:
    """Nothing of the window is lost to the rounding, and shifting back and forth leads back."""
    earlier = shifted(TimeRange(NOW - HOUR + 123, None), NOW + 456, -1)

    assert earlier == TimeRange(NOW - 2 * HOUR - SECOND, NOW - HOUR)
    assert shifted(TimeRange(NOW, NOW + 5), NOW, 1) == TimeRange(NOW + 5, NOW + 10)


def test_without_a_width_nothing_moves() -> None:
    """All time has no window beside it."""
    assert shifted(TimeRange(None, NOW), NOW, 1) is None
    assert shifted(TimeRange(NOW, NOW), NOW, 1) is None
