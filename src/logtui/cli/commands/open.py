"""`logtui open`, the default: the screen on one store."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

from logtui.cli.commands import COMMANDS
from logtui.cli.options import OpenScreen, add_reading, request_of
from logtui.cli.parser import Subparsers
from logtui.core.errors import StoreError
from logtui.core.query.suggest import nearest


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
    """Check the arguments and hand them on: mistakes are told before the screen opens.

    Raises:
        StoreError: there is no such store; a command may have been meant.
    """
    request = request_of(options)
    if not os.path.lexists(request.store):
        near = nearest(str(request.store), COMMANDS)
        hint = f"; did you mean the command {near}?" if near else ""
        raise StoreError(f"{request.store}: there is no such store{hint}")
    wish = OpenScreen(request.store, request.text, request.clock, request.settings, request.mapping)
    return replace(wish, saved=request.saved)
