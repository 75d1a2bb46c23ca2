"""The hardened in-memory DuckDB that reads the files.

One database per engine, one cursor per running query: a connection that two threads share gives wrong results. It may
read the store's directory and nothing else, and its settings are locked.
"""

from __future__ import annotations

import glob
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled, StoreError
from logtui.storage.duckdb.driver import duckdb
from logtui.storage.duckdb.errors import FAULTS, Fault, fault_of

Row = tuple[Any, ...]
MEMORY_LIMIT = "256MB"
_INSIST_SECONDS = 0.01
_CLOSE_SECONDS = 5.0

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": MEMORY_LIMIT,
    "max_temp_directory_size": "4GB",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_persistent_secrets": "false",
    # Every result is ordered; without this, scans need not keep their order in memory.
    "preserve_insertion_order": "false",
}
# These cannot be given when the database is made; the last two end all changes.
_SETTINGS = (
    "SET GLOBAL parquet_metadata_cache = true",
    "SET GLOBAL TimeZone = 'UTC'",
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class Database:
    """Runs queries. Opened by the first one; usable from any thread."""

    def __init__(self, root: str, *, threads: int) -> None:
        self._root = root
        self._threads = threads
        self._lock = threading.Lock()
        self._idle_again = threading.Condition(self._lock)
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._temporary: str | None = None
        self._idle: list[duckdb.DuckDBPyConnection] = []
        self._running: set[_Step] = set()
        self._is_closed = False

    def rows(self, sql: str, params: Sequence[object], token: CancelToken) -> list[Row]:
        """Run one query and return all its rows.

        Raises:
            Cancelled: the token was cancelled, or the database closed.
            QueryFault: the query failed.
        """
        with self._step(token) as cursor:
            return cursor.execute(sql, params).fetchall()

    def close(self) -> None:
        """Interrupt what runs, wait for it to end and release everything. Idempotent."""
        with self._lock:
            self._is_closed = True
            for step in self._running:
                step.interrupt()
            self._idle_again.wait_for(lambda: not self._running, _CLOSE_SECONDS)
            connection, self._connection = self._connection, None
            idle, self._idle = self._idle, []
            temporary, self._temporary = self._temporary, None
        for each in (*idle, connection):
            if each is not None:
                each.close()
        if temporary is not None:
            shutil.rmtree(temporary, ignore_errors=True)

    @contextmanager
    def _step(self, token: CancelToken) -> Iterator[duckdb.DuckDBPyConnection]:
        token.check()
        cursor = self._take()
        step = _Step(cursor)
        with self._lock:
            self._running.add(step)
        is_sound = False
        try:
            with token.interrupting(step.interrupt):
                yield cursor
            is_sound = True
        except FAULTS as error:
            raise self._translated(error, token) from error
        finally:
            step.end()
            self._give_back(step, cursor, is_sound=is_sound)

    def _translated(self, error: BaseException, token: CancelToken) -> Exception:
        found = fault_of(error)
        if token.is_cancelled or self._is_closed:
            return Cancelled()
        if found.fault is Fault.DATABASE:
            self._forget()
        return found

    def _take(self) -> duckdb.DuckDBPyConnection:
        with self._lock:
            if self._is_closed:
                raise Cancelled
            if self._idle:
                return self._idle.pop()
            if self._connection is None:
                self._connection = self._open()
            return self._connection.cursor()

    def _give_back(self, step: _Step, cursor: duckdb.DuckDBPyConnection, *, is_sound: bool) -> None:
        with self._lock:
            self._running.discard(step)
            is_kept = is_sound and not self._is_closed and self._connection is not None
            if is_kept:
                self._idle.append(cursor)
            self._idle_again.notify_all()
        if not is_kept:
            cursor.close()

    def _forget(self) -> None:
        """Drop a database that refuses to work on; the next query opens another."""
        with self._lock:
            self._connection = None
            self._idle.clear()

    def _open(self) -> duckdb.DuckDBPyConnection:
        if self._temporary is None:
            # Readable by its owner only, because events may be spilled into it, and never inside the store.
            self._temporary = tempfile.mkdtemp(prefix="logtui-")
        try:
            connection = duckdb.connect(":memory:", config={**_CONFIG, "threads": str(self._threads)})
            allowed = dict.fromkeys(each.rstrip("/") + "/" for each in (self._root, glob.escape(self._root)))
            connection.execute(f"SET temp_directory = {quoted(self._temporary)}")
            connection.execute(f"SET allowed_directories = [{', '.join(map(quoted, allowed))}]")
            for statement in _SETTINGS:
                connection.execute(statement)
        except FAULTS as error:
            raise StoreError(f"DuckDB cannot be started: {error}") from error
        return connection


class _Step:
    """One running query that can be interrupted from any thread until it ends."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self._cursor = cursor
        self._lock = threading.Lock()
        self._ended = threading.Event()

    def interrupt(self) -> None:
        """Interrupt, again and again until the query ends: one that comes just before the query starts is lost."""
        self._once()
        threading.Thread(target=self._insist, name="logtui-interrupt", daemon=True).start()

    def end(self) -> None:
        """Say that the query is over, so that an interrupt cannot hit the next one."""
        with self._lock:
            self._ended.set()

    def _insist(self) -> None:
        while not self._ended.wait(_INSIST_SECONDS):
            self._once()

    def _once(self) -> None:
        with self._lock:
            if not self._ended.is_set():
                self._cursor.interrupt()


def quoted(text: str) -> str:
    """Return an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
