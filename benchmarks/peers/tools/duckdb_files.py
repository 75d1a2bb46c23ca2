"""DuckDB as its users have it: one connection for all questions, so that what it caches serves the next."""

from __future__ import annotations

import os

import duckdb

from benchmarks.peers.answer import Answer
from benchmarks.peers.questions import HOUR, LISTED, NEXT_PAGES, Question, Where

_COLUMNS = ", ".join(f"epoch_us({name})" if name in ("event_time", "ingested_at") else name for name in LISTED)
_ORDER = "ORDER BY event_time DESC, event_id DESC"
_Condition = tuple[str, list[object]]


def open_tool(files: str) -> DuckDBFiles:
    return DuckDBFiles(files)


def condition(where: Where) -> _Condition:
    """Return what comes after WHERE, and its parameters."""
    match where.kind:
        case "type":
            return "starts_with(event_type, ?)", [where.value]
        case "actor":
            return "actor = ?", [where.value]
        case "trace":
            return "trace_id = ?", [where.value]
        case "word":
            return "payload ILIKE ?", [f"%{where.value}%"]
        case "leaf":
            return f"payload->>'$.{where.path}' = ?", [where.value]
        case "number":
            return f"TRY_CAST(payload->>'$.{where.path}' AS DOUBLE) >= ?", [float(where.value)]
        case "range":
            return "event_time >= make_timestamptz(?) AND event_time < make_timestamptz(?)", [where.start, where.end]
        case _:
            return "true", []


class DuckDBFiles:
    version = duckdb.__version__

    def __init__(self, files: str) -> None:
        self._connection = duckdb.connect()
        self._connection.execute("SET parquet_metadata_cache = true")
        # Its cache of files would take four fifths of the memory, which the other tools share.
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
        self._connection.execute(f"SET memory_limit = '{memory * 3 // 10 // 2**20} MiB'")
        self._events = f"read_parquet('{files}', hive_partitioning = false)"

    def _rows(self, select: str, where: _Condition, rest: str = "") -> list[tuple[object, ...]]:
        return self._connection.execute(
            f"SELECT {select} FROM {self._events} WHERE {where[0]} {rest}", where[1]
        ).fetchall()

    def ask(self, question: Question) -> Answer:
        where = condition(question.where)
        match question.asks:
            case "page":
                limit = f"LIMIT {question.limit}" if question.limit else ""
                return Answer([row[1] for row in self._rows(_COLUMNS, where, f"{_ORDER} {limit}")])
            case "pages":
                return self._pages(question)
            case "histogram":
                bars = self._rows(
                    f"epoch_us(event_time) // {HOUR} * {HOUR} AS bar, count(*)", where, "GROUP BY bar ORDER BY bar"
                )
                return Answer([list(bar) for bar in bars])
            case "facets":
                return Answer(
                    [
                        list(row)
                        for column in question.columns
                        for row in self._rows(
                            f"{column}, count(*) AS found",
                            where,
                            f"GROUP BY {column} ORDER BY found DESC, {column} NULLS LAST LIMIT {question.limit}",
                        )
                    ]
                )
            case _:
                return Answer([self._rows("count(*)", where)[0][0]])

    def _pages(self, question: Question) -> Answer:
        answer, after = Answer(), question.after
        for _ in range(NEXT_PAGES):
            assert after is not None
            at, event_id = after
            # The plain comparison of the time is what lets DuckDB skip files and row groups.
            where = "event_time <= make_timestamptz(?) AND (event_time < make_timestamptz(?) OR event_id < ?)"
            rows = self._rows(_COLUMNS, (where, [at, at, event_id]), f"{_ORDER} LIMIT {question.limit}")
            answer.values.extend(row[1] for row in rows)
            if len(rows) < question.limit:
                break
            after = (int(str(rows[-1][0])), str(rows[-1][1]))
        return answer
