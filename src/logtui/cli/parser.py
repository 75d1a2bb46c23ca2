"""Reading argument lists with argparse, bent in three places.

Options may stand anywhere between STORE and QUERY, a query may begin with `-` as in `-actor:system`, and a mistake is
a `UsageError` instead of a text on stderr and an exit.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, NoReturn, TypeAlias

from logtui.core.errors import UsageError
from logtui.core.query.fields import FIELDS
from logtui.core.query.suggest import nearest

Subparsers: TypeAlias = "argparse._SubParsersAction[CommandParser]"  # noqa: SLF001
"""What `add_parser` of a command gets; argparse gives it no public name."""

_NEGATED_TERM = re.compile(rf"-[(\"]|-(?:p|{'|'.join(FIELDS)})[:.]")


_COLUMNS = 80


class CommandLineError(UsageError):
    """The arguments of one command are wrong; `prog` is what to ask for help, such as `logtui query`."""

    def __init__(self, message: str, prog: str) -> None:
        super().__init__(message)
        self.prog = prog


class TextRequested(Exception):  # noqa: N818 - an outcome, not an error
    """`--help` or `--version` was met; the text is the whole answer."""


class CommandParser(argparse.ArgumentParser):
    """The options of one command; `positionals` names what else it takes, at most, each of them optional.

    Of one whose name ends in `…`, the last, there may be any number.
    """

    def __init__(self, *, positionals: tuple[str, ...] = (), **settings: Any) -> None:
        names = "".join(f" [{name}]" for name in positionals)
        settings.setdefault("usage", f"%(prog)s{names} [options]")
        super().__init__(**settings, allow_abbrev=False, add_help=False, formatter_class=_HelpFormatter)
        self.positionals = positionals
        self.add_argument("-h", "--help", action=_ShowHelp, default=argparse.SUPPRESS, help="show this text")

    def read(self, arguments: Sequence[str]) -> argparse.Namespace:
        """Return the options, and as `positionals` the other arguments in their order.

        Raises:
            CommandLineError: an option is unknown or wrong, or there are too many other arguments.
            TextRequested: the person asked for help.
        """
        cut = list(arguments).index("--") if "--" in arguments else len(arguments)
        protected = [f" {text}" if _NEGATED_TERM.match(text) else text for text in arguments[:cut]]
        options, rest = self.parse_known_args(protected)
        for text in rest:
            if text.startswith("-") and text != "-":
                self._refuse_option(text)
        options.positionals = [text.removeprefix(" ") for text in rest] + list(arguments[cut + 1 :])
        is_open = self.positionals and self.positionals[-1].endswith("…")
        if len(options.positionals) > len(self.positionals) and not is_open:
            self._refuse_surplus(options.positionals)
        return options

    def _refuse_option(self, text: str) -> NoReturn:
        known = [option for action in self._actions for option in action.option_strings]
        near = nearest(text.partition("=")[0], known)
        if near:
            hint = f"; did you mean {near}?"
        else:
            hint = "; put -- before a query that begins with -" if self.positionals else ""
        self.error(f"unknown option {text}{hint}")

    def _refuse_surplus(self, given: Sequence[str]) -> NoReturn:
        if self.positionals != ("STORE", "QUERY"):
            self.error(f"unexpected argument {given[len(self.positionals)]!r}")
        query = shlex.join([" ".join(given[1:])])
        self.error(f"{len(given)} arguments, where STORE and QUERY are all; quote the query: {query}")

    def error(self, message: str) -> NoReturn:
        """Raise argparse's own complaints as ours."""
        raise CommandLineError(message, self.prog)


class _HelpFormatter(argparse.RawDescriptionHelpFormatter):
    """One is made for each option that is declared, and by itself would import what makes archives to get its width."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_columns() - 2)


def _columns() -> int:
    with suppress(KeyError, ValueError):
        return int(os.environ["COLUMNS"])
    try:
        return os.get_terminal_size(1).columns or _COLUMNS
    except OSError:
        return _COLUMNS


class _ShowHelp(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, **settings: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **settings)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        raise TextRequested(parser.format_help())
