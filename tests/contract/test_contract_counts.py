"""Every promise of `Engine.summary` and `Engine.facet`, for every engine."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from tests.contract.conftest import COUNTING_MAKERS, Maker, OpenStores
from tests.contract.stored import expected
from tests.query_strategies import BASE, nodes

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, MINUTE, frozen_clock
from logtui.core.columns import FACETS
from logtui.core.errors import Cancelled, UnsupportedQueryError
from logtui.core.page import FacetValue, Selection, Summary, TimeRange
from logtui.core.query.ast import ColumnRef, Node, Regex, Term
from logtui.core.query.parser import parse
from logtui.services.search import Search
from logtui.storage.engine import Engine

WEEK = TimeRange(BASE - 5 * DAY, BASE + 2 * DAY)
SELECTIONS = {
    "everything": Selection(),
    "a week": Selection(range=WEEK),
    "types of a week": Selection(parse("type:sign_in.*"), WEEK),
    "odd ends": Selection(range=TimeRange(BASE - DAY + 7, BASE + 11)),
    "open start": Selection(range=TimeRange(None, BASE)),
    "open end": Selection(parse("-actor:*"), TimeRange(BASE - DAY, None)),
    "nobody": Selection(parse("actor:nobody"), WEEK),
    "reversed": Selection(range=TimeRange(BASE, BASE - DAY)),
    "leaves": Selection(parse("p.n:1 OR 2ab")),
}


@pytest.fixture(params=COUNTING_MAKERS, scope="module")
def maker(request: pytest.FixtureRequest) -> Maker:
    return COUNTING_MAKERS[request.param]


def summaries(engine: Engine, selection: Selection, bucket: int | None = None) -> list[Summary]:
    return list(engine.summary(selection, bucket=bucket, token=CancelToken()))


class TestSummary:
    @pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
    @pytest.mark.parametrize("bucket", [None, DAY])
    def test_last_total_is_exact(self, engine: Engine, selection: Selection, bucket: int | None) -> None:
        """It counts the events that pages would give."""
        last = summaries(engine, selection, bucket)[-1]
        assert (last.total, last.is_exact) == (len(expected(selection)), True)
        assert last.progress.is_complete

    @pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
    def test_totals_before_it_are_lower_bounds(self, engine: Engine, selection: Selection) -> None:
        """Running totals include the ones before, and only the last says that it is exact."""
        found = summaries(engine, selection)
        totals = [each.total for each in found]
        assert totals == sorted(totals)
        assert [each.is_exact for each in found] == [False] * (len(found) - 1) + [True]

    @settings(max_examples=25, deadline=None)
    @given(node=nodes(max_leaves=4))
    def test_total_is_right_for_any_query(self, engine: Engine, node: Node) -> None:
        """Counting and listing agree."""
        assert summaries(engine, Selection(node))[-1].total == len(expected(Selection(node)))

    def test_empty_store_has_none(self, open_store: OpenStores) -> None:
        """Zero, exactly."""
        last = summaries(open_store([]).engine, Selection(), HOUR)[-1]
        assert (last.total, last.is_exact) == (0, True)
        assert last.histogram is not None
        assert sum(last.histogram.counts) == 0


class TestHistogram:
    def test_is_left_out_without_a_bucket(self, engine: Engine) -> None:
        """A total alone is cheaper."""
        assert summaries(engine, Selection())[-1].histogram is None

    @pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
    @pytest.mark.parametrize("bucket", [DAY, 7 * HOUR])
    def test_every_bucket_is_right(self, engine: Engine, selection: Selection, bucket: int) -> None:
        """Each count is that of its bucket, empty buckets are there as zeros, and the sum is the total."""
        for summary in summaries(engine, selection, bucket):
            assert summary.histogram is not None
            assert sum(summary.histogram.counts) == summary.total
        histogram = summaries(engine, selection, bucket)[-1].histogram
        assert histogram is not None
        assert (histogram.start % bucket, histogram.bucket) == (0, bucket)
        counts = Counter(event.event_time // bucket * bucket for event in expected(selection))
        shown = {histogram.start + place * bucket: count for place, count in enumerate(histogram.counts)}
        assert shown == {start: counts[start] for start in shown}
        assert counts.keys() <= shown.keys()

    @pytest.mark.parametrize("name", ["a week", "types of a week", "nobody", "odd ends"])
    def test_covers_the_asked_range(self, engine: Engine, name: str) -> None:
        """From the bucket of its first microsecond to that of its last, however few events there are."""
        selection, bucket = SELECTIONS[name], 6 * HOUR
        histogram = summaries(engine, selection, bucket)[-1].histogram
        assert histogram is not None
        assert selection.range.start is not None
        assert selection.range.end is not None
        first, last = selection.range.start // bucket, (selection.range.end - 1) // bucket
        assert (histogram.start, len(histogram.counts)) == (first * bucket, last - first + 1)


class TestFacet:
    @pytest.mark.parametrize("column", FACETS)
    @pytest.mark.parametrize("limit", [3, 100])
    def test_gives_the_most_frequent_values(self, engine: Engine, column: str, limit: int) -> None:
        """Counts fall, ties come in the order of the values with the missing value last, and the rest is `other`."""
        counts = Counter(getattr(event, column) for event in expected(Selection()))
        ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0] is None, item[0] or ""))
        facet = engine.facet(Selection(), column, limit=limit, token=CancelToken())
        assert facet.values == tuple(FacetValue(value, count) for value, count in ranked[:limit])
        assert facet.other == sum(count for _, count in ranked[limit:])
        assert (facet.column, facet.is_exact) == (column, True)

    @pytest.mark.parametrize("selection", SELECTIONS.values(), ids=SELECTIONS)
    def test_counts_every_match(self, engine: Engine, selection: Selection) -> None:
        """What is shown and what is not add up to the total."""
        facet = engine.facet(selection, "event_type", limit=2, token=CancelToken())
        assert sum(value.count for value in facet.values) + facet.other == len(expected(selection))


class TestEstimate:
    @pytest.mark.parametrize("column", FACETS)
    @pytest.mark.parametrize("limit", [3, 100])
    def test_bounds_what_is_there(self, engine: Engine, column: str, limit: int) -> None:
        """Every value has at least the count that is said and at most so many more; what is said to be exact is."""
        for selection in (Selection(), Selection(range=WEEK), Selection(range=TimeRange(BASE - DAY + 7, BASE + 11))):
            counts = Counter(getattr(event, column) for event in expected(selection))
            found = engine.facet_estimate(selection, column, limit=limit, token=CancelToken())
            if found is None:
                continue
            for each in found.values:
                assert each.count <= counts.pop(each.value) <= each.count + each.more
            if found.is_exact:
                assert found == engine.facet(selection, column, limit=limit, token=CancelToken())
            else:
                assert max(counts.values(), default=0) <= found.most_unlisted
            assert counts.total() <= found.other

    @pytest.mark.parametrize("column", ["actor", "event_type"])
    def test_is_followed_by_the_exact_answer(self, engine: Engine, column: str) -> None:
        """A search gives both; the last one is what a facet alone would be."""
        search = Search(engine, frozen_clock(BASE))
        *_, last = search.facets(Selection(range=WEEK), column, limit=3, token=CancelToken())
        assert last == engine.facet(Selection(range=WEEK), column, limit=3, token=CancelToken())
        assert last.is_exact


class TestRefusals:
    def test_cancelled_question_does_not_start(self, engine: Engine) -> None:
        """Neither counting nor ranking begins."""
        token = CancelToken()
        token.cancel()
        selection = Selection(parse("type:*"))
        with pytest.raises(Cancelled):
            list(engine.summary(selection, bucket=None, token=token))
        with pytest.raises(Cancelled):
            list(engine.summary(selection, bucket=MINUTE * 60, token=token))
        with pytest.raises(Cancelled):
            engine.facet(selection, "actor", limit=1, token=token)

    def test_term_that_cannot_be_evaluated_is_refused(self, engine: Engine) -> None:
        """The message names the regex."""
        bad = Selection(Term(ColumnRef("actor"), (Regex("("),)))
        with pytest.raises(UnsupportedQueryError, match=r"/\(/"):
            list(engine.summary(bad, bucket=None, token=CancelToken()))
        with pytest.raises(UnsupportedQueryError, match=r"/\(/"):
            engine.facet(bad, "actor", limit=1, token=CancelToken())
