"""`logtui open`, the default: the screen on one store."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace

from logtui.cli.commands import COMMANDS
from logtui.cli.diagnostics import ExitCode
from logtui.cli.interrupts import run_interruptibly
from logtui.cli.options import OpenScreen, Request, add_looks, add_reading, request_of, with_looks
from logtui.cli.parser import Subparsers
from logtui.cli.text_source import STDIN, TextStore, is_text, make_store_of, read_keys_from_terminal
from logtui.core.cancel import CancelToken
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
    add_looks(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> int | OpenScreen:
    """Check the arguments and hand them on: mistakes are told before the screen opens.

    Raises:
        StoreError: there is no such store; a command may have been meant.
    """
    request = request_of(options)
    request = replace(request, settings=with_looks(request.settings, options))
    if is_text(request.store):
        return _open_text(request)
    if not os.path.lexists(request.store):
        near = nearest(str(request.store), COMMANDS)
        hint = f"; did you mean the command {near}?" if near else ""
        raise StoreError(f"{request.store}: there is no such store{hint}")
    wish = OpenScreen(request.store, request.text, request.clock, request.settings, request.mapping)
    return replace(wish, saved=request.saved)


def _open_text(request: Request) -> int | OpenScreen:
    """Read a text into a store for temporary files, and open that."""
    made: list[TextStore] = []

    def read(token: CancelToken) -> int:
        made.append(make_store_of(request.store, request.mapping, request.clock, token))
        return ExitCode.DONE

    code = run_interruptibly(read)
    if code != ExitCode.DONE:
        for each in made:
            each.remove()
        return code
    (text,) = made
    try:
        if request.store == STDIN:
            read_keys_from_terminal()
    except StoreError:
        text.remove()
        raise
    wish = OpenScreen(text.store, request.text, request.clock, request.settings, on_exit=text.remove)
    return replace(wish, saved=request.saved)
