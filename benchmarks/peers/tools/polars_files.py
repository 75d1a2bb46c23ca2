"""Polars: a lazy scan over the Parquet files, as its users write it."""

from __future__ import annotations

import polars as pl

from benchmarks.peers.answer import Answer
from benchmarks.peers.questions import HOUR, LISTED, NEXT_PAGES, Question, Where

_ORDER = ["event_time", "event_id"]


def open_tool(files: str) -> PolarsFiles:
    return PolarsFiles(files)


def condition(where: Where) -> pl.Expr:
    """Return the condition as an expression."""
    match where.kind:
        case "type":
            return pl.col("event_type").str.starts_with(where.value)
        case "actor":
            return pl.col("actor") == where.value
        case "trace":
            return pl.col("trace_id") == where.value
        case "word":
            return pl.col("payload").str.contains_any([where.value], ascii_case_insensitive=True)
        case "leaf":
            return pl.col("payload").str.json_path_match(f"$.{where.path}") == where.value
        case "number":
            leaf = pl.col("payload").str.json_path_match(f"$.{where.path}").cast(pl.Float64, strict=False)
            return leaf >= float(where.value)
        case "range":
            return (pl.col("event_time") >= _time(where.start)) & (pl.col("event_time") < _time(where.end))
        case _:
            return pl.lit(True)


def _time(at: int) -> pl.Expr:
    return pl.lit(at).cast(pl.Datetime("us", "UTC"))


class PolarsFiles:
    version = pl.__version__

    def __init__(self, files: str) -> None:
        self._events = pl.scan_parquet(files, hive_partitioning=False)

    def ask(self, question: Question) -> Answer:
        events = self._events if question.where.kind == "all" else self._events.filter(condition(question.where))
        match question.asks:
            case "page":
                listed = events.select(LISTED)
                ordered = listed.top_k(question.limit, by=_ORDER) if question.limit else listed
                frame = ordered.sort(_ORDER, descending=True).collect()
                return Answer([row[1] for row in frame.rows()])
            case "pages":
                return self._pages(question)
            case "histogram":
                bar = (pl.col("event_time").dt.epoch("us") // HOUR * HOUR).alias("bar")
                bars = events.group_by(bar).len().sort("bar").collect()
                return Answer([list(row) for row in bars.rows()])
            case "facets":
                return Answer(
                    [list(row) for column in question.columns for row in self._facet(events, column, question.limit)]
                )
            case _:
                return Answer([events.select(pl.len()).collect().item()])

    def _facet(self, events: pl.LazyFrame, column: str, limit: int) -> list[tuple[object, ...]]:
        counts = events.group_by(column).agg(pl.len().alias("found"))
        ordered = counts.sort(["found", column], descending=[True, False], nulls_last=True)
        return ordered.head(limit).collect().rows()

    def _pages(self, question: Question) -> Answer:
        answer, after = Answer(), question.after
        for _ in range(NEXT_PAGES):
            assert after is not None
            at = _time(after[0])
            time, event_id = pl.col("event_time"), pl.col("event_id")
            older = self._events.filter((time <= at) & ((time < at) | (event_id < after[1]))).select(LISTED)
            frame = older.top_k(question.limit, by=_ORDER).sort(_ORDER, descending=True).collect()
            answer.values.extend(frame["event_id"])
            if len(frame) < question.limit:
                break
            after = (int(frame["event_time"].dt.epoch("us")[-1]), str(frame["event_id"][-1]))
        return answer
