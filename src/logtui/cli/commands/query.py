"""`logtui query`: the events that match, in any format, to stdout or into a file."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from logtui.cli import diagnostics, output
from logtui.cli.diagnostics import ExitCode
from logtui.cli.options import Request, add_reading, add_verbose, column_names, columns_of, limit, request_of
from logtui.cli.parser import Subparsers
from logtui.cli.reading import answer
from logtui.core.cancel import CancelToken
from logtui.core.errors import UsageError
from logtui.core.page import Order, Page, Selection
from logtui.core.query.ast import Node
from logtui.services.export import FORMAT_NAMES, Exported, Shape, export_file, format_of, write_pages
from logtui.services.output_place import check_output
from logtui.services.search import SLOW, is_slow
from logtui.session import Session

DEFAULT_LIMIT = 100


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "query",
        positionals=("STORE", "QUERY"),
        help="print matching events, newest first",
        description="Print matching events, newest first.",
    )
    add = parser.add_argument
    add("--limit", metavar="N", type=limit, default=DEFAULT_LIMIT, help=f"at most N events, or all ({DEFAULT_LIMIT})")
    add(
        "--order",
        choices=[order.value for order in Order],
        help="newest first (desc), unless a saved view says otherwise",
    )
    add("--columns", metavar="A,B", type=column_names, help="these columns; tables leave the payload out by default")
    add("--format", choices=FORMAT_NAMES, help="default: by the suffix of FILE, else table on a terminal, else ndjson")
    add("-o", "--output", metavar="FILE", type=Path, help="write FILE, which appears only when it is complete")
    add(
        "--payload", choices=("json", "text"), default="json", help="in JSON formats: embedded, or its text as a string"
    )
    add("--raw", action="store_true", help="csv: leave values that a spreadsheet takes for formulas as they are")
    add("--check", action="store_true", help="first read every file whole, and name those whose checksums are wrong")
    add_verbose(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Answer one query."""
    request = request_of(options)
    path = output.file_named(options.output)
    if path is not None:
        check_output(path, request.store)
    shape = _shape(options, request, path)

    def ask(session: Session, selection: Selection, token: CancelToken) -> int:
        code = _check(session, token) if options.check else ExitCode.DONE
        pages = session.search.pages(
            selection,
            limit=options.limit,
            token=token,
            order=_order(options, request),
            with_payload=shape.needs_payload,
        )
        written = _write(_watched(pages, selection.condition), path, shape)
        _remark(written, session, selection, request, token)
        return code

    # What is checked is answered from what was checked.
    return answer(request, ask, uses_sidecars=not options.check)


def _check(session: Session, token: CancelToken) -> ExitCode:
    from logtui.services.damage import find_damage

    return diagnostics.report(find_damage(session.store, token=token))


def _order(options: argparse.Namespace, request: Request) -> Order:
    if options.order is None and request.saved is not None:
        return request.saved.view.order
    return Order(options.order or Order.NEWEST_FIRST)


def _shape(options: argparse.Namespace, request: Request, path: Path | None) -> Shape:
    name = options.format or (format_of(path) if path else output.default_format())
    columns = columns_of(options, request, name)
    shape = output.file_shape(name, columns, path) if path else output.shape(name, columns)
    if name == "parquet" and shape.is_for_terminal:
        raise UsageError("parquet is not for a terminal; name a file with -o FILE")
    return replace(shape, is_payload_text=options.payload == "text", is_raw=options.raw)


def _write(pages: Iterable[Page], path: Path | None, shape: Shape) -> Exported:
    if path is not None:
        return export_file(pages, path, shape)
    with output.standard_output() as sink:
        return write_pages(pages, sink, shape)


def _watched(pages: Iterable[Page], condition: Node) -> Iterator[Page]:
    """Pass the pages on, and show on a terminal how far the search has come."""
    progress = diagnostics.ProgressLine()
    count = 0
    try:
        for page in pages:
            progress.erase()
            yield page
            count += len(page.events)
            progress.show(page.progress, count, how=lambda: SLOW if is_slow(condition) else "")
    finally:
        progress.erase()


def _remark(written: Exported, session: Session, selection: Selection, request: Request, token: CancelToken) -> None:
    """Say what the data alone does not: that there is more, or why there is none."""
    if written.has_more:
        diagnostics.note(f"these are the first {written.count:,} events and more match; --limit N or --limit all")
    if written.count:
        return
    from logtui.services.absent_types import absent_types

    diagnostics.note_no_events(selection.range)
    for absent in absent_types(request.query, session.search, token=token):
        hint = f"; did you mean {' or '.join(absent.near)}?" if absent.near else ""
        diagnostics.note(f"no event of the store has the type {absent.name}{hint}")
