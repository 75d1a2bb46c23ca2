"""logtui, through the doors that its own screen and command line use."""

from __future__ import annotations

from pathlib import Path

from benchmarks.peers.answer import Answer
from benchmarks.peers.questions import HOUR, NEXT_PAGES, Question, Where
from logtui import __version__
from logtui.core.cancel import CancelToken
from logtui.core.event import Cursor
from logtui.core.page import Selection
from logtui.core.query.parser import parse
from logtui.core.times import format_instant
from logtui.session import Session, open_session


def open_tool(store: str) -> LogtuiStore:
    return LogtuiStore(open_session(Path(store)))


def query_text(where: Where) -> str:
    """Return the condition as a person types it."""
    match where.kind:
        case "type":
            return f"type:{where.value}*"
        case "actor" | "trace":
            return f"{where.kind}:{where.value}"
        case "word":
            return f'"{where.value}"'
        case "leaf":
            return f'payload.{where.path}:"{where.value}"'
        case "number":
            return f"payload.{where.path}:>={where.value}"
        case "range":
            return f"since:{format_instant(where.start)} until:{format_instant(where.end)}"
        case _:
            return ""


class LogtuiStore:
    """One open session."""

    version = __version__

    def __init__(self, session: Session) -> None:
        self._session = session

    def ask(self, question: Question) -> Answer:
        token = CancelToken()
        selection = self._session.search.select(parse(query_text(question.where)), token=token)
        match question.asks:
            case "page":
                return self._page(selection, question, token)
            case "pages":
                return self._pages(selection, question, token)
            case "facets":
                return self._facets(selection, question, token)
            case "histogram":
                return self._histogram(selection, token)
            case _:
                summary = list(self._session.search.summary(selection, bucket=None, token=token))[-1]
                return Answer([summary.total], is_exact=summary.is_exact)

    def _page(self, selection: Selection, question: Question, token: CancelToken) -> Answer:
        answer = Answer()
        for part in self._session.search.pages(selection, limit=question.limit or None, token=token):
            if part.events:
                answer.mark_first()
            answer.values.extend(event.event_id for event in part.events)
        return answer

    def _pages(self, selection: Selection, question: Question, token: CancelToken) -> Answer:
        assert question.after is not None
        answer, after = Answer(), Cursor(*question.after)
        for _ in range(NEXT_PAGES):
            page = self._session.search.page(selection, limit=question.limit, token=token, after=after)
            answer.values.extend(event.event_id for event in page.events)
            if not page.has_more:
                break
            after = page.events[-1].cursor
        return answer

    def _histogram(self, selection: Selection, token: CancelToken) -> Answer:
        summary = list(self._session.search.summary(selection, bucket=HOUR, token=token))[-1]
        histogram = summary.histogram
        if histogram is None:
            return Answer()
        bars = enumerate(histogram.counts)
        return Answer([[histogram.start + number * HOUR, count] for number, count in bars if count],
                      is_exact=summary.is_exact)  # fmt: skip

    def _facets(self, selection: Selection, question: Question, token: CancelToken) -> Answer:
        answer = Answer()
        for column in question.columns:
            told = []
            for facet in self._session.search.facets(selection, column, limit=question.limit, token=token):
                told.append(facet)
                if len(question.columns) == 1:
                    # The screen shows an estimate with its bounds of error until all are counted.
                    answer.mark_first()
            facet = told[-1]
            answer.values.extend([value.value, value.count] for value in facet.values)
            answer.is_exact &= facet.is_exact
        return answer
