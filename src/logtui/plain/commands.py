"""The commands of the session, as one table: help, reading and docs/accessibility.md come from it. Pure.

A line that begins with a command's word, whole or its short form, is that command; every other line is a query. A
query that begins with such a word is typed behind a slash.
"""

from __future__ import annotations

from dataclasses import dataclass

QUERY_SIGN = "/"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to say to the session."""

    name: str
    short: str
    argument: str
    """What may follow, for people; "" for nothing."""
    meaning: str


COMMANDS: tuple[Command, ...] = (
    Command("next", "n", "", "older events"),
    Command("previous", "p", "", "newer events, those before"),
    Command("first", "g", "", "search again, and read the newest events"),
    Command("new", "w", "", "the events that came since"),
    Command("open", "o", "N", "read event N whole; N alone does the same; without it, the event after the last"),
    Command("payload", "y", "N", "every leaf of the payload of event N, one a line"),
    Command("where", "", "", "say where you are; an empty line does the same"),
    Command("count", "c", "", "how many events match"),
    Command("times", "t", "", "when they were: counts of stretches of time"),
    Command("since", "", "TIME", "only events since a time such as 24h, yesterday, 2026-10-04; `since all` for all"),
    Command("filter", "f", "[QUERY]", "the conditions, with numbers; with a query, add it to them"),
    Command("drop", "x", "[N|all]", "take away condition N, the last one, or all"),
    Command("back", "b", "", "the query before"),
    Command("forward", "", "", "the query that was left with back"),
    Command("facets", "v", "[COLUMN]", "the most frequent values of a column, with numbers"),
    Command("only", "", "N", "only events with value N of the facets"),
    Command("except", "", "N", "no events with value N of the facets"),
    Command("follow", "", "[SECONDS]", "announce new events, every so many seconds at most"),
    Command("stop", "s", "", "announce nothing"),
    Command("views", "", "[NAME]", "the saved views; with a name, open it"),
    Command("problems", "", "", "what in the store could not be read or matched"),
    Command("command", "", "", "the command line that prints these events"),
    Command("zone", "z", "utc|local|relative", "how times are told"),
    Command("lines", "", "N", "how many events are read at a time"),
    Command("help", "h", "[WORD]", "the commands; with a word, all about it, the query language too; or ?"),
    Command("quit", "q", "", "leave; so does ctrl+d on an empty line"),
)

BY_NAME = {command.name: command for command in COMMANDS}
_BY_WORD = {**{command.short: command for command in COMMANDS if command.short}, **BY_NAME, "?": BY_NAME["help"]}


@dataclass(frozen=True, slots=True)
class Order:
    """What a line asks for."""

    name: str
    """A command, or "query"."""
    argument: str = ""


def order_of(line: str) -> Order:
    """Return what a line asks for."""
    text = line.strip()
    if not text:
        return Order("where")
    if text.startswith(QUERY_SIGN):
        return Order("query", text[len(QUERY_SIGN) :].strip())
    if text.isascii() and text.isdigit():
        return Order("open", text)
    word, _, rest = text.partition(" ")
    command = _BY_WORD.get(word)
    # A word with an argument that the command does not take is a query of two words.
    if command is None or (rest.strip() and not command.argument):
        return Order("query", text)
    return Order(command.name, rest.strip())
