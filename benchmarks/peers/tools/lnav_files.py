"""lnav on its command line, over one NDJSON file and a format of ours for its lines.

Each question is a start of lnav, which reads and indexes the file first: on its screen that is paid once.
"""

from __future__ import annotations

import csv
import io
import json
import subprocess
import tempfile
from pathlib import Path

from benchmarks.peers.answer import Answer, CannotAnswerError
from benchmarks.peers.command import run
from benchmarks.peers.questions import Question, Where

TABLE = "audit_events"
_SHOWN = {"kind": "string", "identifier": True}
_HIDDEN = {"kind": "string", "hidden": True}
FORMAT = {
    "$schema": "https://lnav.org/schemas/format-v1.schema.json",
    TABLE: {
        "title": "audit events",
        "description": "logtui's NDJSON",
        "json": True,
        "hide-extra": True,
        "file-pattern": r".*\.ndjson",
        "timestamp-field": "event_time",
        "level-field": "severity",
        "line-format": [
            {"field": "__timestamp__"}, " ", {"field": "event_type"}, " ", {"field": "actor"}, " ",
            {"field": "trace_id"},
        ],
        "value": {
            "event_type": _SHOWN, "actor": _SHOWN, "trace_id": _SHOWN, "event_id": _HIDDEN, "subject": _HIDDEN,
            "source": _HIDDEN, "severity": _HIDDEN, "payload": {"kind": "json", "hidden": True},
        },
    },
}  # fmt: skip


def open_tool(place: str) -> LnavFiles:
    return LnavFiles(Path(place))


def write_format(configuration: Path) -> None:
    """Tell lnav, in a directory for `-I`, what our lines are."""
    place = configuration / "formats" / TABLE
    place.mkdir(parents=True, exist_ok=True)
    (place / "format.json").write_text(json.dumps(FORMAT))


def _condition(where: Where) -> str:
    value = where.value.replace("'", "''")
    match where.kind:
        case "type":
            return f"event_type LIKE '{value}%'"
        case "actor":
            return f"actor = '{value}'"
        case "trace":
            return f"trace_id = '{value}'"
        case "word":
            return f"log_raw_text LIKE '%{value}%'"
        case "leaf":
            return f"payload->>'$.{where.path}' = '{value}'"
        case "number":
            return f"CAST(payload->>'$.{where.path}' AS REAL) >= {float(value)}"
        case "all":
            return "1"
        case _:
            raise CannotAnswerError("its times are of milliseconds")


class LnavFiles:
    def __init__(self, place: Path) -> None:
        self._peak = 0
        self._files = [str(path) for path in sorted(place.glob("*.ndjson"))]
        self._configuration = tempfile.TemporaryDirectory(prefix="bench-lnav-")
        write_format(Path(self._configuration.name))
        self.version = subprocess.run(["lnav", "-V"], capture_output=True, text=True, check=True).stdout.strip()

    def _rows(self, select: str) -> list[list[str]]:
        command = ["lnav", "-I", self._configuration.name, "-n", "-c", f";{select}", "-c", ":write-csv-to -"]
        done = run([*command, *self._files])
        self._peak = max(self._peak, done.peak)
        if "no query result to write" in done.complaint:
            return []
        if done.status or done.complaint.strip():
            raise RuntimeError((done.complaint or done.output)[:300])
        return list(csv.reader(io.StringIO(done.output)))[1:]

    def ask(self, question: Question) -> Answer:
        self._peak = 0
        answer = self._answer(question)
        answer.peak = self._peak
        return answer

    def _answer(self, question: Question) -> Answer:
        where = _condition(question.where)
        match question.asks:
            case "page":
                limit = f"LIMIT {question.limit}" if question.limit else ""
                columns = "event_id, log_time, event_type, actor, subject, source, trace_id"
                rows = self._rows(f"SELECT {columns} FROM {TABLE} WHERE {where} ORDER BY log_line DESC {limit}")
                return Answer([row[0] for row in rows])
            case "count":
                return Answer([int(self._rows(f"SELECT count(*) FROM {TABLE} WHERE {where}")[0][0])])
            case "facets" if question.columns == ("event_type", "severity", "source"):
                return self._facets(question)
            case _:
                raise CannotAnswerError("its screen pages and draws histograms of itself; its command line does not")

    def _facets(self, question: Question) -> Answer:
        answer = Answer()
        for column in question.columns:
            rest = f"GROUP BY 1 ORDER BY 2 DESC, 1 NULLS LAST LIMIT {question.limit}"
            for value, count in self._rows(f"SELECT {column}, count(*) FROM {TABLE} {rest}"):
                answer.values.append([value or None, int(count)])
        return answer
