"""The database behind the engine may read the store, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.asking import add, event, own_store

from logtui.core.cancel import CancelToken
from logtui.storage.duckdb.connection import Database
from logtui.storage.duckdb.errors import QueryFault


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
        "SET threads = 8",
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
    database = Database(str(store), threads=1, memory_limit="32MB")

    wide = "SELECT repeat(md5(i::VARCHAR), 30) AS t FROM range(60000) r(i)"
    rows = ask(database, f"SELECT count(*) FROM (SELECT t FROM ({wide}) GROUP BY t)")

    assert rows == [(60_000,)]
    database.close()


def test_a_failed_query_leaves_the_database_usable(database: Database) -> None:
    with pytest.raises(QueryFault):
        ask(database, "SELECT nothing")

    assert ask(database, "SELECT 1") == [(1,)]
