"""ClickHouse in the process (chDB): over Parquet files, or over its own MergeTree table with indexes.

The table is what ClickHouse's users make of events: ordered by time, with Bloom filters on ids and on the tokens of the
payload. It has to be imported first, into a directory that only one process may open.
"""

from __future__ import annotations

import json
from pathlib import Path

import chdb
from chdb.session import Session

from benchmarks.peers.answer import Answer
from benchmarks.peers.questions import HOUR, LISTED, NEXT_PAGES, Question, Where

_COLUMNS = ", ".join(
    f"toUnixTimestamp64Micro({name})" if name in ("event_time", "ingested_at") else name for name in LISTED
)
_ORDER = "ORDER BY event_time DESC, event_id DESC"
TABLE = """CREATE TABLE events (
    event_time DateTime64(6, 'UTC') CODEC(Delta, ZSTD), event_id String CODEC(ZSTD), event_type LowCardinality(String),
    severity LowCardinality(Nullable(String)), actor Nullable(String) CODEC(ZSTD),
    actor_type LowCardinality(Nullable(String)), subject Nullable(String) CODEC(ZSTD),
    subject_type LowCardinality(Nullable(String)), source LowCardinality(Nullable(String)),
    trace_id Nullable(String) CODEC(ZSTD), device_id Nullable(String) CODEC(ZSTD), ip Nullable(String) CODEC(ZSTD),
    payload String CODEC(ZSTD), ingested_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD),
    INDEX ids event_id TYPE bloom_filter GRANULARITY 1, INDEX actors actor TYPE bloom_filter GRANULARITY 1,
    INDEX traces trace_id TYPE bloom_filter GRANULARITY 1,
    INDEX words lower(payload) TYPE ngrambf_v1(4, 65536, 2, 0) GRANULARITY 1
) ENGINE = MergeTree ORDER BY (event_time, event_id) PARTITION BY toYYYYMM(event_time)"""


def open_tool(kind: str, place: str) -> ChDB:
    if kind == "files":
        return ChDB(Session(), f"file('{place}', Parquet)", is_table=False)
    return ChDB(Session(place), "bench.events", is_table=True)


def make_table(files: str, place: Path) -> None:
    """Import Parquet files into a new table."""
    session = Session(str(place))
    session.query("CREATE DATABASE bench")
    session.query(TABLE.replace("TABLE events", "TABLE bench.events"))
    columns = ", ".join((*LISTED, "payload"))
    session.query(f"INSERT INTO bench.events ({columns}) SELECT {columns} FROM file('{files}', Parquet)")
    session.query("OPTIMIZE TABLE bench.events FINAL")
    session.close()


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


class ChDB:
    version = f"{chdb.__version__} (ClickHouse {chdb.engine_version})"

    def __init__(self, session: Session, events: str, *, is_table: bool) -> None:
        self._session, self._events, self._is_table = session, events, is_table

    def _condition(self, where: Where) -> str:
        value = _quoted(where.value)
        match where.kind:
            case "type":
                return f"startsWith(event_type, {value})"
            case "actor":
                return f"actor = {value}"
            case "trace":
                return f"trace_id = {value}"
            case "word" if self._is_table:
                return f"lower(payload) LIKE {_quoted('%' + where.value.lower() + '%')}"
            case "word":
                return f"payload ILIKE {_quoted('%' + where.value + '%')}"
            case "leaf":
                return f"JSONExtractString(payload, '{where.path}') = {value}"
            case "number":
                return f"JSONExtractFloat(payload, '{where.path}') >= {float(where.value)}"
            case "range":
                start, end = (f"fromUnixTimestamp64Micro({at}, 'UTC')" for at in (where.start, where.end))
                return f"event_time >= {start} AND event_time < {end}"
            case _:
                return "1"

    def _rows(self, select: str, where: str, rest: str = "") -> list[list[object]]:
        text = self._session.query(f"SELECT {select} FROM {self._events} WHERE {where} {rest}", "JSONCompact").bytes()
        rows: list[list[object]] = json.loads(text)["data"]
        return rows

    def ask(self, question: Question) -> Answer:
        where = self._condition(question.where)
        match question.asks:
            case "page":
                limit = f"LIMIT {question.limit}" if question.limit else ""
                return Answer([row[1] for row in self._rows(_COLUMNS, where, f"{_ORDER} {limit}")])
            case "pages":
                return self._pages(question)
            case "histogram":
                bar = f"intDiv(toUnixTimestamp64Micro(event_time), {HOUR}) * {HOUR} AS bar, count()"
                return Answer(
                    [
                        [int(str(at)), int(str(found))]
                        for at, found in self._rows(bar, where, "GROUP BY bar ORDER BY bar")
                    ]
                )
            case "facets":
                return self._facets(question, where)
            case _:
                return Answer([int(str(self._rows("count()", where)[0][0]))])

    def _facets(self, question: Question, where: str) -> Answer:
        answer = Answer()
        for column in question.columns:
            rest = f"GROUP BY {column} ORDER BY found DESC, {column} NULLS LAST LIMIT {question.limit}"
            rows = self._rows(f"{column}, count() AS found", where, rest)
            answer.values.extend([value, int(str(found))] for value, found in rows)
        return answer

    def _pages(self, question: Question) -> Answer:
        answer, after = Answer(), question.after
        for _ in range(NEXT_PAGES):
            assert after is not None
            at, event_id = f"fromUnixTimestamp64Micro({after[0]}, 'UTC')", _quoted(after[1])
            where = f"event_time <= {at} AND (event_time, event_id) < ({at}, {event_id})"
            rows = self._rows(_COLUMNS, where, f"{_ORDER} LIMIT {question.limit}")
            answer.values.extend(row[1] for row in rows)
            if len(rows) < question.limit:
                break
            after = (int(str(rows[-1][0])), str(rows[-1][1]))
        return answer
