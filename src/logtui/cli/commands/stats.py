"""`logtui stats`: how many events there are by the values of a field, or by time."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from logtui.cli import diagnostics, output
from logtui.cli.diagnostics import ExitCode
from logtui.cli.options import add_reading, add_verbose, limit, request_of
from logtui.cli.parser import CommandLineError, Subparsers
from logtui.cli.reading import answer
from logtui.config import did_you_mean
from logtui.core.cancel import CancelToken
from logtui.core.columns import BY_FIELD, FACETS
from logtui.core.errors import UsageError
from logtui.core.page import Facet, Histogram, Selection, TimeRange
from logtui.core.times import format_utc, parse_duration
from logtui.services.rows import Row
from logtui.session import Session

FORMATS = ("table", "json", "ndjson", "csv")
DEFAULT_LIMIT = 50
MOST_BUCKETS = 100_000
_ALL_VALUES = 1 << 31


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "stats",
        positionals=("STORE", "QUERY"),
        help="count events by a field or by time",
        description="Count matching events by the values of a field, or by time.",
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--by", metavar="FIELD", type=facet_column, help=f"one of {', '.join(_fields())}")
    kind.add_argument("--every", metavar="TIME", type=bucket, help="time buckets such as 15m, 1h or 1d, empty ones too")
    parser.add_argument(
        "--limit",
        metavar="N",
        type=limit,
        default=DEFAULT_LIMIT,
        help=f"with --by: the N most frequent values, or all ({DEFAULT_LIMIT})",
    )
    parser.add_argument("--format", choices=FORMATS, help="default: table on a terminal, else ndjson")
    parser.add_argument(
        "--estimate",
        action="store_true",
        help="with --by: what can be told at once, with bounds, where an exact count takes long",
    )
    add_verbose(parser)
    add_reading(parser)


def run(options: argparse.Namespace) -> int:
    """Count."""
    if options.by is None and options.every is None:
        raise CommandLineError("count by what? name --by FIELD or --every TIME", "logtui stats")
    request = request_of(options)

    def ask(session: Session, selection: Selection, token: CancelToken) -> int:
        if options.every is not None:
            return _by_time(session, selection, options.every, options.format, token)
        most = options.limit or _ALL_VALUES
        facets = session.search.facets(selection, options.by, limit=most, token=token)
        *_, facet = [next(facets)] if options.estimate else facets
        return _by_field(facet, selection.range, options.format, is_estimate=options.estimate)

    return answer(request, ask)


def facet_column(text: str) -> str:
    """Read `--by`: a query field or a column that can be counted by."""
    column = BY_FIELD[text].name if text in BY_FIELD else text
    if column not in FACETS:
        raise argparse.ArgumentTypeError(f"cannot count by {text!r}" + did_you_mean(text, _fields()))
    return column


def bucket(text: str) -> int:
    """Read `--every`, in microseconds."""
    try:
        width = parse_duration(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if width <= 0:
        raise argparse.ArgumentTypeError("expected a duration longer than nothing")
    return width


def _fields() -> tuple[str, ...]:
    names = {column.name: field for field, column in BY_FIELD.items()}
    return tuple(names.get(column, column) for column in FACETS)


def _by_field(facet: Facet, times: TimeRange, form: str | None, *, is_estimate: bool) -> int:
    if is_estimate:
        rows: list[Row] = [(value.value, value.count, value.count + value.more) for value in facet.values]
        output.write_rows(rows, output.shape(form, (facet.column, "at_least", "at_most")))
    else:
        rows = [(value.value, value.count) for value in facet.values]
        output.write_rows(rows, output.shape(form, (facet.column, "count")))
    if not rows:
        diagnostics.note_no_events(times)
    if facet.other and facet.is_exact:
        diagnostics.note(f"{facet.other:,} more events have other values; --limit N or --limit all")
    if not facet.is_exact:
        most = f"a value that is not listed comes at most {facet.most_unlisted:,} times"
        diagnostics.note(f"this is an estimate: {most}; without --estimate all events are counted")
    return ExitCode.DONE


def _by_time(session: Session, selection: Selection, width: int, form: str | None, token: CancelToken) -> int:
    now = session.clock()
    _refuse_too_many(session, selection.range, width, now, token)
    histogram = None
    for summary in session.search.summary(selection, bucket=width, token=token):
        histogram = summary.histogram
    counts = _counts(histogram) if histogram else {}
    rows: list[Row] = [
        (format_utc(start), counts.get(start, 0)) for start in bucket_starts(counts, selection.range, width, now)
    ]
    output.write_rows(rows, output.shape(form, ("start", "count")))
    if not counts:
        diagnostics.note_no_events(selection.range)
    return ExitCode.DONE


def bucket_starts(counts: Mapping[int, int], asked: TimeRange, width: int, now: int) -> range:
    """Return the buckets to show: those of the whole time that was asked for, up to now, and all that hold events.

    Where no start was asked for, the first bucket is the first with events; without a start and an end, the last one
    is the last with events.
    """
    firsts, ends = list(counts), [start + width for start in counts]
    if asked.start is not None:
        firsts.append(asked.start)
    if asked.start is not None or asked.end is not None:
        ends.append(min(now + 1, asked.end) if asked.end is not None else now + 1)
    if not firsts or not ends:
        return range(0)
    return range(min(firsts) // width * width, max(ends), width)


def _counts(histogram: Histogram) -> dict[int, int]:
    """Return bucket start -> count, of the buckets that hold events."""
    return {histogram.start + at * histogram.bucket: count for at, count in enumerate(histogram.counts) if count > 0}


def _refuse_too_many(session: Session, asked: TimeRange, width: int, now: int, token: CancelToken) -> None:
    first, last = session.search.time_bounds(token=token) or (now, now)
    start = first if asked.start is None else asked.start
    end = max(last, now) if asked.end is None else asked.end
    buckets = max(0, end - start) // width
    if buckets > MOST_BUCKETS:
        raise UsageError(f"{buckets:,} buckets are too many; make --every longer, or the time shorter with since:")
