"""`logtui receive`: a webhook endpoint that answers 2xx only after the event is durable."""

from __future__ import annotations

import argparse
import os
import re
import signal
import socket
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from logtui.cli import diagnostics
from logtui.cli.diagnostics import ExitCode
from logtui.cli.options import add_common, clock_of, default_store, settings_of
from logtui.cli.parser import Subparsers
from logtui.cli.receiver.listening import DEFAULT, HEALTH_PATH, Address, address, bound_address, is_local, listen
from logtui.core.errors import UsageError

if TYPE_CHECKING:
    from logtui.cli.receiver.problem_log import ProblemLog
    from logtui.services.receive.request_head import Limits
    from logtui.storage.event_sink import EventSink

DEFAULT_PATH = "/webhooks"
_MOST_BODY_BYTES = 64 << 20
_MOST_CONNECTIONS = 10_000
_UNITS = {"K": 1 << 10, "M": 1 << 20}
_URL_PATH = re.compile(r"/[A-Za-z0-9/._~-]*")
_LEAST_SECONDS, _MOST_SECONDS = 0.1, 600.0


def add_parser(subparsers: Subparsers) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "receive",
        positionals=("STORE",),
        help="take webhooks in",
        description=(
            "Listen for webhooks (Svix, Clerk, Standard Webhooks) and store their events. A delivery is answered 2xx\n"
            "only after its event is durable; one that comes again is stored once. Ends well on SIGTERM.\n\n"
            "Secrets come from --secret-file, or from LOGTUI_WEBHOOK_SECRET or LOGTUI_WEBHOOK_SECRETS in the\n"
            "environment; several may be in force at a time."
        ),
    )
    add = parser.add_argument
    add("--secret-file", metavar="FILE", type=Path, help="secrets, one a line; # begins a comment")
    add("--listen", metavar="HOST:PORT", type=address, default=DEFAULT, help=f"default: {DEFAULT}")
    add("--path", metavar="PATH", type=_url_path, default=DEFAULT_PATH, help=f"default: {DEFAULT_PATH}")
    add("--max-body", metavar="BYTES", type=_size, help="larger bodies are refused; default: 1M")
    add("--max-connections", metavar="N", type=_count, help="one more is told to come again; default: 128")
    add("--head-seconds", metavar="S", type=_seconds, help="until the headers must be complete; default: 5")
    add("--body-seconds", metavar="S", type=_seconds, help="until the body must be complete; default: 10")
    add("--unmask", action="store_true", help="store one-time codes and mail bodies as they come")
    add("--quiet", action="store_true", help="do not tell what senders do wrong, only what goes wrong here")
    add_common(parser)


def run(options: argparse.Namespace) -> int:
    """Receive until a signal.

    Raises:
        UsageError: there is no store or no secret, or a secret is none.
        StoreError: the store cannot be written to.
        LogtuiError: the address cannot be listened on, or the file of secrets cannot be read.
    """
    from logtui.cli.receiver.problem_log import ProblemLog
    from logtui.services.receive.signing_secrets import read_secrets

    store = _store(options)
    secrets = read_secrets(options.secret_file, os.environ)
    with (
        closing(listen(options.listen)) as listener,
        closing(_open_sink(store)) as sink,
        closing(ProblemLog(_steady_clock, is_quiet=options.quiet)) as log,
    ):
        return _receive(options, store, secrets, listener, sink, log)


