"""Counts of matching events: totals, histograms, most frequent values."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping

from logtui.core.cancel import CancelToken
from logtui.core.errors import UsageError
from logtui.core.page import Facet, FacetValue, Histogram, Summary, TimeRange
from logtui.storage.duckdb import questions
from logtui.storage.duckdb.reader import Inquiry, Reader, Vanished
from logtui.storage.duckdb.scope import Scope
from logtui.storage.duckdb.sql import all_of
from logtui.storage.duckdb.stride import Stride
from logtui.storage.duckdb.tally import Tally
from logtui.storage.inventory import Candidate
from logtui.storage.known_summaries import KnownSummaries
from logtui.storage.summary import KIND_COLUMNS
from logtui.storage.tops import TOP_COLUMNS
from logtui.storage.views import View
from logtui.storage.windows import next_target

_FIRST_WINDOW = 500_000
"""Events in the first window; later ones are as large as the time that they take allows."""
_FIRST_FILES = 64
_QUICKLY_READ = 1_000_000
"""Events that are counted exactly in little more time than an estimate takes."""
MOST_BUCKETS = 100_000
"""A histogram with more is a mistake of whoever asks."""


class Counting:
    """One count, in steps. Used by one thread."""

    def __init__(self, reader: Reader, view: View, scope: Scope, summaries: KnownSummaries, token: CancelToken) -> None:
        self._reader = reader
        self._view = view
        self._tally = Tally(reader, view, scope, summaries, token)
        self._scope = scope
        self._token = token

    def totals(self) -> Iterator[Summary]:
        """Yield running totals, newest days first; the last one is exact."""
        total = 0
        stride = self._tally.stride(None)
        if not self._scope.is_selective:
            total = self._from_footers()
        else:
            for window in self._windows(stride):
                total += self._tally.count(window)
                yield Summary(total, False, None, stride.progress)
        self._tally.end()
        yield Summary(total, True, None, stride.complete)

    def histograms(self, span: TimeRange, bucket: int) -> Iterator[Summary]:
        """Yield running totals and histograms over `span`, newest days first; the last one is exact."""
        counts: Counter[int] = Counter()
        stride = self._tally.stride(bucket)
        for window in self._windows(stride):
            counts.update(self._tally.buckets(window, bucket))
            yield Summary(counts.total(), False, _histogram(counts, span, bucket), stride.progress)
        self._tally.end()
        yield Summary(counts.total(), True, _histogram(counts, span, bucket), stride.complete)

    def facet(self, column: str, limit: int) -> Facet:
        """Return the most frequent values; ties in the order of the values, none of them last."""
        counts = self._tally.values(column) if column in KIND_COLUMNS else None
        found = self._ranked(column, limit) if counts is None else _ranked(counts, column, limit)
        self._tally.end()
        return found

    def estimate(self, column: str, limit: int) -> Facet | None:
        """Return what summaries tell of the most frequent values; None where they do not make it quicker."""
        merged = self._tally.tops(column) if column in TOP_COLUMNS else None
        found = None if merged is None else merged.facet(column, limit)
        if merged is None or found is None or (merged.rows <= _QUICKLY_READ and not found.is_exact):
            return None
        self._tally.end()
        return found

    def _ranked(self, column: str, limit: int) -> Facet:
        times = self._scope.times
        where = all_of([questions.during(times), self._scope.where])
        inquiry = Inquiry(times, lambda source: questions.ranking(source, where, column, limit), self._scope.where)
        rows = self._reader.ask(self._view, inquiry, self._token).rows
        values = tuple(FacetValue(value, count) for value, count, _ in rows)
        total = int(rows[0][2]) if rows else 0
        return Facet(column, values, total - sum(value.count for value in values), is_exact=True)

    def _windows(self, stride: Stride) -> Iterator[TimeRange]:
        """Yield windows, newest first, each as large as the time that the last one took allows."""
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
            return self._tally.count(times)
        return whole + (int(rows[0][0]) if rows else 0)


def _ranked(counts: Mapping[str | None, int], column: str, limit: int) -> Facet:
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
    values = tuple(FacetValue(value, count) for value, count in ranked[:limit])
    return Facet(column, values, sum(count for _, count in ranked[limit:]), is_exact=True)


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
