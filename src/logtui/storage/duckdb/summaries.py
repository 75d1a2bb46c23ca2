"""Counts of matching events: totals, histograms, most frequent values."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator

from logtui.core.cancel import CancelToken
from logtui.core.errors import UsageError
from logtui.core.page import Facet, FacetValue, Histogram, Order, Summary, TimeRange
from logtui.storage.duckdb import questions
from logtui.storage.duckdb.connection import Row
from logtui.storage.duckdb.reader import Inquiry, Reader, Vanished
from logtui.storage.duckdb.scope import Scope
from logtui.storage.duckdb.source import Source
from logtui.storage.duckdb.sql import Sql, all_of
from logtui.storage.duckdb.stride import Stride
from logtui.storage.inventory import Candidate
from logtui.storage.views import View
from logtui.storage.windows import next_target

_FIRST_WINDOW = 500_000
"""Events in the first window; later ones are as large as the time that they take allows."""
_FIRST_FILES = 64
MOST_BUCKETS = 100_000
"""A histogram with more is a mistake of whoever asks."""


class Counting:
    """One count, in steps. Used by one thread."""

    def __init__(self, reader: Reader, view: View, scope: Scope, token: CancelToken) -> None:
        self._reader = reader
        self._view = view
        self._scope = scope
        self._token = token
        self._stride = Stride(view, scope.times, Order.NEWEST_FIRST, by_files=scope.is_needle)

    def totals(self) -> Iterator[Summary]:
        """Yield running totals, newest days first; the last one is exact."""
        total = 0
        if not self._scope.is_selective:
            total = self._from_footers()
        else:
            for window in self._windows():
                total += self._count(window)
                yield Summary(total, False, None, self._stride.progress)
        self._reader.end(self._view, self._scope.times, self._token)
        yield Summary(total, True, None, self._stride.complete)

    def histograms(self, span: TimeRange, bucket: int) -> Iterator[Summary]:
        """Yield running totals and histograms over `span`, newest days first; the last one is exact."""
        counts: Counter[int] = Counter()
        for window in self._windows():
            counts.update(self._buckets(window, bucket))
            yield Summary(counts.total(), False, _histogram(counts, span, bucket), self._stride.progress)
        self._reader.end(self._view, self._scope.times, self._token)
        yield Summary(counts.total(), True, _histogram(counts, span, bucket), self._stride.complete)

    def facet(self, column: str, limit: int) -> Facet:
        """Return the most frequent values; ties in the order of the values, none of them last."""
        times = self._scope.times
        where = all_of([questions.during(times), self._scope.where])
        rows = self._ask(times, lambda source: questions.ranking(source, where, column, limit))
        values = tuple(FacetValue(value, count) for value, count, _ in rows)
        total = int(rows[0][2]) if rows else 0
        self._reader.end(self._view, times, self._token)
        return Facet(column, values, total - sum(value.count for value in values), is_exact=True)

    def _windows(self) -> Iterator[TimeRange]:
        """Yield windows, newest first, each as large as the time that the last one took allows."""
        stride = self._stride
        target: float = _FIRST_FILES if self._scope.is_needle else _FIRST_WINDOW
        while not stride.left.is_empty:
            planned = stride.plan(target)
            window = stride.window(planned)
            started = time.monotonic()
            stride.pass_window(planned)
            yield window
            target = next_target(max(planned.rows, target), time.monotonic() - started)

    def _from_footers(self) -> int:
        """Return the number of all events, reading only the files that are partly outside of the asked times."""
        times = self._scope.times
        whole, parts = 0, list[Candidate]()
        for candidate in self._view.candidates(times):
            facts = candidate.facts
            if facts.untimed is not None and facts.times.intersect(times) == facts.times:
                whole += facts.rows - facts.untimed
            else:
                parts.append(candidate)
        if not parts:
            return whole
        try:
            inquiry = Inquiry(times, lambda source: questions.counting(source, questions.during(times)))
            rows = self._reader.ask_of(parts, inquiry, self._token).rows
        except Vanished:
            self._view.renew()
            return self._count(times)
        return whole + (int(rows[0][0]) if rows else 0)

    def _count(self, window: TimeRange) -> int:
        where = all_of([questions.during(window), self._scope.where])
        rows = self._ask(window, lambda source: questions.counting(source, where))
        return int(rows[0][0]) if rows else 0

    def _buckets(self, window: TimeRange, bucket: int) -> dict[int, int]:
        where = all_of([questions.during(window), self._scope.where])
        return dict(self._ask(window, lambda source: questions.bucketing(source, where, bucket)))

    def _ask(self, window: TimeRange, ask: Callable[[Source], Sql]) -> list[Row]:
        return self._reader.ask(self._view, Inquiry(window, ask, self._scope.where), self._token).rows


def _histogram(counts: Counter[int], span: TimeRange, bucket: int) -> Histogram:
    numbers = list(counts)
    if span.start is not None:
        numbers.append(span.start // bucket)
    if span.end is not None:
        numbers.append((span.end - 1) // bucket)
    if not numbers:
        return Histogram(0, bucket, ())
    first, last = min(numbers), max(numbers)
    if last - first >= MOST_BUCKETS:
        raise UsageError(f"{last - first + 1:,} buckets are too many for a histogram; ask for wider ones")
    return Histogram(first * bucket, bucket, tuple(counts[number] for number in range(first, last + 1)))
