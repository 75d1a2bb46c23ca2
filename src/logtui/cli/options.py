"""What the commands share: their common options, and from arguments to one frozen `Request`."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from logtui.cli.parser import CommandParser
from logtui.config import KEY_PRESETS, Settings, did_you_mean, load_settings, views_path
from logtui.core.clock import Clock, frozen_clock, system_clock
from logtui.core.columns import NAMES
from logtui.core.errors import QuerySyntaxError, UsageError
from logtui.core.query.ast import Node
from logtui.core.query.normal import all_of
from logtui.core.query.parser import parse
from logtui.core.query.text import to_text
from logtui.core.times import parse_instant
from logtui.core.view import SavedView

STORE_AND_QUERY = """\
STORE   a directory of Parquet files, one Parquet file, a file of text
        such as NDJSON, or - for standard input; without it
        LOGTUI_STORE, else `store` in the configuration file
QUERY   conditions such as 'type:sign_in.* -actor:system since:24h'

A single argument is the STORE if no other store is set, if such a path
exists, or if it begins with / ./ ../ or ~; else it is the QUERY."""

_PATH_STARTS = ("/", "./", "../", "~")
_OTHER_SOURCES = (".ndjson", ".jsonl", ".json", ".csv", ".log", ".gz")


@dataclass(frozen=True, slots=True)
class OpenScreen:
    """What the screen is to be opened with: the answer of a command that is not done on the command line."""

    store: Path
    query: str
    clock: Clock
    settings: Settings
    mapping: Mapping[str, str] = field(default_factory=dict)
    on_exit: Callable[[], None] | None = None
    """Called once after the screen has closed."""
    saved: SavedView | None = None
    """The saved view that is opened; `query` has its conditions already."""


@dataclass(frozen=True, slots=True)
class Request:
    """Which store is asked what."""

    store: Path
    text: str
    """The query as written, with the conditions of the saved view if one is named; for messages about it."""
    query: Node
    settings: Settings
    clock: Clock
    mapping: Mapping[str, str]
    is_verbose: bool = False
    """Whether notes about files name each of them."""
    saved: SavedView | None = None
    """The view that `--view` names."""


class QueryMistakeError(UsageError):
    """A query is wrong at one place; `text` is the query as it was written."""

    def __init__(self, mistake: QuerySyntaxError, text: str) -> None:
        super().__init__(str(mistake))
        self.mistake = mistake
        self.text = text


@contextmanager
def naming_query(text: str) -> Iterator[None]:
    """Attach the query to a mistake found in it, so that it can be shown with a mark under the place."""
    try:
        yield
    except QuerySyntaxError as mistake:
        raise QueryMistakeError(mistake, text) from mistake


def add_common(parser: CommandParser) -> None:
    """Add the options of every command."""
    parser.add_argument("--config", metavar="FILE", type=Path, help="read this configuration file, no other")
    parser.add_argument("--now", metavar="TIME", help=argparse.SUPPRESS)


def add_reading(parser: CommandParser) -> None:
    """Add the options of every command that reads a store."""
    parser.add_argument_group("arguments", STORE_AND_QUERY)
    parser.add_argument(
        "--map",
        metavar="A=B,…",
        type=column_mapping,
        default={},
        help="the store calls event column A by the name B, for instance event_time=ts",
    )
    parser.add_argument("--view", metavar="NAME", help="a saved view; events must match QUERY, too")
    add_common(parser)


def add_looks(parser: CommandParser) -> None:
    """Add the options of the commands that open the screen; each wins over the setting of its name."""
    looks = parser.add_argument_group("looks")
    looks.add_argument("--plain", action="store_true", help="no screen: lines and commands, for screen readers")
    looks.add_argument("--theme", metavar="NAME", help="colours, such as dark, light, contrast, safe, ansi")
    looks.add_argument("--keys", metavar="NAME", choices=KEY_PRESETS, help="set of keys: " + ", ".join(KEY_PRESETS))
    looks.add_argument("--mouse", action=argparse.BooleanOptionalAction, help="take the mouse, or leave it alone")


def with_looks(settings: Settings, options: argparse.Namespace) -> Settings:
    """Return the settings with what `add_looks` read."""
    looks = {name: getattr(options, name) for name in ("theme", "keys", "mouse")}
    told = {name: value for name, value in looks.items() if value is not None}
    return replace(settings, plain=settings.plain or options.plain, **told)


def add_verbose(parser: CommandParser) -> None:
    """Add the option of the commands that write notes about files."""
    parser.add_argument("-v", "--verbose", action="store_true", help="name every file in notes about many alike")


def settings_of(options: argparse.Namespace) -> Settings:
    """Read the settings that `--config` or the default place holds."""
    return load_settings(options.config)


def clock_of(options: argparse.Namespace) -> Clock:
    """Return the machine's clock, or one that stands at `--now`."""
    if options.now is None:
        return system_clock
    return frozen_clock(parse_instant(options.now, system_clock()))


