"""From a command's wish to an open screen: the store and its first rows, then Textual.

Both take their time with the interpreter's lock held, so they would only slow each other down. A store that does not
answer at once goes on being opened in its thread.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from logtui.session import open_session
from logtui.storage.throwaway import sweep_temporary
from logtui.tui import preview
from logtui.tui.last_resort import LastResort
from logtui.tui.moments import Zone
from logtui.tui.opening import Opening
from logtui.tui.taken_terminal import taken_terminal
from logtui.tui.terminal import is_ascii_only, require_terminal, tune
from logtui.tui.terminal_state import Held

if TYPE_CHECKING:
    from logtui.cli.options import OpenScreen
    from logtui.tui.app import LogtuiApp

_PATIENCE_SECONDS = 0.3


def launch(options: OpenScreen) -> int:
    """Open the screen and return the exit code when it closes.

    Raises:
        LogtuiError: there is no terminal, the store cannot be opened, or the query is wrong.
        Exception: a mistake of our own; the terminal is as it was.
    """
    try:
        require_terminal()
        tune()
        opening = Opening(
            lambda: open_session(options.store, clock=options.clock, mapping=options.mapping), options.query
        )
        # Before there are threads: it makes a process of this one.
        with taken_terminal(sweep_temporary) as last_resort:
            opening.start()
            try:
                return _show(options, opening, last_resort)
            finally:
                opening.withdraw()
    finally:
        if options.on_exit is not None:
            options.on_exit()


def _show(options: OpenScreen, opening: Opening, last_resort: LastResort) -> int:
    opened = opening.wait_briefly(_PATIENCE_SECONDS)
    if opening.is_done:
        # Fails here, before the screen is touched, if it has failed.
        opening.wait()
    if opened is not None:
        zone = Zone(options.settings.zone, options.clock())
        columns = options.saved.view.columns if options.saved else options.settings.columns
        last_resort.held = Held.PREVIEW
        preview.paint(opened.page.events, columns, zone, is_ascii=is_ascii_only())
    from logtui.tui.app import LogtuiApp

    app = LogtuiApp(
        opening,
        store=options.store,
        query=options.query,
        settings=options.settings,
        clock=options.clock,
        saved=options.saved,
        last_resort=last_resort,
    )
    with _failing_with_threads(app):
        app.run(mouse=options.settings.mouse)
    if app.crash is not None:
        raise app.crash
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0


@contextmanager
def _failing_with_threads(app: LogtuiApp) -> Iterator[None]:
    """A mistake in any thread ends the program, and is not printed on the screen."""
    before = threading.excepthook

    def fail(hook: threading.ExceptHookArgs) -> None:
        if isinstance(hook.exc_value, Exception):
            app.fail_from_thread(hook.exc_value, hook.thread)

    threading.excepthook = fail
    try:
        yield
    finally:
        threading.excepthook = before
