"""Answers that come from summaries are those that reading all events gives; what cannot be relied on is read."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.asking import DAY_ONE, add, event, last_summary, own_store, select
from tests.generated_events import generated_events
from tests.query_strategies import BASE, terms, terms_of
from tests.summarised import summarise, summary_path

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.event import Event
from logtui.core.page import ALL_TIME, Order, Problem, Selection, TimeRange
from logtui.core.query.ast import Between, ColumnRef, Exists, Flag, Node, Not, Term
from logtui.core.query.flags import FLAGS
from logtui.core.query.normal import all_of, any_of
from logtui.core.query.parser import parse
from logtui.storage import known_summaries
from logtui.storage.arrow_schema import table_of
from logtui.storage.duckdb.connection import Database
from logtui.storage.duckdb.engine import DuckDBEngine
from logtui.storage.duckdb.reader import Reader
from logtui.storage.duckdb.scope import Scope
from logtui.storage.duckdb.summaries import Counting
from logtui.storage.event_kinds import parts_of
from logtui.storage.inventory import Candidate, Inventory
from logtui.storage.known_summaries import KnownSummaries
from logtui.storage.listing import open_listing
from logtui.storage.memory import MemoryEngine
from logtui.storage.sidecars import Identity, Kind, sealed, unsealed
from logtui.storage.summary import KIND_COLUMNS
from logtui.storage.summary_building import SummaryBuilder
from logtui.storage.views import Snapshot

BUCKETS = (None, MINUTE, 7 * MINUTE, 15 * MINUTE, HOUR, 90 * MINUTE, DAY, 7 * DAY)


def stored_events() -> tuple[Event, ...]:
    """Generated events, some of them between the minutes, in two segments a day."""
    jitter = (0, 1, 59_999_999, -1, 30_000_000, 0)
    return tuple(
        replace(each, event_time=each.event_time + jitter[n % len(jitter)], payload=each.payload or "{}")
        for n, each in enumerate(generated_events(300))
    )


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[DuckDBEngine, DuckDBEngine, MemoryEngine]]:
    """One with summaries for about two thirds of its segments, one without any, and the oracle."""
    place = tmp_path_factory.mktemp("summaries")
    events = stored_events()
    plain = own_store(place / "plain")
    for part in range(3):
        add(plain, events[part::3])
    shutil.copytree(plain, place / "counted")
    segments = sorted(str(path.relative_to(plain)) for path in plain.glob("date=*/*.parquet"))
    summarise(place / "counted", [name for number, name in enumerate(segments) if number % 3])
    engines = DuckDBEngine(place / "counted", threads=1), DuckDBEngine(plain, threads=1), MemoryEngine(events)
    yield engines
    for engine in engines:
        engine.close()


def conditions() -> st.SearchStrategy[Node]:
    """Conditions on what makes a kind, and now and then on something else."""
    refs = [ColumnRef(name) for name in KIND_COLUMNS]
    terms = st.sampled_from(refs).flatmap(lambda ref: terms_of(ref, most=2))
    others = st.sampled_from(
        (Term(ColumnRef("actor"), (Exists(),)), Term(ColumnRef("ip"), (Exists(),)), Between(BASE - DAY, BASE + 1))
    )
    leaf: st.SearchStrategy[Node] = st.one_of(terms, terms, st.sampled_from(tuple(FLAGS)).map(Flag), others)
    trees = st.recursive(
        leaf,
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(all_of),
            st.lists(inner, min_size=2, max_size=3).map(any_of),
            inner.map(Not),
        ),
        max_leaves=4,
    )
    return st.one_of(trees, trees, st.sampled_from((all_of(()), any_of(()))))


def ranges() -> st.SearchStrategy[TimeRange]:
    """Ranges that cut days, hours and minutes anywhere."""
    at = st.one_of(
        st.none(),
        st.integers(-4 * 24 * 60, 2 * 24 * 60).map(lambda minute: BASE + minute * MINUTE),
        st.integers(-4 * DAY, 2 * DAY).map(lambda more: BASE + more),
        # Not made where the tests are only collected.
        st.deferred(lambda: st.sampled_from([each.event_time for each in stored_events()])),
    )
    return st.builds(TimeRange, at, at)


class TestAnswers:
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        condition=conditions(), times=ranges(), bucket=st.sampled_from(BUCKETS), column=st.sampled_from(KIND_COLUMNS)
    )
    def test_are_those_of_a_full_scan(
        self,
        engines: tuple[DuckDBEngine, DuckDBEngine, MemoryEngine],
        condition: Node,
        times: TimeRange,
        bucket: int | None,
        column: str,
    ) -> None:
        """For every condition, range, bucket and column; of the other engine too."""
        selection = Selection(condition, times)
        counted, plain, memory = engines
        found = list(counted.summary(selection, bucket=bucket, token=CancelToken()))[-1]
        assert found == list(plain.summary(selection, bucket=bucket, token=CancelToken()))[-1]
        assert found.total == list(memory.summary(selection, bucket=None, token=CancelToken()))[-1].total
        facet = counted.facet(selection, column, limit=5, token=CancelToken())
        assert facet == plain.facet(selection, column, limit=5, token=CancelToken())
        assert facet == memory.facet(selection, column, limit=5, token=CancelToken())

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(condition=conditions(), other=terms(), times=ranges(), order=st.sampled_from(Order))
    def test_pages_are_those_of_a_full_scan(
        self,
        engines: tuple[DuckDBEngine, DuckDBEngine, MemoryEngine],
        condition: Node,
        other: Node,
        times: TimeRange,
        order: Order,
    ) -> None:
        """Segments are left out only where no event of theirs can match, whatever else is asked."""
        counted, plain, _ = engines
        for asked in (condition, all_of([condition, other])):
            selection = Selection(asked, times)
            found, expected = (
                [
                    each.event_id
                    for page in engine.pages(selection, limit=None, token=CancelToken(), order=order)
                    for each in page.events
                ]
                for engine in (counted, plain)
            )
            assert found == expected
            totals = [
                list(engine.summary(selection, bucket=None, token=CancelToken()))[-1].total
                for engine in (counted, plain)
            ]
            assert totals == [len(expected)] * 2


@pytest.mark.parametrize(
    ("query", "parts"),
    [
        ("", set()),
        ("type:a.* -severity:>=warning", {"event_type", "severity"}),
        ("is:failure OR source:/x/", {"event_type", "severity", "source"}),
        ("-actor:* is:late", {"anonymous", "late"}),
        ("actor_type:user (is:unknown OR subject_type:*)", {"actor_type", "event_type", "subject_type"}),
        ("actor:ada", None),
        ("type:a ada", None),
        ("type:a OR p.n:1", None),
        ("-ip:*", None),
        ("type:a trace:x", None),
    ],
)
def test_what_a_condition_depends_on(query: str, parts: set[str] | None) -> None:
    """Nothing that a kind does not tell."""
    assert parts_of(parse(query)) == parts


HOURS = [event(n * 17 * MINUTE, f"evt_{n:04}", event_type=("a.created", "b.failed")[n % 2]) for n in range(400)]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Five days, one segment each, all with summaries."""
    root = own_store(tmp_path / "store", HOURS)
    summarise(root)
    return root


