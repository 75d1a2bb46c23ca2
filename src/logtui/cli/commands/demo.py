"""`logtui demo`: the bundled events with live ones beside them on the screen, or a large store to measure with."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from logtui.cli.options import OpenScreen, add_common, add_looks, clock_of, settings_of, with_looks
from logtui.cli.parser import Subparsers
from logtui.core.clock import DAY
from logtui.core.errors import UsageError

DEFAULT_EVENTS, DEFAULT_DAYS, DEFAULT_SEED = 100_000, 30, 1
MOST_EVENTS, MOST_DAYS, MOST_SEED = 10_000_000_000, 10_000, (1 << 63) - 1


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "demo",
        usage="%(prog)s\n       %(prog)s --out DIR [--events N] [--days D] [--seed S]",
        help="try it out on events of a company that does not exist",
        description=(
            "Open the screen on a month of bundled events that ends now, with live ones coming in. They lie in a\n"
            "directory for temporary files, which is removed in the end.\n\n"
            "With --out, make a store that looks alike, of any size, and exit."
        ),
    )
    making = parser.add_argument_group("making a store")
    making.add_argument("--out", metavar="DIR", type=Path, help="where; DIR must be missing or empty")
    making.add_argument("--events", metavar="N", type=_up_to(MOST_EVENTS), help=f"default: {DEFAULT_EVENTS:,}")
    making.add_argument(
        "--days", metavar="D", type=_up_to(MOST_DAYS), help=f"today is the last; default: {DEFAULT_DAYS}"
    )
    making.add_argument(
        "--seed", metavar="S", type=_up_to(MOST_SEED, 0), help=f"same number, same events; default: {DEFAULT_SEED}"
    )
    add_looks(parser)
    add_common(parser)


def run(options: argparse.Namespace) -> int | OpenScreen:
    """Prepare the screen's store, or make a large one.

    Raises:
        UsageError: there are options for making a store, but no place for it.
        StoreError: the place cannot be written to, or holds something already.
    """
    if options.out is not None:
        return _make(options)
    for name in ("events", "days", "seed"):
        if getattr(options, name) is not None:
            raise UsageError(f"--{name} needs --out DIR, the place for the store to make")
    return _open(options)


def _open(options: argparse.Namespace) -> OpenScreen:
    from logtui.cli.demo_copy import DemoCopy

    settings, clock = with_looks(settings_of(options), options), clock_of(options)
    copy = DemoCopy(clock())
    return OpenScreen(copy.store, "", clock, settings, on_exit=copy.close)


def _make(options: argparse.Namespace) -> int:
    from logtui.cli.demo_store import make_demo_store
    from logtui.cli.interrupts import run_interruptibly
    from logtui.services.demo.bulk import Order

    order = Order(
        events=options.events or DEFAULT_EVENTS,
        days=options.days or DEFAULT_DAYS,
        seed=DEFAULT_SEED if options.seed is None else options.seed,
        now=clock_of(options)(),
    )
    if order.now < order.days * DAY:
        raise UsageError(f"--days {order.days} reaches back beyond 1970; give fewer")
    return run_interruptibly(lambda token: make_demo_store(options.out, order, token))


def _up_to(most: int, least: int = 1) -> Callable[[str], int]:
    """Return a reader of whole numbers, which may be written `1_000_000`."""

    def read(text: str) -> int:
        digits = text.replace("_", "").replace(",", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 20 and least <= int(digits) <= most):
            raise argparse.ArgumentTypeError(f"expected a number from {least} to {most:,}, not {text!r}")
        return int(digits)

    return read
