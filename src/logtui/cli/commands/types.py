"""`logtui types`: the event types that are known, and those that a store holds."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from logtui.cli import output
from logtui.cli.diagnostics import ExitCode
from logtui.cli.options import add_reading, add_verbose, default_store, request_of, settings_of
from logtui.cli.parser import Subparsers
from logtui.cli.reading import answer
from logtui.core import catalogue
from logtui.core.cancel import CancelToken
from logtui.core.page import Selection
from logtui.services.rows import Row
from logtui.session import Session

FORMATS = ("table", "json", "ndjson", "csv")
_DESCRIBED = ("event_type", "category", "subcategory", "description")
_COUNTED = ("event_type", "count", "category", "subcategory", "description")
_ALL_TYPES = 1 << 31


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "types",
        positionals=("STORE", "QUERY"),
        help="list known and seen event types",
        description=(
            "List the event types of the catalogue; with a store, how often each occurs there, the most frequent "
            "first.\nA type that the catalogue does not know has no category."
        ),
    )
    parser.add_argument("--format", choices=FORMATS, help="default: table on a terminal, else ndjson")
    add_verbose(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """List types."""
    if not options.positionals and options.view is None and default_store(settings_of(options)) is None:
        output.write_rows(_described(), output.shape(options.format, _DESCRIBED))
        return ExitCode.DONE

    def ask(session: Session, selection: Selection, token: CancelToken) -> int:
        facet = session.search.facet(selection, "event_type", limit=_ALL_TYPES, token=token)
        counts = {value.value: value.count for value in facet.values if value.value is not None}
        output.write_rows(counted(counts), output.shape(options.format, _COUNTED))
        return ExitCode.DONE

    return answer(request_of(options), ask)


def counted(counts: Mapping[str, int]) -> list[Row]:
    """Return seen types, most frequent first, then the known ones that were not seen."""
    known = catalogue.load()
    seen = sorted(counts, key=lambda name: (-counts[name], name))
    unseen = [name for name in known.types if name not in counts]
    return [(name, counts.get(name, 0), *_description(name)) for name in (*seen, *unseen)]


def _described() -> list[Row]:
    return [(name, *_description(name)) for name in catalogue.load().types]


def _description(name: str) -> tuple[str | None, str | None, str | None]:
    entry = catalogue.load().get(name)
    return (entry.category, entry.subcategory, entry.description) if entry else (None, None, None)
