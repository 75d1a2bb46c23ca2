"""Opening the store and asking the first question, before Textual is imported or beside it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from logtui.core.cancel import CancelToken
from logtui.core.page import Page, Selection
from logtui.core.query.ast import Node
from logtui.core.query.parser import parse
from logtui.session import Session

FIRST_PAGE = 200
"""Events of a page: more than the tallest terminal shows, so that the first move needs no other."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open store and the first page of the first query."""

    session: Session
    query: Node
    selection: Selection
    page: Page


class Opening:
    """Opens a store in a thread. `wait` gives the outcome to whoever asks, once or more."""

    def __init__(self, open_store: Callable[[], Session], query: str) -> None:
        self._open = open_store
        self._query = query
        self._outcome: Opened | BaseException | None = None
        self._token = CancelToken()
        self._thread = threading.Thread(target=self._run, name="logtui-open", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def is_done(self) -> bool:
        return self._outcome is not None

    def wait_briefly(self, seconds: float) -> Opened | None:
        """Return what is there after so long at most; None if nothing is, or if it failed."""
        self._thread.join(seconds)
        return self._outcome if isinstance(self._outcome, Opened) else None

    def wait(self) -> Opened:
        """Return the outcome when it is there.

        Raises:
            LogtuiError: the store cannot be opened, or the query is wrong.
        """
        self._thread.join()
        if isinstance(self._outcome, Opened):
            return self._outcome
        raise self._outcome or RuntimeError("the store was not opened")

    def withdraw(self) -> None:
        """Cancel the first question and release the store, whether or not anybody waits."""
        self._token.cancel()
        self._thread.join()
        if isinstance(self._outcome, Opened):
            self._outcome.session.close()

    def _run(self) -> None:
        session: Session | None = None
        try:
            query = parse(self._query)
            session = self._open()
            selection = session.search.select(query, token=self._token)
            # The first part is enough to paint; the screen asks for the rest if there is one.
            page = next(iter(session.search.pages(selection, limit=FIRST_PAGE, token=self._token)))
            self._outcome = Opened(session, query, selection, page)
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            if session is not None:
                session.close()
            self._outcome = error