@pytest.fixture
def engine(store: Path) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(store, threads=1)
    yield engine
    engine.close()


def destroy_events(path: Path) -> None:
    """Overwrite all of a segment but its footer."""
    content = path.read_bytes()
    footer = int.from_bytes(content[-8:-4], "little") + 8
    path.write_bytes(content[:4] + bytes(len(content) - footer - 4) + content[-footer:])


def counts(engine: DuckDBEngine, query: str = "type:a.*") -> tuple[int, tuple[int, ...], dict[str | None, int]]:
    """A total, a histogram and a facet."""
    summary = last_summary(engine, query, bucket=6 * HOUR)
    assert summary.histogram is not None
    facet = engine.facet(select(query), "event_type", limit=10, token=CancelToken())
    return (
        last_summary(engine, query).total,
        summary.histogram.counts,
        {each.value: each.count for each in facet.values},
    )


class TestUse:
    def test_whole_segments_are_not_read(self, store: Path, engine: DuckDBEngine) -> None:
        """Nothing is left of their events here, and still they are counted."""
        expected = counts(engine)
        for path in store.glob("date=*/*.parquet"):
            destroy_events(path)
        destroyed = DuckDBEngine(store, threads=1)
        assert counts(destroyed) == expected == (200, expected[1], {"a.created": 200})
        assert destroyed.problems() == ()
        destroyed.close()

    def test_what_was_added_up_is_added_up_again_when_segments_come_and_go(self, store: Path) -> None:
        """One engine, asked again and again; a new segment brings a new kind."""
        engine = DuckDBEngine(store, threads=1)
        before, failed = counts(engine), last_summary(engine, "type:b.*").total
        add(store, [event(HOUR + n, f"new_{n:04}", event_type="a.new") for n in range(80)])
        summarise(store)
        added = counts(engine)
        min(store.glob("date=*/*.parquet")).unlink()
        plain = DuckDBEngine(store, threads=1, uses_sidecars=False)
        assert (before[2], failed) == ({"a.created": 200}, 200)
        assert added[0] == 280 and added[2] == {"a.created": 200, "a.new": 80}  # noqa: PT018
        assert counts(engine) == counts(plain)
        assert counts(engine)[0] < 280
        assert last_summary(engine, "type:b.*") == last_summary(plain, "type:b.*")
        for each in (engine, plain):
            each.close()

    def test_only_segments_that_a_range_cuts_are_read(self, store: Path) -> None:
        """The first and the last day's events are needed, those between are not."""
        paths = sorted(store.glob("date=*/*.parquet"))
        for path in paths[1:-1]:
            destroy_events(path)
        engine = DuckDBEngine(store, threads=1)
        times = TimeRange(DAY_ONE + 5 * HOUR + 7, DAY_ONE + 4 * DAY + 3 * HOUR + 7)
        expected = Counter(each.event_type for each in HOURS if times.start <= each.event_time < times.end)  # type: ignore[operator]
        facet = engine.facet(Selection(range=times), "event_type", limit=10, token=CancelToken())
        assert {each.value: each.count for each in facet.values} == expected
        engine.close()

    @pytest.mark.parametrize("query", ["type:rare", "type:rare p.at:>0", "type:r*e actor:user_ada", "-type:*.*"])
    def test_a_search_reads_only_segments_that_may_match(self, tmp_path: Path, query: str) -> None:
        """What lies far back is found without the days between, of which nothing is left here but their footers."""
        root = own_store(tmp_path / "store", [*HOURS, event(HOUR + 1, "found", event_type="rare")])
        summarise(root)
        for path in sorted(root.glob("date=*/*.parquet"))[1:-2]:
            destroy_events(path)
        engine = DuckDBEngine(root, threads=1)
        pages = list(engine.pages(select(query), limit=5, token=CancelToken()))
        assert [each.event_id for page in pages for each in page.events] == ["found"]
        assert engine.problems() == ()
        engine.close()

    def test_segment_that_turns_out_unreadable_is_left_out_whole(self, store: Path) -> None:
        """Its edge cannot be read, so its summary does not count either, and the problem is told."""
        path = min(store.glob("date=*/*.parquet"))
        destroy_events(path)
        engine = DuckDBEngine(store, threads=1)
        times = TimeRange(DAY_ONE + 5 * HOUR + 7, None)
        total = list(engine.summary(Selection(parse("type:a.*"), times), bucket=None, token=CancelToken()))[-1].total
        assert total == sum(each.event_time >= DAY_ONE + DAY and each.event_type == "a.created" for each in HOURS)
        assert [problem.path for problem in engine.problems()] == [f"{path.parent.name}/{path.name}"]
        engine.close()

    def test_bounds_in_one_segment_are_exact(self, engine: DuckDBEngine) -> None:
        """A range inside of one bin, and one over a few of them."""
        for start, end in [(0, 1), (1, 17 * MINUTE), (3 * HOUR + 1, 5 * HOUR - 1), (HOUR, 2 * HOUR)]:
            times = TimeRange(DAY_ONE + start, DAY_ONE + end)
            found = list(engine.summary(Selection(parse("is:failure"), times), bucket=MINUTE, token=CancelToken()))[-1]
            inside = [each for each in HOURS if start <= each.event_time - DAY_ONE < end]
            assert found.total == sum(each.event_type == "b.failed" for each in inside)