def _receive(
    options: argparse.Namespace,
    store: Path,
    secrets: Sequence[str],
    listener: socket.socket,
    sink: EventSink,
    log: ProblemLog,
) -> int:
    """Put the parts together, serve until a signal, and return the exit code."""
    from logtui.cli.receiver.application import Application
    from logtui.cli.receiver.serving import serve
    from logtui.services.ingest.formats.clerk_webhook import event_of_delivery
    from logtui.services.receive.group_commit import GroupCommit
    from logtui.services.receive.health import Health
    from logtui.services.receive.intake import Intake
    from logtui.services.receive.signatures import Verifier
    from logtui.session import check_writable

    limits, clock = _limits(options), clock_of(options)
    read = partial(event_of_delivery, is_masked=not options.unmask)
    health = Health(partial(check_writable, store), _steady_clock)
    with closing(GroupCommit(sink, most_waiting=limits.slots)) as commit:
        intake = Intake(Verifier(secrets, clock), read, commit, clock, store_seconds=limits.store_seconds)
        application = Application(intake, commit, health, path=options.path, limits=limits, log=log)
        introduce = partial(_introduce, options, store, bound_address(listener), len(secrets))
        number = serve(application, listener, limits, log, introduce=introduce)
    diagnostics.note(f"stopped; {commit.written.written:,} new events stored, {commit.written.duplicates:,} known")
    return ExitCode.DONE if number in (None, signal.SIGTERM) else 128 + number


def _introduce(options: argparse.Namespace, store: Path, place: Address, secrets: int) -> None:
    if not is_local(place):
        diagnostics.note(
            f"warning: {place} can be reached from other machines, and speaks no TLS; "
            "let a reverse proxy do that, and listen on 127.0.0.1"
        )
    if options.unmask:
        diagnostics.note("warning: --unmask stores one-time codes and mail bodies as they come")
    codes = "kept" if options.unmask else "masked"
    known = "1 secret" if secrets == 1 else f"{secrets:,} secrets"
    diagnostics.note(f"receiving on http://{place}{options.path} into {store}; {known}, one-time codes are {codes}")


def _store(options: argparse.Namespace) -> Path:
    named = options.positionals[0] if options.positionals else default_store(settings_of(options))
    if not named:
        raise UsageError("no store: name one as the argument, in LOGTUI_STORE, or as `store` in the configuration file")
    return Path(named).expanduser()


def _open_sink(store: Path) -> EventSink:
    """Open the store for writing; make it first if there is none, and say so."""
    from logtui.session import make_store, open_sink
    from logtui.storage.marker import is_to_be_made
    from logtui.storage.partitions import CONTROL_DIRECTORY

    # A directory that was empty before may be for something else; one whose making was broken off is for this.
    if not store.exists() or ((store / CONTROL_DIRECTORY).is_dir() and is_to_be_made(store)):
        make_store(store)
        diagnostics.note(f"made {store}")
    return open_sink(store, tell=diagnostics.note)


def _limits(options: argparse.Namespace) -> Limits:
    from logtui.services.receive.request_head import Limits

    given = {
        "body_bytes": options.max_body,
        "slots": options.max_connections,
        "head_seconds": options.head_seconds,
        "body_seconds": options.body_seconds,
    }
    return replace(Limits(), **{name: value for name, value in given.items() if value is not None})


def _steady_clock() -> int:
    return time.monotonic_ns() // 1000


def _url_path(text: str) -> str:
    if not _URL_PATH.fullmatch(text) or text == HEALTH_PATH:
        raise argparse.ArgumentTypeError(f"expected a path such as {DEFAULT_PATH}, not {text!r}")
    return text


def _size(text: str) -> int:
    """Read `1048576`, `512K` or `2M`."""
    number, unit = text.upper(), 1
    if number.endswith(tuple(_UNITS)):
        number, unit = number[:-1], _UNITS[number[-1]]
    if not (number.isascii() and number.isdigit() and len(number) < 12 and 0 < int(number) * unit <= _MOST_BODY_BYTES):
        raise argparse.ArgumentTypeError(f"expected a size from 1 to {_MOST_BODY_BYTES >> 20}M, not {text!r}")
    return int(number) * unit


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 0 < int(text) <= _MOST_CONNECTIONS):
        raise argparse.ArgumentTypeError(f"expected a number from 1 to {_MOST_CONNECTIONS:,}, not {text!r}")
    return int(text)


def _seconds(text: str) -> float:
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", text) or not _LEAST_SECONDS <= float(text) <= _MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"expected seconds from {_LEAST_SECONDS:g} to {_MOST_SECONDS:g}, not {text!r}")
    return float(text)
