"""`logtui compact`: merge small segments of a store, once or as a service."""

from __future__ import annotations

import argparse
import os
import re
from pathlib import Path

from logtui.cli import diagnostics, output
from logtui.cli.compacting import compact_once, keep_compacting
from logtui.cli.interrupts import run_interruptibly
from logtui.cli.options import add_common, clock_of, default_store, refuse_other_sources, settings_of
from logtui.cli.parser import CommandLineError, Subparsers
from logtui.cli.sealing import seal
from logtui.core.cancel import CancelToken
from logtui.core.clock import SECOND
from logtui.core.errors import UsageError
from logtui.core.times import day_start, parse_duration
from logtui.services.compact import DEFAULT_GRACE, DEFAULT_TARGET, Compaction
from logtui.services.rows import Row
from logtui.session import open_compaction

LEAST_TARGET = 1024 * 1024
_SIZE = re.compile(r"([0-9]{1,6})([KMG])(?:i?B)?", re.IGNORECASE)
_UNITS = {"k": 1024, "m": 1024**2, "g": 1024**3}


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "compact",
        positionals=("STORE",),
        help="merge small segments into large ones",
        description=(
            "Merge small segments of each day into sorted ones, while others read and write. No reader sees an event\n"
            "twice or misses one. A day that still grows is merged when enough segments have gathered; late events of\n"
            "older days likewise. What was interrupted, the next run finishes. Segments that lack what makes\n"
            "searching them fast get it."
        ),
    )
    add = parser.add_argument
    add("--dry-run", action="store_true", help="show what would be merged, and change nothing")
    add("--watch", action="store_true", help="go on until ctrl+c or SIGTERM")
    add("--target", metavar="SIZE", type=size, default=DEFAULT_TARGET, help="size of a merged segment (256M)")
    add(
        "--grace",
        metavar="TIME",
        type=duration,
        default=DEFAULT_GRACE,
        help=f"keep what was merged so long for readers that began before ({DEFAULT_GRACE // SECOND}s)",
    )
    add("--day", metavar="DAY", type=day, action="append", default=[], help="only this UTC day; may be repeated")
    add("--no-seal", action="store_true", help="do not seal the closed days afterwards (see verify)")
    add("--format", choices=("table", "json", "ndjson", "csv"), help="of --dry-run; default: table on a terminal")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Merge, or show what would be merged.

    Raises:
        UsageError: no store is named, or options exclude each other.
        StoreError: it is no store, or another process compacts it now.
    """
    if options.watch and options.dry_run:
        raise CommandLineError("--watch and --dry-run exclude each other", "logtui compact")
    store = _store(options)
    compaction = open_compaction(
        store, clock=clock_of(options), target=options.target, grace=options.grace, days=frozenset(options.day)
    )
    if options.dry_run:
        return run_interruptibly(lambda _: _show(compaction, options.format))
    if options.watch:
        return run_interruptibly(lambda token: keep_compacting(compaction, token))

    def work(token: CancelToken) -> int:
        code = compact_once(compaction, token)
        return (
            code if options.no_seal or options.day else max(code, seal(store, clock_of(options), token, is_told=False))
        )

    return run_interruptibly(work)


def size(text: str) -> int:
    """Read `--target 256M`, in bytes."""
    match = _SIZE.fullmatch(text)
    bytes_ = int(match[1]) * _UNITS[match[2].lower()] if match else 0
    if bytes_ < LEAST_TARGET:
        raise argparse.ArgumentTypeError(f"expected a size from 1M on, such as 256M or 1G, not {text!r}")
    return bytes_


def duration(text: str) -> int:
    """Read `--grace 60s`, in microseconds."""
    try:
        return parse_duration(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def day(text: str) -> str:
    """Read `--day 2026-10-04`."""
    try:
        day_start(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def _store(options: argparse.Namespace) -> Path:
    named = options.positionals[0] if options.positionals else default_store(settings_of(options))
    if not named:
        message = "no store: name one, or set LOGTUI_STORE or `store` in the configuration file"
        raise CommandLineError(message, "logtui compact")
    refuse_other_sources(named)
    return Path(os.path.expanduser(named))  # noqa: PTH111 - a name that has no home is left as it is


def _show(compaction: Compaction, form: str | None) -> int:
    plan = compaction.plan()
    rows: list[Row] = []
    for state in plan.days:
        groups = [group for group in plan.groups if group.day == state.day]
        segments = len(state.segments)
        after = segments - sum(len(group.inputs) - 1 for group in groups)
        unindexed = sum(day == state.day for day, _ in plan.unindexed)
        events, size = sum(each.rows for each in groups), sum(each.size for each in groups)
        rows.append((state.day, segments, after, events, size, unindexed))
    columns = ("day", "segments", "after", "events_to_merge", "bytes_to_merge", "segments_to_index")
    output.write_rows(rows, output.shape(form, columns))
    return diagnostics.report(problem for state in plan.days for problem in state.problems)