class TestDistrust:
    @pytest.mark.parametrize("place", [0, 4, 20, 31, 32, 60, 200, -1])
    def test_changed_byte_leads_to_the_events(self, store: Path, engine: DuckDBEngine, place: int) -> None:
        """The answer is the same."""
        expected = counts(engine)
        for path in (store / ".logtui" / "index").rglob("*.summary"):
            content = bytearray(path.read_bytes())
            content[place] ^= 0x20
            path.write_bytes(content)
        changed = DuckDBEngine(store, threads=1)
        assert counts(changed) == expected
        changed.close()

    def test_summary_of_another_segment_is_passed_over(self, store: Path, engine: DuckDBEngine) -> None:
        """Also where it is whole and that segment has as many bytes and rows."""
        expected = counts(engine)
        first, second, *_ = sorted(str(path.relative_to(store)) for path in store.glob("date=*/*.parquet"))
        content = summary_path(store, second).read_bytes()
        size = (store / first).stat().st_size
        assert pq.read_metadata(store / first).num_rows == pq.read_metadata(store / second).num_rows
        body = unsealed(content, Kind.SUMMARY, (store / second).stat().st_size)
        assert body is not None
        rows = pq.read_metadata(store / first).num_rows
        summary_path(store, first).write_bytes(sealed(Kind.SUMMARY, Identity(rows, size), bytes(body)))
        mixed = DuckDBEngine(store, threads=1)
        assert counts(mixed) == expected
        mixed.close()

    def test_forged_summary_hides_nothing_from_who_does_not_ask_it(self, store: Path, engine: DuckDBEngine) -> None:
        """Whole and in its place, of events that are not there."""
        expected = counts(engine)
        first = min(str(path.relative_to(store)) for path in store.glob("date=*/*.parquet"))
        rows, size = pq.read_metadata(store / first).num_rows, (store / first).stat().st_size
        builder = SummaryBuilder()
        builder.add(table_of([replace(each, event_type="forged") for each in HOURS[:rows]]))
        with summary_path(store, first).open("wb") as file:
            builder.write(file, Identity(rows, size))
        trusting, wary = DuckDBEngine(store, threads=1), DuckDBEngine(store, threads=1, uses_sidecars=False)
        assert counts(trusting) != expected
        assert counts(wary) == expected
        for each in (trusting, wary):
            each.close()

    def test_foreign_stores_have_none(self, store: Path, engine: DuckDBEngine) -> None:
        """Without the mark of a store of logtui's own, what lies beside the files is nobody's."""
        expected = counts(engine)
        (store / ".logtui" / "root.json").unlink()
        for path in (store / ".logtui" / "index").rglob("*.summary"):
            path.write_bytes(b"")
        foreign = DuckDBEngine(store, threads=1)
        assert counts(foreign) == expected
        foreign.close()


