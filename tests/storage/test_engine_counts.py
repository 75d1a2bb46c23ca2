"""Totals, histograms, facets, bounds and coverage: exact where they say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.asking import DAY_ONE, add, event, last_summary, own_store, select

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR
from logtui.core.columns import FACETS
from logtui.core.errors import UsageError
from logtui.core.page import Day, DayState, FacetValue, Histogram
from logtui.storage.duckdb.engine import DuckDBEngine

TYPES = ("sign_in.created", "sign_in.failed", "session.ended")
EVENTS = [
    event(
        number * 5 * HOUR,
        f"evt_{number:03}",
        event_type=TYPES[number % 3],
        actor=None if number % 7 == 0 else f"user_{number % 4}",
    )
    for number in range(60)
]
"""Sixty events over twelve and a half days."""


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBEngine]:
    root = own_store(tmp_path_factory.mktemp("counts") / "store", EVENTS[::2])
    add(root, EVENTS[1::2])
    engine = DuckDBEngine(root)
    yield engine
    engine.close()


class TestTotals:
    def test_of_everything_are_exact_at_once(self, engine: DuckDBEngine) -> None:
        [summary] = engine.summary(select(""), bucket=None, token=CancelToken())

        assert (summary.total, summary.is_exact, summary.histogram) == (60, True, None)
        assert summary.progress.is_complete

    @pytest.mark.parametrize(
        "query",
        [
            "since:2026-10-02",
            "since:2026-10-02T03:00 until:2026-10-04T17:30",
            "until:2026-10-01T00:00",
            "since:2026-10-05 until:2026-10-02",
            "type:sign_in.*",
            "type:sign_in.failed since:2026-10-03T12:00",
            "actor:user_1",
            "-actor:*",
            "type:nothing",
        ],
    )
    def test_of_any_selection_are_the_events_found(self, engine: DuckDBEngine, query: str) -> None:
        pages = engine.pages(select(query), limit=None, token=CancelToken())
        expected = sum(len(page.events) for page in pages)

        assert last_summary(engine, query).total == expected
        assert last_summary(engine, query, bucket=HOUR).total == expected

    def test_only_rise(self, engine: DuckDBEngine) -> None:
        found = list(engine.summary(select("type:sign_in.*"), bucket=DAY, token=CancelToken()))

        assert [each.is_exact for each in found] == [False] * (len(found) - 1) + [True]
        assert [each.total for each in found] == sorted(each.total for each in found)


class TestHistogram:
    def test_counts_each_bucket_and_shows_empty_ones(self, engine: DuckDBEngine) -> None:
        histogram = last_summary(engine, bucket=2 * HOUR).histogram

        expected = Counter(each.event_time // (2 * HOUR) for each in EVENTS)
        assert histogram is not None
        assert histogram.start == DAY_ONE
        assert len(histogram.counts) == 59 * 5 // 2 + 1
        first = DAY_ONE // (2 * HOUR)
        assert list(histogram.counts) == [expected[first + number] for number in range(len(histogram.counts))]

    def test_covers_the_asked_range_whatever_matches(self, engine: DuckDBEngine) -> None:
        summary = last_summary(engine, "since:2026-10-02 until:2026-10-03 type:sign_in.failed", bucket=DAY)

        assert summary.histogram == Histogram(DAY_ONE + DAY, DAY, (1, 2))

    def test_begins_at_a_multiple_of_its_bucket(self, engine: DuckDBEngine) -> None:
        summary = last_summary(engine, "since:2026-10-02T07:10 until:2026-10-02T07:20", bucket=HOUR)

        assert summary.histogram == Histogram(DAY_ONE + DAY + 7 * HOUR, HOUR, (0,))

    def test_of_an_empty_store_is_empty(self, tmp_path: Path) -> None:
        engine = DuckDBEngine(own_store(tmp_path / "store"))

        assert last_summary(engine, bucket=HOUR).histogram == Histogram(0, HOUR, ())
        engine.close()

    def test_refuses_more_buckets_than_anybody_can_mean(self, engine: DuckDBEngine) -> None:
        with pytest.raises(UsageError, match="too many for a histogram"):
            last_summary(engine, bucket=1)


class TestFacet:
    def test_ranks_values_and_counts_the_others(self, engine: DuckDBEngine) -> None:
        facet = engine.facet(select(""), "actor", limit=2, token=CancelToken())

        expected = Counter(each.actor for each in EVENTS)
        ranked = sorted(expected.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
        assert facet.values == tuple(FacetValue(value, count) for value, count in ranked[:2])
        assert facet.other == 60 - sum(count for _, count in ranked[:2])
        assert facet.is_exact

    def test_counts_events_without_a_value(self, engine: DuckDBEngine) -> None:
        facet = engine.facet(select(""), "actor", limit=10, token=CancelToken())

        assert FacetValue(None, 9) in facet.values
        assert facet.other == 0

    def test_keeps_to_the_selection(self, engine: DuckDBEngine) -> None:
        facet = engine.facet(select("type:sign_in.*"), "event_type", limit=10, token=CancelToken())

        assert facet.values == (FacetValue("sign_in.created", 20), FacetValue("sign_in.failed", 20))

    @pytest.mark.parametrize("column", FACETS)
    def test_is_there_for_every_facet_column(self, engine: DuckDBEngine, column: str) -> None:
        facet = engine.facet(select(""), column, limit=100, token=CancelToken())

        assert sum(value.count for value in facet.values) == 60

    def test_of_nothing_is_empty(self, engine: DuckDBEngine) -> None:
        facet = engine.facet(select("type:nothing"), "actor", limit=5, token=CancelToken())

        assert (facet.values, facet.other) == ((), 0)


class TestBounds:
    def test_are_the_first_and_last_event(self, engine: DuckDBEngine) -> None:
        assert engine.time_bounds(token=CancelToken()) == (EVENTS[0].event_time, EVENTS[-1].event_time)

    def test_of_an_empty_store_are_none(self, tmp_path: Path) -> None:
        engine = DuckDBEngine(own_store(tmp_path / "store"))

        assert engine.time_bounds(token=CancelToken()) is None
        engine.close()


class TestCoverage:
    def test_shows_days_and_those_that_are_missing_between(self, tmp_path: Path) -> None:
        root = own_store(tmp_path / "store", [event(0), event(HOUR), event(3 * DAY)])
        add(root, [event(2 * HOUR)])
        engine = DuckDBEngine(root)

        coverage = engine.coverage()

        sizes = [sum(path.stat().st_size for path in (root / f"date=2026-10-0{day}").glob("*")) for day in (1, 4)]
        assert coverage.problems == ()
        assert coverage.days == (
            Day(DAY_ONE, DayState.PRESENT, 2, sizes[0]),
            Day(DAY_ONE + DAY, DayState.MISSING, 0, 0),
            Day(DAY_ONE + 2 * DAY, DayState.MISSING, 0, 0),
            Day(DAY_ONE + 3 * DAY, DayState.PRESENT, 1, sizes[1]),
        )
        engine.close()

    def test_of_files_without_days_comes_from_their_times(self, tmp_path: Path) -> None:
        times = pa.array([DAY_ONE, DAY_ONE + 2 * DAY], pa.timestamp("us", "UTC"))
        pq.write_table(pa.table({"ts": times, "id": ["a", "b"]}), tmp_path / "a.parquet")
        engine = DuckDBEngine(tmp_path)

        assert [(day.start - DAY_ONE) // DAY for day in engine.coverage().days] == [0, 1, 2]
        engine.close()
