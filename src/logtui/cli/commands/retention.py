"""`logtui retention`: what would go, go, keep, let go, undo, what went."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path

from logtui.cli.options import add_common, clock_of, default_store, settings_of
from logtui.cli.parser import CommandLineError, Subparsers
from logtui.config import did_you_mean
from logtui.core.errors import UsageError
from logtui.core.retention.policy import MOST_DAYS, PLANS, parse_size
from logtui.core.times import parse_duration
from logtui.session import open_retention

_ACTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "plan": ("what every partition is, and what apply would remove", ("days", "plan", "max_size", "json")),
    "apply": (
        "remove what has expired",
        ("days", "plan", "max_size", "json", "yes", "force", "dry_run", "keep_trash", "digest", "no_seal"),
    ),
    "hold": (
        "keep days, or the events of a query, whatever the policy",
        ("from_day", "to_day", "query", "reason", "json"),
    ),
    "release": ("end a hold, by its NAME", ("reason", "yes", "keep_trash", "json")),
    "restore": ("bring back what apply removed: the newest run, or the run NAME", ("from_day", "to_day", "json")),
    "log": ("what happened, from the ledger", ("json",)),
    "adopt": ("allow retention in a store that other tools made", ("yes", "json")),
    "policy": ("show the store's policy, or set it", ("days", "plan", "max_size", "keep", "json")),
}
"""Action -> what it does, and the options that it takes."""


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "retention",
        positionals=("ACTION", "STORE", "NAME"),
        help="plan, apply and undo the removal of expired days; holds; the ledger",
        description="Keep no more days than the policy allows, and prove what went.",
    )
    lines = "\n".join(f"{name:8} {does}" for name, (does, _) in _ACTIONS.items())
    parser.add_argument_group("actions", lines)
    add = parser.add_argument
    add("--days", metavar="N", type=_days, help="keep N whole UTC days before today")
    add(
        "--plan",
        metavar="NAME",
        choices=tuple(PLANS),
        help="hobby (1 day), pro (7), business (30), enterprise (--days)",
    )
    add("--max-size", metavar="SIZE", type=_size, help="keep the store below a size such as 20GB; oldest days go first")
    add("--keep", metavar="TYPE=DAYS", action="append", type=_kept, help="policy: keep events of a type longer")
    add("--from", dest="from_day", metavar="DAY", help="hold, restore: the first day")
    add("--to", dest="to_day", metavar="DAY", help="hold, restore: the last day, included")
    add("--query", metavar="QUERY", help="hold: the events that match, such as 'actor:user_2ab'")
    add("--reason", metavar="TEXT", help="hold, release: why; shown wherever the hold is")
    add("--yes", action="store_true", help="do not ask")
    add("--force", action="store_true", help="apply: in spite of what the plan warns of")
    add("--dry-run", action="store_true", help="apply: show the plan, do nothing")
    add("--keep-trash", metavar="TIME", type=_duration, help="apply, release: how long it can be undone (24h); 0s: not")
    add("--digest", metavar="DIGEST", help="apply: only the plan with this digest, which `plan` showed")
    add("--no-seal", action="store_true", help="apply: do not seal the closed days that stay")
    add("--json", action="store_true", help="print JSON")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Do one action."""
    action, *rest = options.positionals or [""]
    if action not in _ACTIONS:
        given = f"{action!r} is no action" + did_you_mean(action, tuple(_ACTIONS)) if action else "no action is given"
        raise CommandLineError(f"{given}; expected one of {', '.join(_ACTIONS)}", "logtui retention")
    _refuse_foreign_options(action, options)
    settings = settings_of(options)
    default = default_store(settings)
    if not rest and default is not None:
        rest = [default]
    if not rest:
        raise UsageError(
            "no store: name one after the action, in LOGTUI_STORE, or as `store` in the configuration file"
        )
    options.name = rest[1] if len(rest) > 1 else ""
    if options.name and action not in ("release", "restore", "hold"):
        raise CommandLineError(f"unexpected argument {options.name!r}", "logtui retention")
    place = Path(rest[0]).expanduser()
    store = open_retention(place, clock=clock_of(options))
    actions: Mapping[str, Callable[..., int]] = import_module("logtui.cli.retention_actions").ACTIONS
    return actions[action](store, options)


def _refuse_foreign_options(action: str, options: argparse.Namespace) -> None:
    allowed = _ACTIONS[action][1]
    every = {name for _, names in _ACTIONS.values() for name in names}
    for name in sorted(every - set(allowed)):
        if getattr(options, name):
            flag = "--" + name.removesuffix("_day").replace("_", "-")
            raise CommandLineError(f"{flag} does not go with `retention {action}`", "logtui retention")


def _days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_DAYS):
        raise argparse.ArgumentTypeError(f"expected a number of days from 1 to {MOST_DAYS:,}, not {text!r}")
    return int(text)


def _size(text: str) -> int:
    try:
        return parse_size(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _duration(text: str) -> int:
    try:
        return parse_duration(text)
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _kept(text: str) -> tuple[str, int]:
    pattern, equals, days = text.partition("=")
    if not (pattern and equals):
        raise argparse.ArgumentTypeError(f"expected TYPE=DAYS such as user.deleted=365, not {text!r}")
    return pattern, _days(days)
