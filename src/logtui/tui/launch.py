"""From a command's wish to an open screen: the store first, then Textual, so that they load side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logtui.tui.opening import Opening
from logtui.tui.terminal import require_terminal, tune

if TYPE_CHECKING:
    from logtui.cli.options import OpenScreen


def launch(options: OpenScreen) -> int:
    """Open the screen and return the exit code when it closes.

    Raises:
        LogtuiError: there is no terminal, the store cannot be opened, or the query is wrong.
        Exception: a mistake of our own; the terminal is as it was.
    """
    try:
        require_terminal()
        tune()
        opening = Opening(options.store, options.query, options.clock, options.mapping)
        opening.start()
        try:
            return _show(options, opening)
        finally:
            opening.withdraw()
    finally:
        if options.on_exit is not None:
            options.on_exit()


def _show(options: OpenScreen, opening: Opening) -> int:
    from logtui.tui.app import LogtuiApp

    if opening.is_done:
        # Fails here, before the screen is touched, if it already has.
        opening.wait()
    app = LogtuiApp(opening, store=options.store, query=options.query, settings=options.settings, clock=options.clock)
    app.run(mouse=options.settings.mouse)
    if app.crash is not None:
        raise app.crash
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
