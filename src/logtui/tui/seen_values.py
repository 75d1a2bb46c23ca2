"""Values that the store was seen to hold, for completion; read in the background when they are first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.columns import BY_FIELD, FACETS
from logtui.core.page import Selection, TimeRange
from logtui.services.payload_fields import PAYLOAD, payload_fields
from logtui.session import Session
from logtui.tui.questions import Questions

_MOST_VALUES = 200
_LONGEST = 200
"""Characters of a value that is still offered: all are compared at each key."""
_PAYLOADS = 300
"""Newest events whose payloads tell which leaves there are."""

_Known = Mapping[str, Sequence[str]]


class SeenValues:
    """Query field -> its most frequent values in the newest day of the store, which is quick to read on any store."""

    def __init__(self, questions: Questions, on_known: Callable[[], None]) -> None:
        """`on_known` is called when more is known."""
        self._questions = questions
        self._on_known = on_known
        self._values: dict[str, Sequence[str]] = {}
        self._asked: set[str] = set()
        self.session: Session | None = None

    def __call__(self, field: str) -> Sequence[str]:
        """Return what is known now; the first call for a field starts the reading."""
        session = self.session
        group = PAYLOAD if field.partition(".")[0] == PAYLOAD else field
        column = BY_FIELD.get(field)
        is_countable = column is not None and column.name in FACETS
        if session is not None and group not in self._asked and (group == PAYLOAD or is_countable):
            self._asked.add(group)
            question = _payload_question(session) if column is None else _column_question(session, field, column.name)
            self._questions.ask(f"seen-{group}", question, self._keep, on_error=lambda _error: None)
        return self._values.get(field, ())

    def _keep(self, known: _Known) -> None:
        self._values.update(known)
        self._on_known()


def _column_question(session: Session, field: str, column: str) -> Callable[[CancelToken], Iterable[_Known]]:
    def question(token: CancelToken) -> Iterable[_Known]:
        bounds = session.search.time_bounds(token=token)
        if bounds is not None:
            newest_day = Selection(range=TimeRange(bounds[1] - DAY, None))
            # The first answer will do: what completes a word need not be exact.
            facet = next(session.search.facets(newest_day, column, limit=_MOST_VALUES, token=token))
            values = (each.value for each in facet.values)
            yield {field: tuple(value for value in values if value is not None and len(value) <= _LONGEST)}

    return question


def _payload_question(session: Session) -> Callable[[CancelToken], Iterable[_Known]]:
    def question(token: CancelToken) -> Iterable[_Known]:
        pages = session.search.pages(Selection(), limit=_PAYLOADS, token=token, with_payload=True)
        yield payload_fields(event.payload for page in pages for event in page.events)

    return question
