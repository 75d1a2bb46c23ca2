"""A run that never was, for the tests of its report."""

from __future__ import annotations

from benchmarks.peers.results import Measured, Results, Store


def took(store: str, question: str, tool: str, *seconds: float, rows: int = 1, read: int | None = 1000) -> Measured:
    """What a tool took, each run in seconds."""
    first = seconds[0] if seconds else 0.0
    return Measured(store, question, f"the {question}", tool, seconds, first, first, read, 50_000_000, rows)


def results() -> Results:
    """Pages that do not grow, counts that grow with events, words that grow with both; DuckDB counts faster."""
    stores = [Store(f"{events}-{days}", events, days, {"logtui": events}, "abc") for events, days in _SIZES]
    measured = []
    for store in stores:
        scale = store.events / 1000
        measured += [
            took(store.name, "page", "logtui", 0.004, 0.004, 0.006),
            took(store.name, "page", "duckdb", 0.4 * scale),
            took(store.name, "count", "logtui", 0.002 * scale),
            took(store.name, "count", "duckdb", 0.001 * scale),
            took(store.name, "word", "logtui", 0.01 * scale * store.days, read=int(1000 * scale)),
            Measured(store.name, "word", "the word", "duckdb", note="took more than 300 s"),
        ]
    measured += [took("1000-100", f"matches-{rows}", "logtui", 0.001 * rows, rows=rows) for rows in (10, 100)]
    return Results(
        "2026-10-04", "a machine", "abc", {"logtui": "1", "duckdb": "2"}, {"lnav": "not installed"}, stores, measured
    )


_SIZES = ((1000, 10), (1000, 100), (10_000, 100))
