"""What must hold (issue 6), each beside the figure of this run that shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.peers.report import amounts
from benchmarks.peers.report.tables import grid
from benchmarks.peers.results import Measured, Results
from benchmarks.peers.sizes import GROUP

BIG, MIDDLE, SMALL = "100000000-365", "10000000-365", "1000000-365"


@dataclass(frozen=True, slots=True)
class Bound:
    """One promise. `value` returns None where this run did not measure it."""

    text: str
    value: Callable[[Results], float | None]
    most: float
    write: Callable[[float], str]


def _time(store: str, question: str) -> Callable[[Results], float | None]:
    return _of(store, question, lambda each: each.median)


def _of(store: str, question: str, what: Callable[[Measured], float | None]) -> Callable[[Results], float | None]:
    def value(results: Results) -> float | None:
        found = results.find(store, question)
        return None if found is None else what(found)

    return value


def _part(store: str, question: str, tool: str, *, than: str | None = None) -> Callable[[Results], float | None]:
    """logtui's time as a part of another's: of a tool, or for a question."""

    def value(results: Results) -> float | None:
        ours = results.find(store, question)
        theirs = results.find(store, than or question, tool)
        return None if ours is None or theirs is None else ours.median / theirs.median

    return value


def _by_size(question: str) -> Callable[[Results], float | None]:
    """Return logtui's time on the large store as a part of its own on the small one."""

    def value(results: Results) -> float | None:
        large, small = (results.find(GROUP, question, store) for store in (BIG, SMALL))
        return None if large is None or small is None else large.median / small.median

    return value


def _more(store: str, question: str, than: str) -> Callable[[Results], float | None]:
    def value(results: Results) -> float | None:
        one, other = results.find(store, question), results.find(store, than)
        return None if one is None or other is None else one.median - other.median

    return value


BOUNDS = (
    Bound("first page of 100 M events", _time(BIG, "page"), 0.010, amounts.seconds),
    Bound("the same, against its own of 1 M, in turns", _by_size("page"), 1.1, amounts.times),
    Bound("next pages of 100 M, each", _time(BIG, "next"), 0.010, amounts.seconds),
    Bound("the same, against its own of 1 M, in turns", _by_size("next"), 1.1, amounts.times),
    Bound("how many of 100 M", _time(BIG, "count"), 0.050, amounts.seconds),
    Bound("histogram of 100 M", _time(BIG, "histogram"), 0.050, amounts.seconds),
    Bound("values of three columns of 100 M", _time(BIG, "facets"), 0.050, amounts.seconds),
    Bound("ten busiest actors of 100 M, within bounds", _of(BIG, "facet-actor", lambda each: each.first), 0.050,
          amounts.seconds),
    Bound("absent trace ID in 100 M", _time(BIG, "trace-absent"), 0.040, amounts.seconds),
    Bound("the same, bytes read", _of(BIG, "trace-absent", lambda each: each.read), 4e6, amounts.size),
    Bound("the same, against DuckDB on its own files", _part(BIG, "trace-absent", "duckdb-own"), 0.05, amounts.times),
    Bound("a present one, beyond that", _more(BIG, "trace", "trace-absent"), 0.015, amounts.seconds),
    Bound("one actor in 100 M, first rows", _of(BIG, "actor", lambda each: each.first), 0.030, amounts.seconds),
    Bound("the same, all rows", _time(BIG, "actor"), 0.150, amounts.seconds),
    Bound("rare word in 10 M", _time(MIDDLE, "word"), 0.400, amounts.seconds),
    Bound("the same, against DuckDB's ILIKE", _part(MIDDLE, "word", "duckdb"), 0.1, amounts.times),
    Bound("the same, against rg over the NDJSON", _part(MIDDLE, "word", "rg"), 0.1, amounts.times),
    Bound("exec to newest event, against bare Textual", _part("screens", "start", "textual"), 1.3, amounts.times),
    Bound("logtui query --limit 1, against import duckdb", _part("screens", "once", "import"), 1.6, amounts.times),
)  # fmt: skip


def table(results: Results) -> str:
    """Return all promises; what was not measured in this run says so."""
    rows = []
    for bound in BOUNDS:
        value = bound.value(results)
        verdict = "not measured" if value is None else "holds" if value <= bound.most else "**missed**"
        rows.append([bound.text, "" if value is None else bound.write(value), bound.write(bound.most), verdict])
    return grid(["what", "measured", "bound", ""], rows)
