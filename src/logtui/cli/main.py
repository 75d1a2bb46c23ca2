"""From an argument list to an exit code, or to the wish to open the screen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import TypeVar, cast

from logtui import __version__
from logtui.cli import diagnostics, output
from logtui.cli.commands import COMMANDS, Command, split_command
from logtui.cli.diagnostics import ExitCode
from logtui.cli.options import OpenScreen
from logtui.cli.parser import CommandParser, TextRequested
from logtui.core.errors import LogtuiError

Outcome = TypeVar("Outcome")

_USAGE = "logtui [STORE] [QUERY] [options]\n       logtui COMMAND [arguments]"
_DESCRIPTION = "Explore, follow and filter audit events in Parquet files. Without a command, open the screen."
_EPILOG = "`logtui COMMAND --help` tells more; `logtui demo` shows it all with events of its own."


def main(arguments: Sequence[str] | None = None) -> int | OpenScreen:
    """Run one command line. Never raises for a mistake of the person or of the store."""
    return guarded(lambda: _run(sys.argv[1:] if arguments is None else arguments))


def guarded(action: Callable[[], Outcome]) -> Outcome | int:
    """Return what `action` returns; where it fails, say why on stderr and return the exit code for that."""
    try:
        return action()
    except output.OutputClosed:
        return ExitCode.DONE
    except output.TerminalGone:
        return ExitCode.HUNG_UP
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except LogtuiError as error:
        return diagnostics.refuse(error)
    except Exception as error:  # noqa: BLE001 - the last place to turn it into a message
        return diagnostics.confess(error)


def _run(arguments: Sequence[str]) -> int | OpenScreen:
    try:
        if arguments[:1] in (["-V"], ["--version"]):
            raise TextRequested(f"logtui {__version__}\n")
        if arguments[:1] in (["-h"], ["--help"]):
            raise TextRequested(make_parsers(COMMANDS)[0].format_help())
        name, rest = split_command(arguments)
        options = make_parsers((name,))[1][name].read(rest)
    except TextRequested as requested:
        output.write_text(str(requested))
        return ExitCode.DONE
    return _load(name).run(options)


def make_parsers(names: Sequence[str]) -> tuple[CommandParser, Mapping[str, CommandParser]]:
    """Return the parser of the program, which lists these commands, and the parser of each."""
    parser = CommandParser(prog="logtui", usage=_USAGE, description=_DESCRIPTION, epilog=_EPILOG)
    parser.add_argument("-V", "--version", action="store_true", help="show the version")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", prog="logtui")
    for name in names:
        _load(name).add_parser(subparsers)
    return parser, subparsers.choices


def _load(name: str) -> Command:
    return cast("Command", import_module(f"logtui.cli.commands.{name}"))
