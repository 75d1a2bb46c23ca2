"""From a command's wish to an open screen: the store and its first rows, then Textual.

Both take their time with the interpreter's lock held, so they would only slow each other down. A store that does not
answer at once goes on being opened in its thread.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from logtui.session import open_session
from logtui.tui import preview
from logtui.tui.moments import Zone
from logtui.tui.opening import Opening
from logtui.tui.terminal import is_ascii_only, require_terminal, tune

if TYPE_CHECKING:
    from logtui.cli.options import OpenScreen

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
        opening.start()
        try:
            with preview.silent_terminal():
                return _show(options, opening)
        finally:
            opening.withdraw()
    finally:
        if options.on_exit is not None:
            options.on_exit()


def _show(options: OpenScreen, opening: Opening) -> int:
    opened = opening.wait_briefly(_PATIENCE_SECONDS)
    if opening.is_done:
        # Fails here, before the screen is touched, if it has failed.
        opening.wait()
    is_previewed = False
    try:
        if opened is not None:
            zone = Zone(options.settings.zone, options.clock())
            columns = options.saved.view.columns if options.saved else options.settings.columns
            preview.paint(opened.page.events, columns, zone, is_ascii=is_ascii_only())
            is_previewed = True
        from logtui.tui.app import LogtuiApp

        app = LogtuiApp(
            opening,
            store=options.store,
            query=options.query,
            settings=options.settings,
            clock=options.clock,
            saved=options.saved,
        )
        app.run(mouse=options.settings.mouse)
        is_previewed = False
    finally:
        if is_previewed:
            preview.leave()
    if app.crash is not None:
        raise app.crash
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
