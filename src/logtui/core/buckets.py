"""Widths of histogram buckets: round steps that fit a number of columns, and counts brought into them. Pure."""

from __future__ import annotations

from logtui.core.clock import DAY, HOUR, MINUTE, SECOND
from logtui.core.page import Histogram

STEPS = (
    *(SECOND // 1000, SECOND // 100, SECOND // 10),
    *(seconds * SECOND for seconds in (1, 2, 5, 10, 15, 30)),
    *(minutes * MINUTE for minutes in (1, 2, 5, 10, 15, 30)),
    *(hours * HOUR for hours in (1, 2, 3, 6, 12)),
    *(days * DAY for days in (1, 7, 28, 91, 364)),
)
"""Bucket widths, rising. Those below a day divide it, so that buckets start at round times of the day."""


def choose_bucket(start: int, end: int, columns: int) -> int:
    """Return the smallest round width with which at most `columns` buckets cover `start <= t < end`.

    Spans that even the largest step does not cover get a multiple of it.
    """
    columns = max(1, columns)
    for step in STEPS:
        if covering(start, end, step) <= columns:
            return step
    return _multiple(start, end, STEPS[-1], columns)


def covering(start: int, end: int, bucket: int) -> int:
    """Return how many buckets, which start at multiples of `bucket`, cover `start <= t < end`; at least one."""
    return max(1, -(-end // bucket) - start // bucket)


def spread(histogram: Histogram, start: int, end: int, columns: int) -> Histogram:
    """Return the counts over `start <= t < end` in at most `columns` buckets, each a whole number of the given ones.

    Where the histogram says nothing the counts are 0; what it counts outside the span is left out.
    """
    bucket = _multiple(start, end, histogram.bucket, max(1, columns))
    first = start // bucket
    counts = [0] * covering(start, end, bucket)
    for number, count in enumerate(histogram.counts):
        at = (histogram.start + number * histogram.bucket) // bucket - first
        if 0 <= at < len(counts):
            counts[at] += count
    return Histogram(first * bucket, bucket, tuple(counts))


def _multiple(start: int, end: int, step: int, columns: int) -> int:
    """Return the smallest multiple of `step` with which at most `columns` buckets cover the span."""
    factor = max(1, (end - start) // (step * columns))
    while columns < covering(start, end, factor * step) and factor * step <= end - start:
        factor += 1
    return factor * step
