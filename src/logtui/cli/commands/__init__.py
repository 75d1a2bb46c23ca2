"""The commands, one module each. Every module has `add_parser(subparsers)` and `run(options)`."""

from __future__ import annotations

import argparse
from typing import Protocol

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


class Command(Protocol):
    """What each module provides."""

    def add_parser(self, subparsers: Subparsers) -> None:
        """Declare the command and its options."""

    def run(self, options: argparse.Namespace) -> int | OpenScreen:
        """Do it, and return the exit code, or what the screen is to be opened with."""
        ...
