"""The help of the session without a screen. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from logtui.core.query.fields import FIELDS
from logtui.core.query.flags import FLAGS
from logtui.plain.commands import COMMANDS, QUERY_SIGN, Command
from logtui.tui.query_help import EXAMPLES, FORMS


def help_lines(word: str) -> Iterator[str]:
    """Yield the commands; for a word, everything of commands and query language that has it."""
    if not word:
        yield f"type a query, or a command; a query that begins with a command's word goes behind {QUERY_SIGN}"
        yield from map(_command, COMMANDS)
        yield "help and a word, such as “help type”, searches the query language, too"
        return
    lines = [*map(_command, COMMANDS), *_language()]
    found = [line for line in lines if word.casefold() in line.casefold()]
    yield from found or [f"nothing about {word}"]


def _command(command: Command) -> str:
    words = f"{command.name} {command.argument}".rstrip()
    short = f", or {command.short}" if command.short else ""
    return f"{words}{short}: {command.meaning}"


def _language() -> Iterator[str]:
    yield from (f"query {name}: means {meaning}" for name, meaning in FIELDS.items())
    yield from (f"query value {form}: {meaning}" for form, meaning in FORMS)
    yield from (f"query is:{name}: {meaning}" for name, meaning in FLAGS.items())
    yield from (f"query example {text}: {meaning}" for text, meaning in EXAMPLES)
