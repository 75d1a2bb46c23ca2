"""The commands, one module each. Every module has `add_parser(subparsers)` and `run(options)`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import argparse

    from logtui.cli.options import OpenScreen
    from logtui.cli.parser import Subparsers

COMMANDS = (
    "open",
    "query",
    "tail",
    "stats",
    "types",
    "ingest",
    "receive",
    "retention",
    "verify",
    "compact",
    "doctor",
    "demo",
)
"""Modules of this package, in the order of the help text; only the one that is asked for is imported."""

DEFAULT_COMMAND = "open"
ASKING = frozenset(("query", "tail", "stats"))
"""Those that put a question to a store at once. The screen does so after it has made a process of its own, for which
there may be no threads before."""
_OPTIONS_WITH_VALUE = ("--config", "--now", "--map", "--view", "--theme", "--keys")


def split_command(arguments: Sequence[str]) -> tuple[str, list[str]]:
    """Return the command and the other arguments; options may stand before the command."""
    at = 0
    while at < len(arguments) and arguments[at].startswith("-") and arguments[at] not in ("-", "--"):
        at += 2 if arguments[at] in _OPTIONS_WITH_VALUE else 1
    if at < len(arguments) and arguments[at] in COMMANDS:
        return arguments[at], [*arguments[:at], *arguments[at + 1 :]]
    return DEFAULT_COMMAND, list(arguments)


class Command(Protocol):
    """What each module provides."""

    def add_parser(self, subparsers: Subparsers) -> None:
        """Declare the command and its options."""

    def run(self, options: argparse.Namespace) -> int | OpenScreen:
        """Do it, and return the exit code, or what the screen is to be opened with."""
        ...
