"""Asking a store from the command line: open, ask, report what was wrong in it, close; interruptible all the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from logtui.cli import diagnostics
from logtui.cli.interrupts import run_interruptibly
from logtui.cli.options import Request, naming_query
from logtui.cli.text_source import as_store, is_text
from logtui.core.cancel import CancelToken
from logtui.core.page import Selection
from logtui.session import Session, open_session

Ask = Callable[[Session, Selection, CancelToken], int]
"""Puts one question, writes its answer, and returns an exit code."""


def answer(request: Request, ask: Ask, *, uses_sidecars: bool = True) -> int:
    """Run `ask` on the opened store and return its exit code, or `PROBLEM` where events may be missing.

    Args:
        uses_sidecars: see `open_session`.
    """

    def work(token: CancelToken) -> int:
        if not is_text(request.store):
            return ask_store(request.store, request.mapping, token)
        with as_store(request.store, request.mapping, request.clock, token) as (store, code):
            return max(code, ask_store(store, {}, token))

    def ask_store(store: Path, mapping: Mapping[str, str], token: CancelToken) -> int:
        session = open_session(store, clock=request.clock, mapping=mapping, uses_sidecars=uses_sidecars)
        try:
            with naming_query(request.text):
                selection = session.search.select(request.query, token=token)
            code = ask(session, selection, token)
            return max(code, diagnostics.report(session.engine.problems(), is_verbose=request.is_verbose))
        finally:
            session.close()

    return run_interruptibly(work)
