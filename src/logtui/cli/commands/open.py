"""`logtui open`, the default: the screen on one store."""

from __future__ import annotations

import argparse

from logtui.cli.options import OpenScreen, add_reading, request_of
from logtui.cli.parser import Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "open",
        positionals=("STORE", "QUERY"),
        help="explore a store on the screen (the default)",
        description="Explore a store on the screen.",
    )
    add_reading(parser)


def run(options: argparse.Namespace) -> OpenScreen:
    """Check the arguments and hand them on; mistakes are told before the screen opens."""
    request = request_of(options)
    return OpenScreen(request.store, request.text, request.clock, request.settings, request.mapping)
