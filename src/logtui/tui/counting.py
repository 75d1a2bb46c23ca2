"""How many events match, and when: running totals with a histogram that fits what shows it. Knows no screen."""

from __future__ import annotations

from collections.abc import Iterator

from logtui.core.buckets import choose_bucket
from logtui.core.cancel import CancelToken
from logtui.core.page import Selection, Summary, TimeRange
from logtui.session import Session
from logtui.storage.engine import Position


def summaries(
    session: Session, selection: Selection, columns: int, within: Position | None, token: CancelToken
) -> Iterator[Summary]:
    """Yield running totals, with a histogram of at most `columns` buckets over the asked time."""
    bounds = session.search.time_bounds(token=token)
    if bounds is None:
        yield from session.search.summary(selection, bucket=None, token=token, within=within)
        return
    times = selection.range.intersect(TimeRange(bounds[0], bounds[1] + 1))
    start, end = times.start or bounds[0], times.end or bounds[1] + 1
    bucket = None if times.is_empty else choose_bucket(start, end, columns)
    yield from session.search.summary(selection, bucket=bucket, token=token, within=within)
