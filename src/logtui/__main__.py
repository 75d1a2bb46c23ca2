"""The program: arguments go to the command line; what it wants on the screen goes to the screen."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from logtui.cli.options import OpenScreen


def main() -> NoReturn:
    """Run the program and exit with its code."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.default_int_handler:
        # Until all is imported and ctrl+c is seen to, it would show a traceback.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    _start_beforehand(sys.argv[1:])
    from logtui.cli.main import guarded
    from logtui.cli.main import main as run_command_line
    from logtui.cli.options import OpenScreen
    from logtui.cli.standard_files import occupy

    signal.signal(signal.SIGINT, before)
    occupy()
    outcome = run_command_line()
    try:
        _leave(guarded(lambda: _show(outcome)) if isinstance(outcome, OpenScreen) else outcome)
    except SystemExit as ended:  # by a signal, before the screen was there
        _leave(ended.code if isinstance(ended.code, int) else 1)


def _start_beforehand(arguments: list[str]) -> None:
    """Let DuckDB start beside the imports, a tenth of a second from here, where it is needed after them."""
    from logtui.cli.commands import ASKING, split_command

    if split_command(arguments)[0] in ASKING and not {"-h", "--help"} & {*arguments}:
        from logtui.storage.duckdb.starting import start_beforehand

        start_beforehand()


def _show(wish: OpenScreen) -> int:
    if wish.settings.plain or os.environ.get("TERM", "") in ("dumb", ""):
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
