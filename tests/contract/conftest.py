"""Every engine, each with stores of the same events; a new engine is one more line in `MAKERS`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from pathlib import Path

import pytest
from tests.contract.stored import stored_events
from tests.summarised import summarise

from logtui.core.event import Event
from logtui.core.times import day_of
from logtui.storage.duckdb.engine import DuckDBEngine
from logtui.storage.engine import Engine
from logtui.storage.memory import MemoryEngine
from logtui.storage.segment_writer import init_store, write_segment


@dataclass(frozen=True, slots=True)
class OpenStore:
    """An engine and a way to let its store grow."""

    engine: Engine
    append: Callable[[Iterable[Event]], None]


Maker = Callable[[Path, Iterable[Event]], OpenStore]
"""Makes a store in a directory."""
OpenStores = Callable[[Iterable[Event]], OpenStore]


def memory_store(_: Path, events: Iterable[Event]) -> OpenStore:
    engine = MemoryEngine(events)
    return OpenStore(engine, engine.append)


def duckdb_store(root: Path, events: Iterable[Event], *, has_summaries: bool = False) -> OpenStore:
    def append(more: Iterable[Event]) -> None:
        for day, of_day in groupby(
            sorted(more, key=lambda event: event.cursor), lambda event: day_of(event.event_time)
        ):
            write_segment(root, day, list(of_day))
        if has_summaries:
            summarise(root)

    init_store(root)
    append(events)
    return OpenStore(DuckDBEngine(root, threads=1), append)


MAKERS: dict[str, Maker] = {"memory": memory_store, "duckdb": duckdb_store}
COUNTING_MAKERS: dict[str, Maker] = {**MAKERS, "summaries": partial(duckdb_store, has_summaries=True)}
"""For questions that are answered in another way where segments have summaries."""


@pytest.fixture(params=MAKERS, scope="module")
def maker(request: pytest.FixtureRequest) -> Maker:
    return MAKERS[request.param]


@pytest.fixture(scope="module")
def engine(maker: Maker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over `stored_events()`, shared by tests that only ask."""
    store = maker(tmp_path_factory.mktemp("contract"), stored_events())
    yield store.engine
    store.engine.close()


@pytest.fixture
def open_store(maker: Maker, tmp_path: Path) -> Iterator[OpenStores]:
    """Opens a store of given events, for tests that let it grow."""
    opened: list[OpenStore] = []

    def open_with(events: Iterable[Event]) -> OpenStore:
        opened.append(maker(tmp_path / f"store-{len(opened)}", events))
        return opened[-1]

    yield open_with
    for store in opened:
        with suppress(Exception):
            store.engine.close()
