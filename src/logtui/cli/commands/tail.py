"""`logtui tail`: new events as they come, oldest first, until it is interrupted."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO, NoReturn

from logtui.cli import diagnostics, output
from logtui.cli.options import add_reading, add_verbose, column_names, columns_of, request_of
from logtui.cli.parser import Subparsers
from logtui.cli.reading import answer
from logtui.cli.text_source import is_text
from logtui.core.cancel import CancelToken
from logtui.core.errors import UsageError
from logtui.core.event import Event, Place
from logtui.core.page import Problem, Selection
from logtui.services.checkpoint import load_checkpoint, save_checkpoint
from logtui.services.export import Shape, open_writer
from logtui.services.output_place import check_checkpoint
from logtui.services.tail import Tail
from logtui.session import Session
from logtui.storage.engine import Watcher
from logtui.storage.problems import summarise

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
    add(
        "-n", "--last", metavar="N", type=event_count, default=0, help="begin with the last N events that are there (0)"
    )
    add("--checkpoint", metavar="FILE", type=Path, help="remember in FILE what was printed, and continue after it")
    add("--columns", metavar="A,B", type=column_names, help="these columns; tables leave the payload out by default")
    add("--format", choices=FORMATS, help="default: table on a terminal, else ndjson")
    add("--payload", choices=("json", "text"), default="json", help="in ndjson: embedded, or its text as a string")
    add("--raw", action="store_true", help="csv: leave values that a spreadsheet takes for formulas as they are")
    add_verbose(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Follow until a signal or the end of the reader."""
    request = request_of(options)
    if is_text(request.store):
        raise UsageError(
            f"{request.store}: text is not followed by tail; `logtui ingest STORE {request.store} --follow` stores "
            "what comes, and `logtui tail STORE` prints it"
        )
    if options.checkpoint is not None:
        check_checkpoint(options.checkpoint, request.store)
    name = options.format or output.default_format()
    shape = output.shape(name, columns_of(options, request, name))
    shape = replace(shape, is_payload_text=options.payload == "text", is_raw=options.raw)

    def ask(session: Session, selection: Selection, token: CancelToken) -> int:
        with output.standard_output() as sink:
            printer = _Printer(sink, shape)
            return _follow(session, selection, token, printer, options.last, options.checkpoint, request.is_verbose)

    return answer(request, ask)


def event_count(text: str) -> int:
    """Read `-n 20`."""
    if not (text.isascii() and text.isdigit() and len(text) < 8):
        raise argparse.ArgumentTypeError(f"expected a number from 0 on, not {text!r}")
    return int(text)


class _Printer:
    """Writes events at once, so that a reader of the pipe sees each when it comes."""

    def __init__(self, sink: BinaryIO, shape: Shape) -> None:
        self._sink = sink
        self._writer = open_writer(sink, shape)
        self.needs_payload = shape.needs_payload

    def put(self, events: Sequence[Event]) -> None:
        self._writer.write(events)
        self._sink.flush()


class _InterruptibleWatcher:
    """A watcher whose wait ends when the token is cancelled."""

    def __init__(self, watcher: Watcher, token: CancelToken) -> None:
        self._watcher = watcher
        self._token = token

    def wait(self, timeout: float) -> frozenset[str] | None:
        with self._token.interrupting(self._watcher.close):
            return self._watcher.wait(timeout)

    def close(self) -> None:
        self._watcher.close()


def _follow(
    session: Session,
    selection: Selection,
    token: CancelToken,
    printer: _Printer,
    last: int,
    checkpoint: Path | None,
    is_verbose: bool,
) -> NoReturn:
    saved = load_checkpoint(checkpoint, session.store) if checkpoint else None
    tail = Tail(session.engine.follow(saved), _InterruptibleWatcher(session.make_watcher(), token))
    # With a checkpoint, a signal ends only the waiting: a batch that was begun is printed and recorded.
    reading = CancelToken() if checkpoint else token
    already = set[Place]()
    told = set[Problem]()
    try:
        if last and saved is None:
            # Asked for after the tail began: an event that comes in between is in both, and is printed once.
            already = _print_last(session, selection, token, printer, last)
        while True:
            if checkpoint and tail.position != saved:
                saved = tail.position
                save_checkpoint(checkpoint, session.store, saved)
            for part in tail.catch_up(selection, timeout=_PATIENCE, token=reading, with_payload=printer.needs_payload):
                printer.put([event for event in part.events if event.place not in already])
            already = set()
            found = {single for problem in session.engine.problems() for single in problem.singles()}
            diagnostics.report(summarise(found - told), is_verbose=is_verbose)
            told |= found
    finally:
        tail.close()


def _print_last(
    session: Session, selection: Selection, token: CancelToken, printer: _Printer, count: int
) -> set[Place]:
    """Print the newest events that are there, oldest first, and return where they are."""
    parts = session.search.pages(selection, limit=count, token=token, with_payload=printer.needs_payload)
    newest = [event for part in parts for event in part.events]
    printer.put(newest[::-1])
    return {event.place for event in newest}
