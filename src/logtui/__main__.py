"""The program: arguments go to the command line; what it wants on the screen goes to the screen."""

from __future__ import annotations

import sys
from typing import NoReturn

from logtui.cli.main import main as run_command_line


def main() -> NoReturn:
    """Run the program and exit with its code."""
    outcome = run_command_line()
    if not isinstance(outcome, int):
        from logtui.tui.launch import launch

        outcome = launch(outcome)
    sys.exit(outcome)


if __name__ == "__main__":
    main()
