"""`logtui doctor`: what is wrong with a store, and what to do."""

from __future__ import annotations

import argparse
import os
import textwrap
from collections.abc import Sequence
from pathlib import Path

from logtui.cli import output
from logtui.cli.diagnostics import ExitCode, ProgressLine, note
from logtui.cli.interrupts import run_interruptibly
from logtui.cli.options import add_common, clock_of, column_mapping, default_store, settings_of
from logtui.cli.parser import Subparsers
from logtui.core.cancel import CancelToken
from logtui.core.condition import Finding, Grade
from logtui.core.errors import UsageError
from logtui.core.sanitise import visible
from logtui.services.doctor import examine, examine_pages
from logtui.session import examine_store

FORMATS = ("text", "json", "ndjson")
_WIDTH = 100
_SHOWN_PATHS = 5


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "doctor",
        positionals=("STORE",),
        help="say what is wrong with a store and what to do",
        description=(
            "Look a store over: files that cannot be read, small files, leftovers of writers that died, permissions,\n"
            "clocks, and free space. Changes nothing. Exit code 1 when something needs doing."
        ),
    )
    parser.add_argument("--check", action="store_true", help="also read every file whole and verify its checksums")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    parser.add_argument("--map", metavar="A=B,…", type=column_mapping, default={}, help="as with logtui query")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Look a store over."""
    settings = settings_of(options)
    store = options.positionals[0] if options.positionals else default_store(settings)
    if not store:
        raise UsageError("no store: name one as the first argument, in LOGTUI_STORE, or in the configuration file")
    path = Path(os.path.expanduser(store))  # noqa: PTH111 - as elsewhere: ~ of a user who does not exist stays
    mapping = {**settings.mapping, **options.map}
    clock = clock_of(options)

    def work(token: CancelToken) -> int:
        line = ProgressLine()
        condition = examine_store(
            path,
            mapping=mapping,
            token=token,
            told=lambda done, of: line.say(f"{done:,} of {of:,} directories looked at"),
        )
        found = examine(condition, clock())
        if options.check:
            line.say("verifying checksums")
            found = [*examine_pages(path, token=token), *found]
        line.erase()
        _write(found, options.format)
        return _code(found)

    return run_interruptibly(work)


def _code(found: Sequence[Finding]) -> int:
    urgent = sum(finding.grade is not Grade.NOTE for finding in found)
    if urgent:
        note(f"{urgent:,} thing{'' if urgent == 1 else 's'} to do")
        return ExitCode.PROBLEM
    note("nothing is wrong")
    return ExitCode.DONE


def _write(found: Sequence[Finding], format_name: str) -> None:
    if format_name == "text":
        output.write_text("".join(_paragraph(finding) for finding in found))
        return
    objects = [
        {
            "grade": each.grade.value,
            "area": each.area,
            "what": each.what,
            "advice": each.advice,
            "paths": list(each.paths),
        }
        for each in found
    ]
    if format_name == "ndjson":
        output.write_json(*objects, indent=None)
    else:
        output.write_json(objects)


def _paragraph(finding: Finding) -> str:
    head = f"{finding.grade.value}: {finding.area}: "
    lines = _wrapped(visible(finding.what), head, "  ")
    for path in finding.paths[:_SHOWN_PATHS]:
        lines.append(f"    {visible(path) or '.'}")
    if len(finding.paths) > _SHOWN_PATHS:
        lines.append(f"    and {len(finding.paths) - _SHOWN_PATHS:,} more (all of them: --format json)")
    lines.extend(_wrapped(finding.advice, "  -> ", "     "))
    return "\n".join(lines) + "\n"


def _wrapped(text: str, first: str, others: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=others, break_on_hyphens=False, break_long_words=False
    )
