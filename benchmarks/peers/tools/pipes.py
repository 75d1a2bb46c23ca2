"""ripgrep, jq and the tools that come with every system, over one NDJSON file a day, oldest event first.

What is newest is taken from the end of the newest files (`tac`), what may be anywhere is looked for by rg, with all
cores, and jq reads only the lines that rg let through. Where a plain text search would also find the value in another
key, jq looks again.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

from benchmarks.peers.answer import Answer, CannotAnswerError
from benchmarks.peers.command import run
from benchmarks.peers.questions import NEXT_PAGES, Question, Where

_PAGE = "jq -c '[.event_time, .event_id, .event_type, .severity, .actor, .subject, .source, .trace_id, .ip]'"


def open_tool(place: str) -> Pipes:
    return Pipes(Path(place))


def _pattern(where: Where) -> str:
    """Return the text that a line must hold, as arguments of rg."""
    match where.kind:
        case "type":
            return shlex.quote(f'"event_type":"{where.value}').join(["-F ", ""])
        case "actor":
            return "-F " + shlex.quote(f'"actor":"{where.value}"')
        case "trace":
            return "-F " + shlex.quote(f'"trace_id":"{where.value}"')
        case "word":
            return "-i -F " + shlex.quote(where.value)
        case "leaf":
            return "-F " + shlex.quote(f'"{where.path}":"{where.value}"')
        case "number":
            return f"-F '\"{where.path}\":'"
        case _:
            return "-F ''"


def _check(where: Where) -> str:
    match where.kind:
        case "leaf":
            return f"| jq -c 'select(.payload.{where.path} == \"{where.value}\")' "
        case "number":
            return f"| jq -c 'select(.payload.{where.path} >= {where.value})' "
        case "actor":
            return f"| jq -c 'select(.actor == \"{where.value}\")' "
        case _:
            return ""


class Pipes:
    def __init__(self, place: Path) -> None:
        self._place, self._peak = place, 0
        self._newest_first = " ".join(shlex.quote(str(path)) for path in sorted(place.glob("*.ndjson"), reverse=True))
        self.version = ", ".join(
            subprocess.run([tool, "--version"], capture_output=True, text=True, check=True).stdout.splitlines()[0]
            for tool in ("rg", "jq")
        )

    def _lines(self, command: str) -> list[str]:
        done = run(["bash", "-c", command], self._place)
        # rg says 1 where it found nothing, so only what it complains of is an error.
        if done.complaint.strip():
            raise RuntimeError(done.complaint[:300])
        self._peak = max(self._peak, done.peak)
        return done.output.splitlines()

    def _backwards(self) -> str:
        """Every line from the newest on; stops when nobody reads any more."""
        return f"for day in {self._newest_first}; do tac $day || break; done 2>/dev/null"

    def ask(self, question: Question) -> Answer:
        self._peak = 0
        answer = self._answer(question)
        answer.peak = self._peak
        return answer

    def _answer(self, question: Question) -> Answer:
        match question.asks:
            case "page":
                return self._page(question)
            case "pages":
                return self._pages(question)
            case "histogram":
                lines = self._lines(
                    r"""rg -uINo --no-unicode '^\{"event_time":"([^"]{13})' -r '$1' . | sort | uniq -c"""
                )
                return Answer([[_hour(at), int(found)] for found, at in map(str.split, lines)])
            case "facets" if question.columns == ("event_type", "severity", "source"):
                return self._facets(question.limit)
            case "count" if question.where.kind == "all":
                return Answer([sum(map(int, self._lines("cat *.ndjson | wc -l")))])
            case "count" if question.where.kind == "type":
                return Answer([sum(map(int, self._lines(f"rg -uINc --no-unicode {_pattern(question.where)} .")))])
            case _:
                raise CannotAnswerError("no usual pipeline for it")

    def _page(self, question: Question) -> Answer:
        pattern, check = _pattern(question.where), _check(question.where)
        if question.limit:
            find = "" if question.where.kind == "all" else f"| rg -N --no-unicode {pattern} "
            command = f"({self._backwards()}) {find}{check}| head -n {question.limit} | {_PAGE}"
        else:
            command = f"rg -uIN --no-unicode {pattern} . {check}| {_PAGE} | sort -r"
        return Answer([json.loads(line)[1] for line in self._lines(command)])

    def _pages(self, question: Question) -> Answer:
        answer, size = Answer(), question.limit
        for page in range(1, NEXT_PAGES + 1):
            part = f"sed -n '{page * size + 1},{(page + 1) * size}p;{(page + 1) * size}q'"
            found = [json.loads(line)[1] for line in self._lines(f"({self._backwards()}) | {part} | {_PAGE}")]
            answer.values.extend(found)
            if len(found) < size:
                break
        return answer

    def _facets(self, limit: int) -> Answer:
        answer = Answer()
        for name in ("event_type", "severity", "source"):
            # The columns come before the payload, and keep their order.
            command = (
                rf"""rg -uINo --no-unicode '^\{{"event_time".*?"{name}":("[^"]*"|null)' -r '$1' . | sort | uniq -c"""
            )
            counts = [line.split(maxsplit=1) for line in self._lines(command)]
            found = [(json.loads(value), int(count)) for count, value in counts]
            found.sort(key=lambda pair: (-pair[1], pair[0] is None, pair[0]))
            answer.values.extend([value, count] for value, count in found[:limit])
        return answer


def _hour(text: str) -> int:
    from datetime import UTC, datetime

    return int(datetime.strptime(text, "%Y-%m-%dT%H").replace(tzinfo=UTC).timestamp()) * 1_000_000
