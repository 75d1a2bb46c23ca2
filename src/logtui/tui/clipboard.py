"""Copying: what an event, a value or a view is as text, and OSC 52, which carries it to the terminal's clipboard.

OSC 52 works over SSH, has no answer and small limits, so messages say "sent", and what is too large is not sent.
Values are made visible first: pasting must not press keys. JSON keeps its meaning instead, hidden characters in it
become escapes.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from logtui.core.columns import NAMES
from logtui.core.event import Event
from logtui.core.page import Order
from logtui.core.sanitise import NO_LIMIT, json_safe, multiline, visible
from logtui.core.times import format_utc
from logtui.services.encoders import JsonLines
from logtui.services.rows import event_rows

MAX_BYTES = 75_000
"""Larger texts are dropped by many terminals, without a word."""


class Terminal(Protocol):
    """Whatever can write OSC 52: an `App`."""

    def copy_to_clipboard(self, text: str) -> None: ...


@dataclass(frozen=True, slots=True)
class TooLarge:
    """In place of a text that is not worth making: that would take seconds."""

    characters: int


def send(terminal: Terminal, text: str | TooLarge, what: str) -> str:
    """Send `text` to the terminal's clipboard; return what to tell the person, with `what` as its subject."""
    if not text:
        return f"{what} is empty: nothing was sent to the clipboard"
    # What is too large by far is refused before it is looked at: that would take seconds.
    text = TooLarge(len(text)) if isinstance(text, str) and len(text) > MAX_BYTES else text
    if isinstance(text, TooLarge):
        limit = f"{text.characters:,} characters, at most {MAX_BYTES:,} bytes"
        return f"{what} is too large for a terminal's clipboard: {limit}"
    text = multiline(text)
    size = len(text.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        return f"{what} is too large for a terminal's clipboard: {size:,} bytes, at most {MAX_BYTES:,}"
    terminal.copy_to_clipboard(text)
    note = "; tmux passes it on with `set -g set-clipboard on`" if os.environ.get("TMUX") else ""
    return f"{what} sent to the terminal's clipboard{note}"


def value_text(value: str | int | None) -> str:
    """Return a value of a column, a time as RFC 3339."""
    if isinstance(value, int):
        return format_utc(value)
    text = value or ""
    return text if len(text) > MAX_BYTES else visible(text, NO_LIMIT)


def event_text(event: Event) -> str | TooLarge:
    """Return the event as one line of JSON, as `logtui query --format ndjson` prints it on a terminal."""
    (row,) = event_rows((event,), NAMES)
    size = sum(len(cell) for cell in row if isinstance(cell, str))
    if size > MAX_BYTES:
        return TooLarge(size)
    return JsonLines(NAMES, embedded=frozenset({"payload"}), is_for_terminal=True).object(row)


def json_text(text: str) -> str:
    r"""Return JSON as it is written, with hidden characters as `\u` escapes."""
    return text if len(text) > MAX_BYTES else json_safe(text)


def command_text(
    store: Path,
    query: str,
    *,
    columns: Sequence[str] = (),
    order: Order = Order.NEWEST_FIRST,
    mapping: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> str:
    """Return the command line that prints the events of a query.

    Args:
        columns: those to print; without any, what the command prints by itself.
        mapping: names of the store's columns that no configuration tells.
        options: further words, as the shell would give them.
    """
    extra = [*options]
    if columns:
        extra += ["--columns", ",".join(columns)]
    if order is not Order.NEWEST_FIRST:
        extra += ["--order", order.value]
    if mapping:
        extra += ["--map", ",".join(f"{ours}={theirs}" for ours, theirs in mapping.items())]
    words = ["logtui", "query", str(store.absolute())]
    if query:
        # With a space before its minus it is no option, whatever follows; and the person can add options behind it.
        words.append(f" {query}" if query.startswith("-") else query)
    return visible(shlex.join([*words, *extra]), NO_LIMIT)
