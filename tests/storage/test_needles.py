"""Filters of ids never leave out a segment that holds what is asked for, and leave out nearly all others."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.generated_events import generated_events
from tests.query_strategies import nodes, terms, texts
from tests.storage.test_oracle import ADDRESSES, address_nodes

from logtui.core.cancel import CancelToken
from logtui.core.event import Event
from logtui.core.page import Order, Selection
from logtui.core.query.ast import ColumnRef, Literal, Node, Not, Term, Wildcard
from logtui.core.query.normal import all_of, any_of
from logtui.core.times import day_of, day_start
from logtui.session import Session, open_session
from logtui.storage import needle_building, segment_writer
from logtui.storage.arrow_schema import table_of
from logtui.storage.needle_building import NeedleBuilder
from logtui.storage.needles import LETTERS, PART, Filter, Needle
from logtui.storage.reference import matches
from logtui.storage.segment_writer import init_store, write_segment
from logtui.storage.sidecars import Identity, Kind, sidecar_path
from logtui.storage.sieve import sieve_of
from logtui.storage.xxhash import xxh64

DAY = "2026-10-04"
SEGMENT = f"date={DAY}/i-batch.parquet"
SIZE = 1_000_000


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0xEF46DB3751D8E999),
        (b"a", 0xD24EC4F1A98C6E5B),
        (b"abc", 0x44BC2CF5AD770999),
        (b"Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1),
    ],
)
def test_the_hash_is_the_known_one(data: bytes, expected: int) -> None:
    assert xxh64(data) == expected


def filter_file(store: Path, *groups: pa.Table) -> Path:
    """Build the filter of some row groups, for a segment of `SIZE` bytes."""
    builder = NeedleBuilder()
    for group in groups:
        builder.add(group)
    path = Path(sidecar_path(store, SEGMENT, Kind.NEEDLES))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        builder.write(file, Identity(sum(group.num_rows for group in groups), SIZE))
    return path


def may_have(store: Path, needle: Needle, size: int = SIZE) -> bool:
    opened = Filter.of(str(store), SEGMENT, size)
    assert opened is not None
    try:
        return opened.may_have(needle)
    finally:
        opened.close()


def numbered(count: int) -> pa.Table:
    start = day_start(DAY)
    return table_of(
        [
            Event(start + n, f"evt_{n}", "t", actor=f"user_{n // 3}", payload="{}", ingested_at=start)
            for n in range(count)
        ]
    )


class TestOneFilter:
    @settings(max_examples=40, deadline=None)
    @given(st.lists(st.lists(st.text(max_size=70) | st.none(), min_size=1, max_size=40), min_size=1, max_size=3))
    def test_it_has_all_that_was_put_in(
        self, tmp_path_factory: pytest.TempPathFactory, groups: list[list[str | None]]
    ) -> None:
        store = tmp_path_factory.mktemp("store")
        texts = [pa.array(group, pa.string()) for group in groups]
        filter_file(store, *(pa.table({name: group.fill_null("") for name in LETTERS}) for group in texts))

        for name, text in itertools.product(LETTERS, {text or "" for group in groups for text in group}):
            assert may_have(store, Needle.of(name, text))

    def test_it_has_little_else(self, tmp_path: Path) -> None:
        filter_file(tmp_path, numbered(6000), numbered(9000).slice(6000))
        others = [Needle.of(name, f"evt_{n}") for n in range(9000, 14_000) for name in ("event_id", "trace_id")]

        assert all(may_have(tmp_path, Needle.of("event_id", f"evt_{n}")) for n in range(0, 9000, 7))
        assert all(may_have(tmp_path, Needle.of("actor", f"user_{n}")) for n in range(0, 3000, 7))
        assert sum(may_have(tmp_path, needle) for needle in others) < len(others) * 0.004

    def test_a_column_without_values_has_none(self, tmp_path: Path) -> None:
        filter_file(tmp_path, numbered(100))

        assert not may_have(tmp_path, Needle.of("ip", ""))
        assert not may_have(tmp_path, Needle.of("trace_id", "evt_1"))

    @pytest.mark.parametrize("rows", [1, 10, 5000])
    def test_whatever_is_wrong_with_it_nothing_is_left_out(self, tmp_path: Path, rows: int) -> None:
        path = filter_file(tmp_path, numbered(rows))
        content = path.read_bytes()
        present = [Needle.of("event_id", f"evt_{n}") for n in range(0, rows, 13)]
        absent = [Needle.of("event_id", f"other_{n}") for n in range(300)]
        assert not all(may_have(tmp_path, each) for each in absent)
        assert all(may_have(tmp_path, each, SIZE + 1) for each in absent)

        for cut in {*range(0, len(content), PART), *range(0, len(content), 331), len(content) - 1}:
            path.write_bytes(content[:cut])
            assert all(may_have(tmp_path, each) for each in present)
        path.write_bytes(content * 2)
        assert all(may_have(tmp_path, each) for each in present)
        path.write_bytes(bytes(byte ^ 0x40 for byte in content))
        assert all(may_have(tmp_path, each) for each in absent)


class TestAnAddress:
    """Is one key in all of its spellings."""

    @given(st.ip_addresses(v=6), st.data())
    def test_of_version_6(self, address: object, data: st.DataObject) -> None:
        text = str(address)
        exploded = getattr(address, "exploded", text)
        spelled = data.draw(st.sampled_from([text.upper(), exploded, exploded.upper()]))

        assert Needle.of("ip", spelled) == Needle.of("ip", text)

    def test_of_version_4_is_its_text(self) -> None:
        assert Needle.of("ip", "10.0.0.1") != Needle.of("ip", "::ffff:10.0.0.1")
        assert Needle.of("ip", "10.0.0.1") != Needle.of("ip", "10.0.0.01")

    def test_has_its_zone(self) -> None:
        assert Needle.of("ip", "fe80::1%eth0") == Needle.of("ip", "FE80:0::1%eth0")
        assert Needle.of("ip", "fe80::1%eth0") != Needle.of("ip", "fe80::1%ETH0")


def needle_nodes() -> st.SearchStrategy[Node]:
    """Trees of conditions of which most are about ids."""
    about_ids = (
        st.sampled_from(sorted(LETTERS))
        .map(ColumnRef)
        .flatmap(
            lambda ref: st.lists(texts(ref).map(Literal), min_size=1, max_size=3).map(
                lambda found: Term(ref, tuple(found))
            )
        )
    )
    return st.recursive(
        st.one_of(about_ids, about_ids, about_ids, terms()),
        lambda inner: st.one_of(
            st.lists(inner, min_size=2, max_size=3).map(all_of),
            st.lists(inner, min_size=2, max_size=3).map(any_of),
            inner.map(Not),
        ),
        max_leaves=4,
    )


def few_each() -> Iterator[list[Event]]:
    """Events in segments of one to three, each of one day."""
    addresses = [Event(day_start(DAY), f"ip_{ip}", "t", ip=ip, payload="{}", ingested_at=0) for ip in ADDRESSES]
    every = sorted((*generated_events(80), *addresses), key=lambda event: event.event_time)
    for _, of_day in itertools.groupby(every, key=lambda event: day_of(event.event_time)):
        left = list(of_day)
        while left:
            yield left[: 1 + len(left) % 3]
            del left[: 1 + len(left) % 3]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which each segment has a filter, however small."""
    place = tmp_path_factory.mktemp("needles") / "store"
    init_store(place)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(segment_writer, "LEAST_ROWS", 1)
        for number, events in enumerate(few_each()):
            write_segment(place, day_of(events[0].event_time), events, name=str(number), is_durable=False)
    return place


