"""The hardened in-memory DuckDB that reads the files.

One database per engine, one cursor per running query: a connection that two threads share gives wrong results. It may
read the store's directory and nothing else, and its settings are locked.
"""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logtui.core.cancel import CancelToken
from logtui.core.errors import Cancelled, StoreError
from logtui.storage.duckdb.driver import duckdb
from logtui.storage.duckdb.errors import FAULTS, Fault, QueryFault, fault_of
from logtui.storage.duckdb.paths import allowed_forms
from logtui.storage.duckdb.starting import MEMORY_MB, start

if TYPE_CHECKING:
    from logtui.storage.throwaway import ThrowAway

Row = tuple[Any, ...]
MOST_MEMORY_MB = max(1024, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**21)
"""What may be taken for a question that cannot be answered with less, half of the machine's memory: DuckDB reads 2,048
payloads at a time, and each may be large."""
_INSIST_SECONDS = 0.01
_CLOSE_SECONDS = 5.0

# These cannot be given when the database is made; the last two end all changes.
_SETTINGS = (
    "SET GLOBAL parquet_metadata_cache = true",
    "SET GLOBAL TimeZone = 'UTC'",
    "SET python_enable_replacements = false",
    "SET allowed_configs = ['memory_limit', 'threads', 'disable_parquet_prefetching', 'parquet_metadata_cache']",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)


class Pace(Enum):
    """What is known of how long a query takes."""

    LONG = "long"
    """Perhaps long: a core is left to the screen."""
    HURRIED = "hurried"
    """Soon over: it takes that core, too."""
    SHORT = "short"
    """It reads a few pages of a row group. DuckDB reads row groups ahead, all of their columns, and would take longer
    the larger they are. The next ones mostly look into the same file, whose footer is kept: others go through many
    files, and of each, what DuckDB keeps takes a quarter of a megabyte (19 row groups), which it counts as 60 kB."""


