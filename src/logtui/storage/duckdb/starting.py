"""Starts DuckDB, hardened as far as can be said at once; beforehand, where it is known that it will be asked.

To start takes DuckDB 24 ms, of which it needs the interpreter for few: done while the rest of the program is imported,
it is almost free.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from contextlib import suppress

from logtui.storage.duckdb.driver import duckdb
from logtui.storage.duckdb.errors import FAULTS

Config = Mapping[str, str | bool | int | float | list[str]]

MEMORY_MB = 128
"""With the interpreter, DuckDB itself and the screen, the process stays below 300 MB."""

_CONFIG: Config = {
    "max_temp_directory_size": "4GB",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_persistent_secrets": "false",
    # Every result is ordered; without this, scans need not keep their order in memory.
    "preserve_insertion_order": "false",
}
_LEFT_TO_THE_KERNEL = {signal.SIGSEGV, signal.SIGBUS, signal.SIGFPE, signal.SIGILL, signal.SIGABRT}


def usual_threads() -> int:
    """Return how many threads a query has: one core is left to the screen."""
    return max(1, (os.cpu_count() or 2) - 1)


def most_threads() -> int:
    """Return how many threads a query has that is in a hurry."""
    return os.cpu_count() or 2


def start(threads: int, memory_mb: int) -> duckdb.DuckDBPyConnection:
    """Return a new database in memory, whose settings can still be changed.

    Raises:
        Exception: whatever DuckDB raises; see `errors.FAULTS`.
    """
    is_usual = (threads, memory_mb) == (usual_threads(), MEMORY_MB)
    beforehand = _head_start.take() if is_usual else None
    return _connect(threads, memory_mb) if beforehand is None else beforehand


def start_beforehand() -> None:
    """Begin to start the usual database, for the first who wants it."""
    _head_start.begin()


def _connect(threads: int, memory_mb: int) -> duckdb.DuckDBPyConnection:
    config = {**_CONFIG, "threads": str(threads), "memory_limit": f"{memory_mb}MB"}
    return duckdb.connect(":memory:", config=config)


class _HeadStart:
    """A database that nobody has asked for yet."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: duckdb.DuckDBPyConnection | None = None

    def begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="head-start", daemon=True)
        self._thread.start()

    def take(self) -> duckdb.DuckDBPyConnection | None:
        """Wait for the database and hand it out, once; None if there is none."""
        with self._lock:
            if self._thread is not None:
                self._thread.join()
            taken, self._thread, self._connection = self._connection, None, None
            return taken

    def _run(self) -> None:
        # DuckDB's own threads are made here. A signal that reached one of them would not wake the main thread.
        signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals() - _LEFT_TO_THE_KERNEL)
        # Whoever wants it tries again, and is told what is wrong.
        with suppress(*FAULTS):
            self._connection = _connect(usual_threads(), MEMORY_MB)


_head_start = _HeadStart()
