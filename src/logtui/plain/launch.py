"""From a command's wish to a session without a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from logtui.plain.session import PlainSession
from logtui.session import open_session

if TYPE_CHECKING:
    from logtui.cli.options import OpenScreen


def launch(options: OpenScreen) -> int:
    """Read and answer until the person leaves, and return the exit code.

    Raises:
        LogtuiError: the store cannot be opened, or the query is wrong.
    """
    try:
        session = open_session(options.store, clock=options.clock, mapping=options.mapping)
        try:
            return PlainSession(session, options).run()
        finally:
            session.close()
    finally:
        if options.on_exit is not None:
            options.on_exit()