class Database:
    """Runs queries. Opened by the first one; usable from any thread."""

    def __init__(self, root: str, *, threads: int, most_threads: int = 0, memory_mb: int = MEMORY_MB) -> None:
        """Open nothing yet.

        Args:
            most_threads: for a query that is in a hurry, if more than `threads`.
        """
        self._root = root
        self._threads = threads
        self._most_threads = max(threads, most_threads)
        self._threads_now = threads
        self._memory_mb = memory_mb
        self._lock = threading.Lock()
        self._ended = threading.Condition(self._lock)
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._temporary: ThrowAway | None = None
        self._idle: dict[bool, list[duckdb.DuckDBPyConnection]] = {False: [], True: []}
        """Cursors that can be used again, by whether they are for short queries."""
        self._running: set[_Step] = set()
        self._is_closed = False

    def rows(
        self, sql: str, params: Sequence[object], token: CancelToken, *, may_grow: bool = True, pace: Pace = Pace.LONG
    ) -> list[Row]:
        """Run one query and return all its rows.

        Args:
            may_grow: take more memory, up to `MOST_MEMORY_MB`, when there is not enough.
            pace: changes how it is answered, never the answer.

        Raises:
            Cancelled: the token was cancelled, or the database closed meanwhile.
            StoreError: the database is closed already, or cannot be opened.
            QueryFault: the query failed.
        """
        while True:
            memory_mb = self._memory_mb
            try:
                return self._rows(sql, params, token, pace)
            except QueryFault as fault:
                is_short = fault.fault is Fault.OUT_OF_MEMORY
                if not (is_short and may_grow and self._grow(memory_mb)):
                    raise

    def _rows(self, sql: str, params: Sequence[object], token: CancelToken, pace: Pace) -> list[Row]:
        token.check()
        with self._step(pace) as step:
            try:
                with token.interrupting(step.interrupt):
                    return step.cursor.execute(sql, params).fetchall()
            except FAULTS as error:
                step.is_sound = False
                if token.is_cancelled or self._is_closed:
                    raise Cancelled from error
                raise self._fault(error) from error

    def _grow(self, memory_mb: int) -> bool:
        """Double the memory, unless another question did meanwhile; tell whether there is more than `memory_mb`."""
        with self._lock:
            if self._memory_mb == memory_mb < MOST_MEMORY_MB and self._connection is not None:
                self._memory_mb = min(2 * memory_mb, MOST_MEMORY_MB)
                self._connection.execute(f"SET GLOBAL memory_limit = '{self._memory_mb}MB'")
            return self._memory_mb > memory_mb

    def _take_threads(self, wanted: int, connection: duckdb.DuckDBPyConnection) -> None:
        """Change the number of threads; costs a millisecond and a half."""
        if wanted == self._threads_now or (wanted < self._threads_now and self._running):
            # To end a thread, DuckDB waits until it has done its part of whatever runs.
            return
        # As quick with those that there are, or almost: whatever is wrong, the query itself will tell.
        with suppress(*FAULTS):
            connection.execute(f"SET GLOBAL threads = {wanted:d}")
            self._threads_now = wanted

    def alias(self, path: str) -> str:
        """Return another path to a file whose own has no form that DuckDB takes."""
        with self._lock:
            import hashlib

            name = self._private() / f"{hashlib.sha256(path.encode(errors='surrogateescape')).hexdigest()}.parquet"
        with suppress(FileExistsError):
            name.symlink_to(path)
        return str(name)

    def close(self) -> None:
        """Interrupt what runs, wait for it to end and release everything. Idempotent."""
        with self._lock:
            self._is_closed = True
            for step in self._running:
                step.interrupt()
            # Closing under a running query ends the process; one that does not end in time is left alone.
            if self._ended.wait_for(lambda: not self._running, _CLOSE_SECONDS):
                self._drop()
            temporary, self._temporary = self._temporary, None
        if temporary is not None:
            temporary.remove()

    @contextmanager
    def _step(self, pace: Pace) -> Iterator[_Step]:
        with self._lock:
            if self._is_closed:
                raise StoreError("the store is closed")
            if self._connection is None:
                self._connection = self._open()
            connection = self._connection
            self._take_threads(self._most_threads if pace is Pace.HURRIED else self._threads, connection)
            idle = self._idle[pace is Pace.SHORT]
            step = _Step(idle.pop() if idle else _cursor(connection, is_short=pace is Pace.SHORT))
            self._running.add(step)
        try:
            yield step
        finally:
            step.end()
            with self._lock:
                self._running.discard(step)
                if step.is_sound and connection is self._connection:
                    idle.append(step.cursor)
                else:
                    step.cursor.close()
                self._ended.notify_all()

    def _fault(self, error: BaseException) -> QueryFault:
        found = fault_of(error)
        if found.fault is Fault.DATABASE:
            # It refuses to work on; the next query opens another.
            with self._lock:
                self._drop()
        return found

    def _drop(self) -> None:
        for idle in self._idle.values():
            for each in idle:
                each.close()
            idle.clear()
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def _open(self) -> duckdb.DuckDBPyConnection:
        private = self._private()
        allowed = [quoted(each.rstrip("/") + "/") for each in {*allowed_forms(self._root), str(private)}]
        self._threads_now = self._threads
        try:
            connection = start(self._threads, self._memory_mb)
            connection.execute(f"SET temp_directory = {quoted(str(private))}")
            connection.execute(f"SET allowed_directories = [{', '.join(allowed)}]")
            for statement in _SETTINGS:
                connection.execute(statement)
        except FAULTS as error:
            raise StoreError(f"DuckDB cannot be started: {error}") from error
        return connection

    def _private(self) -> Path:
        """Return a directory that only this user may read, because events may be spilled into it."""
        if self._temporary is None:
            try:
                from logtui.storage.throwaway import ThrowAway

                self._temporary = ThrowAway("logtui-")
            except OSError as error:
                raise StoreError(f"no place for temporary files: {error.strerror}; set TMPDIR") from error
            weakref.finalize(self, self._temporary.remove)
        return self._temporary.path


class _Step:
    """One running query that can be interrupted from any thread until it ends."""

    def __init__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        self.cursor = cursor
        self.is_sound = True
        """Whether the cursor can serve another query."""
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
                self.cursor.interrupt()


def _cursor(connection: duckdb.DuckDBPyConnection, *, is_short: bool) -> duckdb.DuckDBPyConnection:
    cursor = connection.cursor()
    setting = "disable_parquet_prefetching = true" if is_short else "parquet_metadata_cache = false"
    with suppress(*FAULTS):
        cursor.execute(f"SET SESSION {setting}")
    return cursor


def quoted(text: str) -> str:
    """Return an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"