def request_of(options: argparse.Namespace) -> Request:
    """Work out the store and the query, and parse the query.

    Raises:
        UsageError: no store is named anywhere, it is of a kind that cannot be read, or a setting is wrong.
        QueryMistakeError: the query is wrong.
    """
    settings = settings_of(options)
    store, text = locate(options.positionals, default_store(settings))
    if "://" in store:
        refuse_other_sources(store)
    with naming_query(text):
        query = parse(text)
    saved = None
    if options.view is not None:
        from logtui.services.saved_views import SavedViews

        saved = SavedViews(views_path(settings), settings.columns).find(options.view)
        query = all_of((saved.view.query, query))
        text = to_text(query)
    mapping = {**settings.mapping, **options.map}
    path = Path(os.path.expanduser(store))  # noqa: PTH111
    is_verbose = getattr(options, "verbose", False)
    return Request(path, text, query, settings, clock_of(options), mapping, is_verbose, saved)


def columns_of(options: argparse.Namespace, request: Request, format_name: str) -> tuple[str, ...]:
    """Return the columns to print: those of `--columns`, else of the saved view, else what suits the format."""
    if options.columns:
        return tuple(options.columns)
    if request.saved is not None:
        return request.saved.view.columns
    return request.settings.columns if format_name == "table" else NAMES


def default_store(settings: Settings) -> str | None:
    """Return the store to use when no argument names one."""
    named = os.environ.get("LOGTUI_STORE") or settings.store
    return str(named) if named else None


def locate(positionals: Sequence[str], default: str | None) -> tuple[str, str]:
    """Tell the store and the query apart.

    Raises:
        UsageError: there is no store.
    """
    match positionals:
        case [store, query]:
            return store, query
        case [only] if default is None or only == "-" or only.startswith(_PATH_STARTS) or os.path.lexists(only):
            return only, ""
        case [query] if default is not None:
            return default, query
        case [] if default is not None:
            return default, ""
    raise UsageError(
        "no store: name one as the first argument, in LOGTUI_STORE, or as `store` in the configuration file; "
        "`logtui demo` shows one without any"
    )


def refuse_other_sources(store: str) -> None:
    """Say clearly that only Parquet is read.

    Raises:
        UsageError: `store` is nothing, stdin, a URL, or the name of a file of text.
    """
    what = None
    if not store:
        raise UsageError("the name of the store is empty; is a variable of the shell not set? (. is this directory)")
    if store == "-":
        what = "stdin cannot be read as a store"
    elif "://" in store:
        what = f"{store}: a URL cannot be read as a store"
    elif store.lower().endswith(_OTHER_SOURCES) and not Path(store).is_dir():
        what = f"{store}: only Parquet files can be read"
    if what:
        raise UsageError(f"{what}; give a directory of Parquet files, or one Parquet file")


# -- option values


def column_names(text: str) -> tuple[str, ...]:
    """Read `--columns a,b`."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError("expected column names, separated by commas")
    for name in names:
        _check_column(name)
    if len(set(names)) < len(names):
        raise argparse.ArgumentTypeError("names a column twice")
    return names


def column_mapping(text: str) -> dict[str, str]:
    """Read `--map event_time=ts,actor=who`."""
    mapping: dict[str, str] = {}
    for pair in text.split(","):
        name, equals, theirs = (part.strip() for part in pair.partition("="))
        if not (name and equals and theirs):
            raise argparse.ArgumentTypeError(f"expected event_column=their_name, not {pair!r}")
        _check_column(name)
        mapping[name] = theirs
    return mapping


def limit(text: str) -> int | None:
    """Read `--limit 20`, or `all` as None."""
    if text == "all":
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text[:12]) < 10**11):
        raise argparse.ArgumentTypeError(f"expected a number from 1 on, or all, not {text!r}")
    return int(text)


def _check_column(name: str) -> None:
    if name not in NAMES:
        raise argparse.ArgumentTypeError(f"there is no column {name!r}" + did_you_mean(name, NAMES))