@pytest.fixture(scope="module")
def segments(store: Path) -> list[tuple[str, int, list[Event]]]:
    found = []
    for number, events in enumerate(few_each()):
        name = f"date={day_of(events[0].event_time)}/i-{number}.parquet"
        assert Path(sidecar_path(store, name, Kind.NEEDLES)).exists()
        found.append((name, (store / name).stat().st_size, events))
    return found


def term(column: str, *texts: str) -> Term:
    return Term(ColumnRef(column), tuple(map(Literal, texts)))


class TestSieve:
    @settings(max_examples=250, deadline=None)
    @given(node=st.one_of(needle_nodes(), needle_nodes(), nodes(max_leaves=4), address_nodes()))
    def test_no_segment_with_a_match_is_left_out(
        self, store: Path, segments: list[tuple[str, int, list[Event]]], node: Node
    ) -> None:
        sieve = sieve_of(node)
        if sieve is None:
            return
        for name, size, events in segments:
            assert sieve.passes(str(store), name, size) or not any(matches(node, event) for event in events), node

    @pytest.mark.parametrize(
        "node",
        [
            term("actor", "user_2ab"),
            term("actor", "user_2ab", "org_91"),
            term("ip", "2001:db8::1"),
            all_of([term("actor", "user_2ab"), Term(ColumnRef("subject"), (Wildcard("user*"),))]),
            all_of([term("actor", "user_2ab"), term("subject", "org_91")]),
            any_of([term("actor", "user_2ab"), all_of([term("subject", "org_91"), term("trace_id", "it's")])]),
            all_of([term("device_id", "日本"), Not(term("actor", "user_2ab"))]),
            term("event_id", "nowhere"),
        ],
    )
    def test_others_are_left_out(self, store: Path, segments: list[tuple[str, int, list[Event]]], node: Node) -> None:
        sieve = sieve_of(node)
        assert sieve is not None
        passed = sum(sieve.passes(str(store), name, size) for name, size, _ in segments)

        assert passed <= len(segments) // 2

    @pytest.mark.parametrize(
        "node",
        [
            all_of(()),
            Not(term("actor", "user_2ab")),
            term("event_type", "user.created"),
            Term(ColumnRef("actor"), (Literal("user_2ab"), Wildcard("org*"))),
            any_of([term("actor", "user_2ab"), term("severity", "error")]),
            term("actor", "\ud800"),
            term("actor", *(f"user_{n}" for n in range(65))),
        ],
    )
    def test_where_filters_can_tell_nothing_there_is_none(self, node: Node) -> None:
        assert sieve_of(node) is None


