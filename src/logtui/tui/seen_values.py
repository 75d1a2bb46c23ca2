"""Values that the store was seen to hold, for completion; read in the background when they are first needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.columns import BY_FIELD, FACETS
from logtui.core.page import Facet, Selection, TimeRange
from logtui.session import Session
from logtui.tui.questions import Questions

_MOST_VALUES = 200


class SeenValues:
    """Query field -> its most frequent values in the newest day of the store, which is quick to read on any store."""

    def __init__(self, questions: Questions) -> None:
        self._questions = questions
        self._values: dict[str, tuple[str, ...]] = {}
        self.session: Session | None = None

    def __call__(self, field: str) -> Sequence[str]:
        """Return what is known now; the first call for a field starts the reading."""
        session = self.session
        column = BY_FIELD.get(field)
        if session is None or column is None or column.name not in FACETS:
            return ()
        if field not in self._values:
            self._values[field] = ()
            self._questions.ask(
                f"seen-{field}",
                _question(session, column.name),
                lambda facet: self._keep(field, facet),
                on_error=lambda _error: None,
            )
        return self._values[field]

    def _keep(self, field: str, facet: Facet) -> None:
        self._values[field] = tuple(each.value for each in facet.values if each.value is not None)


def _question(session: Session, column: str) -> Callable[[CancelToken], Iterable[Facet]]:
    def question(token: CancelToken) -> Iterable[Facet]:
        bounds = session.search.time_bounds(token=token)
        if bounds is not None:
            newest_day = Selection(range=TimeRange(bounds[1] - DAY, None))
            yield session.search.facet(newest_day, column, limit=_MOST_VALUES, token=token)

    return question
