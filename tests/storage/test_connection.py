"""The database behind the engine may read the store, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.asking import add, event, own_store

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled
from logtui.storage.duckdb.connection import Database, Pace
from logtui.storage.duckdb.errors import Fault, QueryFault


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return own_store(tmp_path / "store", [event(0)])


@pytest.fixture
def database(store: Path) -> Iterator[Database]:
    database = Database(str(store), threads=1)
    yield database
    database.close()


def ask(database: Database, sql: str, *params: object) -> list[tuple[object, ...]]:
    return database.rows(sql, params, CancelToken())


def test_files_of_the_store_can_be_read(store: Path, database: Database) -> None:
    [path] = add(store, [event(1)])

    assert ask(database, "SELECT count(*) FROM read_parquet(?)", [str(path)]) == [(1,)]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_text('{store}/../outside.txt')",
        "SELECT * FROM read_text('{store}/link.txt')",
        "COPY (SELECT 1) TO '{store}/../written.csv'",
        "ATTACH '{store}/../other.db'",
        "SET temp_directory = '/tmp'",
        "SET enable_external_access = true",
        "SET allowed_directories = ['/']",
        "INSTALL httpfs",
        "LOAD httpfs",
    ],
)
def test_everything_else_is_refused(store: Path, database: Database, statement: str) -> None:
    (store.parent / "outside.txt").write_text("secret")
    (store / "link.txt").symlink_to(store.parent / "outside.txt")

    with pytest.raises(QueryFault):
        ask(database, statement.format(store=store))

    assert sorted(path.name for path in store.parent.iterdir()) == ["outside.txt", "store"]


def test_python_variables_are_no_tables(database: Database) -> None:
    secret = [(1,)]

    with pytest.raises(QueryFault):
        ask(database, "SELECT * FROM secret")
    assert secret


def test_times_are_utc_whatever_the_machine_says(database: Database) -> None:
    assert ask(database, "SELECT epoch_us('2026-10-01 00:00:00'::TIMESTAMPTZ)") == [(1790812800000000,)]


def test_what_is_spilled_is_private_and_outside_of_the_store(store: Path, database: Database) -> None:
    [(place,)] = ask(database, "SELECT current_setting('temp_directory')")
    directory = Path(str(place))

    assert directory.stat().st_mode & 0o777 == 0o700
    assert not directory.is_relative_to(store)
    database.close()
    assert not directory.exists()


def test_what_is_larger_than_memory_goes_to_the_disk(store: Path) -> None:
    database = Database(str(store), threads=1, memory_mb=32)

    wide = "SELECT repeat(md5(i::VARCHAR), 30) AS t FROM range(60000) r(i)"
    rows = ask(database, f"SELECT count(*) FROM (SELECT t FROM ({wide}) GROUP BY t)")

    assert rows == [(60_000,)]
    database.close()


def test_a_failed_query_leaves_the_database_usable(database: Database) -> None:
    with pytest.raises(QueryFault):
        ask(database, "SELECT nothing")

    assert ask(database, "SELECT 1") == [(1,)]


THREADS = "SELECT CAST(current_setting('threads') AS INTEGER)"


def test_a_query_in_a_hurry_has_all_threads_and_the_next_one_the_usual(store: Path) -> None:
    database = Database(str(store), threads=1, most_threads=3)

    assert ask(database, THREADS) == [(1,)]
    assert database.rows(THREADS, (), CancelToken(), pace=Pace.HURRIED) == [(3,)]
    assert ask(database, THREADS) == [(1,)]
    database.close()


def test_only_what_is_short_does_not_read_ahead(database: Database) -> None:
    """Cursors are used again, each for its own kind."""
    question = "SELECT current_setting('disable_parquet_prefetching')"
    paces = [Pace.SHORT, Pace.LONG, Pace.SHORT, Pace.HURRIED, Pace.SHORT]

    answers = [database.rows(question, (), CancelToken(), pace=pace) for pace in paces]

    assert answers == [[(pace is Pace.SHORT,)] for pace in paces]


def test_threads_are_not_waited_for_while_they_work(store: Path) -> None:
    """DuckDB ends a thread only when that has done its part of a query, which may take long."""
    database = Database(str(store), threads=1, most_threads=3)
    token, ended = CancelToken(), []

    def work() -> None:
        with pytest.raises(Cancelled):
            database.rows("SELECT sum(hash(range)) FROM range(1000000000000)", (), token, pace=Pace.HURRIED)
        ended.append(True)

    worker = threading.Thread(target=work)
    worker.start()
    while ask(database, THREADS) != [(3,)]:
        assert worker.is_alive()
    assert not ended
    token.cancel()
    worker.join()
    assert ask(database, THREADS) == [(1,)]
    database.close()


MEMORY_HUNGRY = "SELECT length(string_agg(repeat(i::VARCHAR, 1000000), '')) FROM range(40) r(i)"


def test_more_memory_is_taken_when_there_is_no_other_way(store: Path) -> None:
    database = Database(str(store), threads=1, memory_mb=32)

    assert ask(database, MEMORY_HUNGRY) == [(70_000_000,)]
    assert ask(database, "SELECT current_setting('memory_limit') LIKE '%MiB'") == [(True,)]
    database.close()


def test_no_more_memory_is_taken_than_allowed(store: Path) -> None:
    database = Database(str(store), threads=1, memory_mb=32)

    with pytest.raises(QueryFault) as caught:
        database.rows(MEMORY_HUNGRY, (), CancelToken(), may_grow=False)

    assert caught.value.fault is Fault.OUT_OF_MEMORY
    assert ask(database, "SELECT current_setting('memory_limit')") == [("30.5 MiB",)]
    database.close()


@pytest.mark.parametrize("pace", Pace)
def test_footers_are_kept_for_short_queries_only(tmp_path: Path, pace: Pace) -> None:
    """Those that go through the files of years would keep a quarter of a megabyte of each."""
    database = Database(str(tmp_path), threads=1)
    try:
        rows = database.rows("SELECT current_setting('parquet_metadata_cache')", (), CancelToken(), pace=pace)
    finally:
        database.close()

    assert rows == [(pace is Pace.SHORT,)]
