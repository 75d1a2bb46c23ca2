"""Totals and histogram that grow with live events, without asking the store again. Pure."""

from __future__ import annotations

from dataclasses import replace

from logtui.core.page import Fresh, Histogram, Summary

_MOST_BUCKETS = 10_000


def grown(summary: Summary, fresh: Fresh) -> Summary | None:
    """Return the summary with the new events counted; None when only a new one can tell."""
    if fresh.is_reset or fresh.count != len(fresh.events):
        return None
    histogram = summary.histogram
    if histogram is not None:
        histogram = _with(histogram, [event.event_time for event in fresh.events])
        if histogram is None:
            return None
    return replace(summary, total=summary.total + fresh.count, histogram=histogram)


def _with(histogram: Histogram, times: list[int]) -> Histogram | None:
    counts = list(histogram.counts)
    for time in times:
        place = (time - histogram.start) // histogram.bucket
        if place < 0 or place >= _MOST_BUCKETS:
            return None
        counts.extend([0] * (place + 1 - len(counts)))
        counts[place] += 1
    return replace(histogram, counts=tuple(counts))
