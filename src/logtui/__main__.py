"""The program: arguments go to the command line; what it wants on the screen goes to the screen."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn

from logtui.cli.main import guarded
from logtui.cli.main import main as run_command_line
from logtui.cli.options import OpenScreen
from logtui.cli.standard_files import occupy


def main() -> NoReturn:
    """Run the program and exit with its code."""
    occupy()
    outcome = run_command_line()
    _leave(guarded(lambda: _show(outcome)) if isinstance(outcome, OpenScreen) else outcome)


def _show(wish: OpenScreen) -> int:
    if wish.settings.plain or os.environ.get("TERM") == "dumb":
        from logtui.plain.launch import launch as read_aloud

        return read_aloud(wish)
    from logtui.tui.launch import launch

    return launch(wish)


def _leave(code: int) -> NoReturn:
    """End the process at once: what was opened is closed, and taking the interpreter apart takes a tenth of a run.

    It would also wait for, or abort in, a thread that DuckDB has not let go of.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):  # closed by whoever started the program
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
