"""The program: arguments go to the command line; what it wants on the screen goes to the screen."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn

from logtui.cli import diagnostics
from logtui.cli.main import main as run_command_line
from logtui.cli.options import OpenScreen
from logtui.core.errors import LogtuiError


def main() -> NoReturn:
    """Run the program and exit with its code."""
    outcome = run_command_line()
    if not isinstance(outcome, int):
        from logtui.tui.launch import launch

        sys.exit(launch(outcome))
    _leave(outcome)


def _leave(code: int) -> NoReturn:
    """End the process at once: what was opened is closed, and taking the interpreter apart is a tenth of a short run."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):  # closed by whoever started the program
            stream.flush()
    os._exit(code)


if __name__ == "__main__":
    main()
