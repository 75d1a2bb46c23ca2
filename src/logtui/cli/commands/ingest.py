"""`logtui ingest`: files, streams and files that grow, into a store."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from logtui.cli.diagnostics import ExitCode
from logtui.cli.interrupts import run_interruptibly
from logtui.cli.options import add_common, clock_of, column_mapping, default_store, limit, settings_of
from logtui.cli.parser import CommandLineError, Subparsers
from logtui.core.columns import COLUMNS, Kind
from logtui.core.errors import UsageError

PROG = "logtui ingest"
PREVIEWED = 5
"""Events that `--dry-run` shows."""
_CONSTANT = tuple(
    column.name for column in COLUMNS if column.kind in (Kind.NAME, Kind.ID) and column.name != "event_id"
)
_DESCRIPTION = """\
Store the events of files, directories, globs or standard input (-), each once.

JSON lines, arrays, {"Records": [...]}, concatenated and pretty-printed objects, JSON in strings, CSV and Parquet are
read, also when compressed with gzip or zstd. The format is told from the first records, and said. What cannot be
stored goes to a file of rejects, and the exit code is 1."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "ingest", positionals=("STORE", "FILE…"), help="store the events of files or a stream", description=_DESCRIPTION
    )
    add = parser.add_argument
    add("--format", metavar="FORMAT", help="read every record so; `--format help` lists the formats")
    add(
        "--map",
        metavar="A=B,…",
        type=column_mapping,
        default={},
        help="event column A is in field B, for instance event_time=ts,actor=user.id",
    )
    add(
        "--set",
        metavar="A=TEXT,…",
        type=constants,
        default={},
        help="every event gets this in column A, for instance source=billing",
    )
    add("--follow", action="store_true", help="go on as the files grow, over rotation and restarts, until ctrl+c")
    add("--checkpoint", metavar="FILE", type=Path, help="with --follow: where to remember how far (in the store)")
    add("--rejects", metavar="FILE", type=Path, help="append what cannot be stored to FILE (in the store)")
    add("--limit", metavar="N", type=limit, help="stop after N events")
    add("--dry-run", action="store_true", help=f"store nothing; show how the first {PREVIEWED} events are read")
    add("--index", action="store_true", help="make most of what makes searching fast at once; else logtui compact does")
    add("--unmask", action="store_true", help="keep one-time codes and mail bodies of webhooks readable")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Import, follow or preview."""
    from logtui.services.ingest.recipe import make_recipe

    if options.format == "help":
        return _list_formats()
    store, names = _places(options.positionals, default_store(settings_of(options)))
    if options.follow and "-" in names:
        raise UsageError("--follow is for files; standard input is read until it ends anyway")
    if options.checkpoint and not options.follow:
        raise UsageError("--checkpoint needs --follow")
    recipe = make_recipe(options.format, options.map, options.set, is_masked=not options.unmask)
    if options.dry_run:
        from logtui.cli.ingest_preview import preview

        return run_interruptibly(
            lambda token: preview(names, recipe, clock_of(options), options.limit or PREVIEWED, token)
        )
    from logtui.cli.importing import Import

    task = Import(store, names, recipe, clock_of(options), options.rejects, options.limit, with_sidecars=options.index)
    if options.follow:
        return run_interruptibly(lambda token: task.follow(token, options.checkpoint))
    from logtui.cli.partner_process import partner_for
    from logtui.services.ingest.sources import find_sources

    sources = find_sources(names)
    # Before there are threads: it is a fork of this process.
    with partner_for(task, sources) as (shared, partner):
        return run_interruptibly(lambda token: shared.run(sources, partner, token))


def constants(text: str) -> dict[str, str]:
    """Read `--set source=billing,event_type=invoice.paid`."""
    found = column_mapping(text)
    for name in found:
        if name not in _CONSTANT:
            raise argparse.ArgumentTypeError(f"{name} differs from event to event; one of {', '.join(_CONSTANT)}")
    return found


def _places(positionals: Sequence[str], default: str | None) -> tuple[Path, list[str]]:
    """Tell the store and the inputs apart: the first is the store, unless it is all and a store is set."""
    match positionals:
        case [store, *names] if names:
            return Path(store).expanduser(), names
        case [name] if default is not None:
            return Path(default).expanduser(), [name]
        case [_]:
            raise CommandLineError(
                "ingest what? name files or directories after the store, or - for standard input", PROG
            )
    raise CommandLineError("name the store, and the files to read", PROG)


def _list_formats() -> int:
    from logtui.cli import output
    from logtui.services.ingest.mapped import MappedFormat
    from logtui.services.ingest.recipe import SNIFFED

    rows = [(form.name, form.title) for form in (*SNIFFED, MappedFormat())]
    output.write_rows(rows, output.shape(None, ("format", "what")))
    return ExitCode.DONE
