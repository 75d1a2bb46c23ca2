"""A DuckDB that was started beforehand is like any other, and belongs to one engine."""

from __future__ import annotations

import threading

from logtui.storage.duckdb.starting import MEMORY_MB, start, start_beforehand, usual_threads


def test_the_first_who_wants_it_gets_the_one_that_was_begun_and_the_next_another() -> None:
    start_beforehand()
    began = [thread for thread in threading.enumerate() if thread.name == "head-start"]

    first, second = (start(usual_threads(), MEMORY_MB) for _ in range(2))

    assert all(not thread.is_alive() for thread in began)
    first.execute("CREATE TABLE mine (n INTEGER)")
    assert second.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]


def test_it_has_the_settings_of_one_that_was_not() -> None:
    settings = "SELECT name, value FROM duckdb_settings() ORDER BY name"
    expected = start(usual_threads(), MEMORY_MB).execute(settings).fetchall()

    start_beforehand()

    assert start(usual_threads(), MEMORY_MB).execute(settings).fetchall() == expected


def test_who_wants_other_settings_gets_a_new_one() -> None:
    start_beforehand()

    connection = start(usual_threads(), 2 * MEMORY_MB)

    assert connection.execute("SELECT current_setting('memory_limit')").fetchall() == [("244.1 MiB",)]
    start(usual_threads(), MEMORY_MB)
