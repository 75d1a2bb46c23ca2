"""`logtui tail`: new events as they come, oldest first, until it is interrupted."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from logtui.cli import diagnostics, output
from logtui.cli.diagnostics import ExitCode
from logtui.cli.options import Request, add_reading, column_names, request_of
from logtui.cli.parser import Subparsers
from logtui.cli.reading import answer
from logtui.core.cancel import CancelToken
from logtui.core.columns import NAMES
from logtui.core.event import Event
from logtui.core.page import Page, Problem, Selection
from logtui.services.checkpoint import load_checkpoint, save_checkpoint
from logtui.services.export import EventWriter, Shape, open_writer
from logtui.services.tail import Tail
from logtui.session import Session
from logtui.storage.engine import Position, Watcher

FORMATS = ("table", "ndjson", "csv")
_PATIENCE = 5.0
"""Seconds until a wait for changes is begun anew."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "tail",
        positionals=("STORE", "QUERY"),
        help="print new events as they come",
        description="Print matching events as they come into the store, until ctrl+c.",
    )
    add = parser.add_argument
    add("-n", "--last", metavar="N", type=count, default=0, help="begin with the last N events that are there (0)")
    add("--checkpoint", metavar="FILE", type=Path, help="remember in FILE what was printed, and continue after it")
    add("--columns", metavar="A,B", type=column_names, help="these columns; tables leave the payload out by default")
    add("--format", choices=FORMATS, help="default: table on a terminal, else ndjson")
    add("--payload", choices=("json", "text"), default="json", help="in ndjson: embedded, or its text as a string")
    add("--raw", action="store_true", help="csv: leave values that a spreadsheet takes for formulas as they are")
    add_reading(parser)
