"""The one map from DuckDB's errors to ours.

The same fault comes as different classes (`IOException` from a query, the built-in `OSError` from a stream), so what
matters is what the message says.
"""

from __future__ import annotations

from enum import Enum, auto

from logtui.storage.duckdb.driver import duckdb

FAULTS = (duckdb.Error, OSError, RuntimeError, MemoryError)
"""Everything that DuckDB's Python client raises for reasons outside this program's control."""


class Fault(Enum):
    """Why a query failed, as far as it decides what to do next."""

    INTERRUPTED = auto()
    OUT_OF_MEMORY = auto()
    TOO_MANY_FILES = auto()
    """The process may not open more files."""
    DATABASE = auto()
    """The in-memory database is unusable and must be opened again."""
    GONE = auto()
    """A file was not there when it was to be opened; it may be back by now, as a day that was restored."""
    DATA = auto()
    """A file, or the query itself."""


_BY_TEXT = (
    ("no such file or directory", Fault.GONE),
    ("no files found that match the pattern", Fault.GONE),
    ("too many open files", Fault.TOO_MANY_FILES),
    ("query interrupted", Fault.INTERRUPTED),
    ("interrupted!", Fault.INTERRUPTED),
    ("has been invalidated", Fault.DATABASE),
    ("connection already closed", Fault.DATABASE),
    ("connection error", Fault.DATABASE),
)
_BY_CLASS = (
    (duckdb.InterruptException, Fault.INTERRUPTED),
    (duckdb.OutOfMemoryException, Fault.OUT_OF_MEMORY),
    (MemoryError, Fault.OUT_OF_MEMORY),
    (duckdb.FatalException, Fault.DATABASE),
    (duckdb.InternalException, Fault.DATABASE),
    (duckdb.ConnectionException, Fault.DATABASE),
)


class QueryFault(Exception):  # noqa: N818 - carries a fault to the place that decides
    """A query failed. Never leaves the engine."""

    def __init__(self, fault: Fault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
        self.message = message


def fault_of(error: BaseException) -> QueryFault:
    """Translate what DuckDB raised."""
    message = str(error)
    lowered = message.lower()
    for text, fault in _BY_TEXT:
        if text in lowered:
            return QueryFault(fault, message)
    for kind, fault in _BY_CLASS:
        if isinstance(error, kind):
            return QueryFault(fault, message)
    return QueryFault(Fault.DATA, message)


def plain(message: str) -> str:
    """Return DuckDB's message as one line of ours: without the class in front, lower case, no full stop."""
    first = message.strip().splitlines()[0] if message.strip() else "unknown error"
    for prefix in ("Invalid Input Error: ", "IO Error: ", "Conversion Error: ", "Invalid Error: ", "INTERNAL Error: "):
        first = first.removeprefix(prefix)
    return (first[:1].lower() + first[1:]).rstrip(".")