@pytest.fixture(scope="module")
def sessions(store: Path) -> Iterator[tuple[Session, Session]]:
    """The same store with filters and without."""
    plain = store.with_name("plain")
    shutil.copytree(store, plain, ignore=lambda _, names: [name for name in names if name == "index"])
    both = open_session(store), open_session(plain)
    yield both
    for each in both:
        each.close()


def answers(session: Session, node: Node) -> tuple[object, ...]:
    selection, token = Selection(node), CancelToken()
    pages = {
        order: [event for page in session.engine.pages(selection, limit=None, token=token, order=order)
                for event in page.events]
        for order in Order
    }  # fmt: skip
    (*_, total) = session.engine.summary(selection, bucket=None, token=token)
    facet = session.engine.facet(selection, "event_type", limit=5, token=token)
    return pages, total.total, facet.values, facet.other


@settings(max_examples=25, deadline=None)
@given(node=needle_nodes())
def test_answers_are_the_same_with_filters_and_without(sessions: tuple[Session, Session], node: Node) -> None:
    with_filters, without = sessions

    assert answers(with_filters, node) == answers(without, node)


def test_an_event_is_found_by_its_id(sessions: tuple[Session, Session]) -> None:
    (event, *_) = generated_events(80)
    for session in sessions:
        assert session.engine.find_time(event.event_id, token=CancelToken()) is not None
        assert session.engine.find_time("nowhere", token=CancelToken()) is None
        found = session.engine.event(event.cursor, token=CancelToken())
        assert found is not None
        assert found.payload == event.payload


def test_a_column_that_is_read_as_another_is_not_left_out_by_its_own_filter(store: Path) -> None:
    subject = next(event.subject for event in generated_events(80) if event.subject)
    selection = Selection(term("actor", subject))
    session = open_session(store, mapping={"actor": "subject"})
    found = [
        event for page in session.engine.pages(selection, limit=None, token=CancelToken()) for event in page.events
    ]
    session.close()

    assert len(found) == sum(event.subject == subject for event in generated_events(80))


def test_a_filter_that_readers_would_not_understand_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(needle_building, "_filter", lambda _: bytes(32))
    init_store(tmp_path / "store")
    write_segment(tmp_path / "store", DAY, numbered(5000))

    assert not list((tmp_path / "store").rglob("*.needles"))
