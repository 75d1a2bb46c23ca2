"""Back and forward through views, each with the event that was being read. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from logtui.core.event import Cursor
from logtui.core.view import View

_MOST_PLACES = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A view and where the reader was in it; None at its top."""

    view: View
    cursor: Cursor | None = None


class History:
    """Where the reader was. `here` is the present place."""

    def __init__(self, here: Place) -> None:
        self._places = [here]
        self._at = 0

    @property
    def here(self) -> Place:
        return self._places[self._at]

    def visit(self, view: View, leaving: Cursor | None) -> None:
        """Go to another view; what was ahead is forgotten, as in a browser."""
        self._leave(leaving)
        self._places = [*self._places[: self._at + 1], Place(view)][-_MOST_PLACES:]
        self._at = len(self._places) - 1

    def step(self, by: int, leaving: Cursor | None) -> Place | None:
        """Go back (-1) or forward (1); None at the end."""
        if not 0 <= self._at + by < len(self._places):
            return None
        self._leave(leaving)
        self._at += by
        return self.here

    def amend(self, view: View) -> None:
        """Change the present view without a step to come back over, such as its columns."""
        self._places[self._at] = replace(self.here, view=view)

    def _leave(self, cursor: Cursor | None) -> None:
        self._places[self._at] = replace(self.here, cursor=cursor)
