"""The text of a file of saved views: from TOML to views, and where in it something is wrong. Pure.

    [view."failed sign-ins"]
    query = "is:failure type:sign_in.* since:24h"
    columns = ["event_time", "event_type", "actor"]
    order = "desc"

One view that is wrong does not take the others away: it is named with its line, and the rest is there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from logtui.core.columns import NAMES
from logtui.core.errors import UsageError
from logtui.core.page import Order
from logtui.core.query.parser import parse
from logtui.core.query.suggest import nearest
from logtui.core.view import SavedView, View

SECTION = "view"
_KEYS = ("query", "columns", "order")


@dataclass(frozen=True, slots=True)
class BrokenView:
    """An entry that cannot be understood."""

    name: str
    line: int
    """Counted from 1; 0 where it could not be found."""
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}" if self.line else self.reason


@dataclass(frozen=True, slots=True)
class ViewList:
    """What a file holds, in alphabetical order."""

    views: tuple[SavedView, ...] = ()
    broken: tuple[BrokenView, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (*(saved.name for saved in self.views), *(broken.name for broken in self.broken if broken.name))


class _WrongEntryError(Exception):
    """An entry is wrong; `key` is where in it."""

    def __init__(self, reason: str, key: str = "") -> None:
        super().__init__(reason)
        self.key = key


def read_views(text: str, columns: tuple[str, ...]) -> ViewList:
    """Return the views of a file's text.

    Args:
        columns: those of a view that names none.

    Raises:
        tomllib.TOMLDecodeError: the text is not TOML; the message names line and column.
    """
    table = tomllib.loads(text)
    strange = [name for name in table if name != SECTION]
    broken = [
        BrokenView("", _line_of(text, "", name), f"unknown key {name}" + _did_you_mean(name, (SECTION,)))
        for name in strange
    ]
    entries = table.get(SECTION, {})
    if not isinstance(entries, dict):
        return ViewList((), (*broken, BrokenView("", _line_of(text, "", SECTION), f"{SECTION} must be a table")))
    views: list[SavedView] = []
    for name, entry in entries.items():
        try:
            views.append(SavedView(name, _view(name, entry, columns)))
        except _WrongEntryError as error:
            broken.append(BrokenView(name, _line_of(text, name, error.key), f'view "{name}": {error}'))
    return ViewList(tuple(sorted(views, key=_place)), tuple(sorted(broken, key=lambda each: each.line)))


def _place(saved: SavedView) -> tuple[str, str]:
    return saved.name.casefold(), saved.name


def _view(name: str, entry: object, columns: tuple[str, ...]) -> View:
    if not name.strip():
        raise _WrongEntryError("the name is empty")
    if not isinstance(entry, dict):
        raise _WrongEntryError("must be a table", SECTION)
    for key in entry:
        if key not in _KEYS:
            raise _WrongEntryError(f"unknown key {key}" + _did_you_mean(key, _KEYS), key)
    query = entry.get("query")
    if not isinstance(query, str):
        raise _WrongEntryError("query must be a text", "query")
    try:
        node = parse(query)
    except UsageError as error:
        raise _WrongEntryError(str(error), "query") from error
    return View(node, _columns(entry, columns), _order(entry))


def _columns(entry: Mapping[str, object], default: tuple[str, ...]) -> tuple[str, ...]:
    names = entry.get("columns", list(default))
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise _WrongEntryError("columns must be a list of column names", "columns")
    for name in names:
        if name not in NAMES:
            raise _WrongEntryError(f"there is no column {name!r}" + _did_you_mean(name, NAMES), "columns")
    if len(set(names)) < len(names):
        raise _WrongEntryError("columns names one of them twice", "columns")
    return tuple(names)


def _order(entry: Mapping[str, object]) -> Order:
    try:
        return Order(str(entry.get("order", Order.NEWEST_FIRST.value)))
    except ValueError as error:
        raise _WrongEntryError("order must be desc or asc", "order") from error


def _did_you_mean(word: str, words: tuple[str, ...]) -> str:
    near = nearest(word, words)
    return f"; did you mean {near}?" if near else ""


def _line_of(text: str, name: str, key: str) -> int:
    """Return the line of a key of an entry, or of the entry itself; TOML readers do not tell.

    A line that is TOML on its own says which table or key it begins.
    """
    found, inside = 0, not name
    for number, line in enumerate(text.splitlines(), 1):
        start = _begun(line)
        if line.lstrip().startswith("["):
            inside = start == {SECTION: {name: {}}} or (not name and key in start)
            found = number if inside else found
        if inside and key in start:
            return number
    return found


def _begun(line: str) -> dict[str, object]:
    # The first line of a list or of a long text is no TOML on its own; its key is.
    for text in (line, f"{line.partition('=')[0]}=0"):
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            continue
    return {}