class TestChanges:
    def test_summary_that_comes_later_is_found(self, tmp_path: Path) -> None:
        """An engine that has looked for it in vain uses it after a while; the answer stays the same."""
        root = own_store(tmp_path / "store", HOURS)
        engine = DuckDBEngine(root, threads=1)
        before = counts(engine)
        summarise(root)
        assert counts(engine) == before
        engine.close()

    def test_new_segments_are_counted_too(self, store: Path, engine: DuckDBEngine) -> None:
        """Those have no summary yet."""
        total, _, _ = counts(engine)
        add(store, [event(9 * HOUR + n, f"new_{n}", event_type="a.created") for n in range(5)])
        assert counts(engine)[0] == total + 5

    def test_replaced_segment_is_counted_as_it_is(self, store: Path, engine: DuckDBEngine) -> None:
        """The summary of what had the name before is not used."""
        total, _, _ = counts(engine)
        first = min(store.glob("date=*/*.parquet"))
        gone = sum(each.event_type == "a.created" for each in HOURS if each.event_time < DAY_ONE + DAY)
        first.unlink()
        add(store, [event(n, f"again_{n}", event_type="a.created") for n in range(7)], name=first.stem[2:])
        assert counts(engine)[0] == total - gone + 7

    def test_vanished_segment_takes_its_summary_along(self, store: Path, engine: DuckDBEngine) -> None:
        """Whole days go by retention; what a summary had said of them does not count any more."""
        total, _, _ = counts(engine)
        first = min(store.glob("date=*/*.parquet"))
        gone = sum(each.event_type == "a.created" for each in HOURS if each.event_time < DAY_ONE + DAY)
        shutil.rmtree(first.parent)
        assert counts(engine)[0] == total - gone

    def test_events_that_move_meanwhile_are_counted_once(self, tmp_path: Path) -> None:
        """One of two segments has a summary when both are merged, between the look at them and the reading."""
        root = own_store(tmp_path / "store", HOURS[:40])
        summarise(root)
        rest = add(root, HOURS[40:80])
        inventory = Inventory(open_listing(root), {})
        reader = Reader(Database(str(root), threads=1), inventory)

        class Unlucky(Snapshot):
            is_merged = False

            def candidates(self, times: TimeRange = ALL_TIME, /) -> list[Candidate]:
                found = super().candidates(times)
                if not self.is_merged:
                    self.is_merged = True
                    old = [*root.glob("date=*/*.parquet")]
                    add(root, HOURS[:80])
                    for path in old:
                        path.unlink()
                return found

        known = KnownSummaries(str(root), are_used=True)
        scope = Scope.of(select("type:a.*"))
        counting = Counting(reader, Unlucky(inventory), scope, known, CancelToken())
        assert [each.total for each in counting.totals()][-1] == 40
        assert rest


class TestNotes:
    @pytest.mark.parametrize("noticeable", [80, 401])
    def test_what_is_slow_for_want_of_summaries_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noticeable: int
    ) -> None:
        """With what to do about it, once it matters, until it is done; it costs no events."""
        monkeypatch.setattr(known_summaries, "_NOTICEABLE", noticeable)
        monkeypatch.setattr(known_summaries, "_PATIENCE", 0.0)
        monkeypatch.setattr(known_summaries, "LEAST_ROWS", 10)
        root = own_store(tmp_path / "store", HOURS)
        engine = DuckDBEngine(root, threads=1)
        engine.facet(select(""), "event_type", limit=1, token=CancelToken())
        said = "5 segments of 400 events have to be read to be counted, for want of summaries: run logtui compact"
        assert engine.problems() == ((Problem("", said, is_loss=False),) if noticeable < 400 else ())
        summarise(root)
        engine.facet(select(""), "event_type", limit=1, token=CancelToken())
        assert engine.problems() == ()
        engine.close()
