"""Several threads at once, cancelling, closing: right answers, and nothing left running."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from tests.asking import add, event, events, fresh, last_summary, listed, own_store, select

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.errors import Cancelled, StoreError
from logtui.storage.duckdb.engine import DuckDBEngine

EVENTS = [event(number * DAY // 4, f"evt_{number:03}", actor=f"user_{number % 5}") for number in range(40)]
_PATIENCE = 20.0


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return own_store(tmp_path_factory.mktemp("threads") / "store", EVENTS)


@pytest.fixture
def engine(store: Path) -> Iterator[DuckDBEngine]:
    engine = DuckDBEngine(store)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def slow_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with payloads that take a query many seconds to search."""
    root = own_store(tmp_path_factory.mktemp("slow") / "store")
    payload = '{"a":"' + "ab" * 20_000 + '"}'
    for day in range(4):
        add(root, [replace(event(day * DAY + number), payload=payload) for number in range(250)])
    return root


SLOW = "p.a:/(.*a){200}c/"


def test_threads_get_the_answers_to_their_own_questions(engine: DuckDBEngine) -> None:
    """A connection shared by threads mixes answers up; here each query has a cursor of its own."""

    def ask(number: int) -> bool:
        actor = number % 5
        expected = [each for each in listed(EVENTS) if each.actor == f"user_{actor}"]
        kind = number % 4
        if kind == 0:
            return events(engine, f"actor:user_{actor}") == expected
        if kind == 1:
            return last_summary(engine, f"actor:user_{actor}", bucket=DAY).total == len(expected)
        if kind == 2:
            return engine.event(EVENTS[actor].cursor, token=CancelToken()) == EVENTS[actor]
        return engine.facet(select(f"actor:user_{actor}"), "actor", limit=1, token=CancelToken()).values[0].count == 8

    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(ask, range(120)))


def test_readers_and_a_writer_do_not_disturb_each_other(tmp_path: Path) -> None:
    store = own_store(tmp_path / "store", EVENTS[:4])
    engine = DuckDBEngine(store)
    follow = engine.follow()
    done = threading.Event()

    def read() -> int:
        seen = 0
        while not done.is_set():
            found = [each.event_id for each in events(engine)]
            assert len(found) == len(set(found)) >= seen
            seen = len(found)
        return seen

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        for each in EVENTS[4:]:
            add(store, [each])
        done.set()
        for reader in readers:
            reader.result(_PATIENCE)

    assert fresh(follow).count == len(EVENTS) - 4
    assert len(events(engine)) == len(EVENTS)
    engine.close()


def test_a_cancelled_token_asks_nothing(engine: DuckDBEngine) -> None:
    token = CancelToken()
    token.cancel()

    for question in questions(engine, "", token):
        with pytest.raises(Cancelled):
            question()


def questions(engine: DuckDBEngine, query: str, token: CancelToken) -> list[Callable[[], object]]:
    selection = select(query)
    return [
        lambda: list(engine.pages(selection, limit=5, token=token)),
        lambda: list(engine.summary(selection, bucket=DAY, token=token)),
        lambda: engine.facet(selection, "actor", limit=5, token=token),
    ]


@pytest.mark.parametrize("number", range(3))
def test_cancelling_ends_a_running_question_at_once(slow_store: Path, number: int) -> None:
    """The next keystroke withdraws a search; another question of the same engine is not touched."""
    engine = DuckDBEngine(slow_store)
    token = CancelToken()
    question = questions(engine, SLOW, token)[number]

    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(question)
        wait_until_running(engine)
        token.cancel()
        with pytest.raises(Cancelled):
            running.result(_PATIENCE)

    assert len(events(engine, limit=3)) == 3
    engine.close()


def test_cancelling_before_the_query_starts_is_not_lost(slow_store: Path) -> None:
    """However the cancel falls between asking and running, the question ends as cancelled."""
    engine = DuckDBEngine(slow_store)
    for delay in range(12):
        token = CancelToken()
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(questions(engine, SLOW, token)[0])
            for _ in range(delay * 300):
                pass
            token.cancel()
            with pytest.raises(Cancelled):
                running.result(_PATIENCE)
    engine.close()


def test_closing_ends_what_runs_and_removes_its_own_files(slow_store: Path) -> None:
    engine = DuckDBEngine(slow_store)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(questions(engine, SLOW, CancelToken())[0])
        wait_until_running(engine)
        private = engine._database._temporary
        engine.close()
        with pytest.raises(Cancelled):
            running.result(_PATIENCE)

    assert private is not None
    assert not private.path.exists()


def test_a_closed_engine_refuses_and_closes_again(store: Path) -> None:
    engine = DuckDBEngine(store)
    events(engine)
    engine.close()
    engine.close()

    with pytest.raises(StoreError, match="closed"):
        events(engine)


def wait_until_running(engine: DuckDBEngine) -> None:
    """Return once a query runs; there is no event for it, because the product has no use for one."""
    pause = threading.Event()
    for _ in range(2000):
        if engine._database._running:
            pause.wait(0.02)
            return
        pause.wait(0.005)
    raise AssertionError("no query was started")
