"""Changes of the text of a file of saved views, text to text: what a person wrote around them stays as it is. Pure.

`saved_views` verifies what comes out before it is written.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from typing import TYPE_CHECKING

from logtui.core.errors import UsageError
from logtui.core.page import Order
from logtui.core.query.text import to_text
from logtui.core.view import View
from logtui.services.views_toml import SECTION

if TYPE_CHECKING:
    from tomlkit.items import Table

_HEADING = "# Saved views of logtui. They may be edited here, too; docs/configuration.md says how.\n\n"


def with_view(text: str, name: str, view: View) -> str:
    """Return the text with one more view, or with another one in the place of the one that has the name.

    Raises:
        UsageError: there is no place for views.
    """
    import tomlkit

    wanted = {"query": to_text(view.query), "columns": list(view.columns)}
    if view.order is not Order.NEWEST_FIRST:
        wanted["order"] = view.order.value

    def put(views: Table) -> None:
        if name not in views or not hasattr(views[name], "items"):
            views[name] = tomlkit.table()
        entry = views[name]
        for key in [key for key in entry if key not in wanted]:
            del entry[key]
        for key, value in wanted.items():
            entry[key] = value

    return _edited(text or _HEADING, put)


def without_view(text: str, name: str) -> str:
    """Return the text without a view."""

    def remove(views: Table) -> None:
        del views[name]

    return _edited(text, remove)


def with_other_name(text: str, old: str, new: str) -> str:
    """Return the text with a view under another name, in its old place if it has a heading there."""
    import tomlkit

    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        rest = _after_heading(line, old)
        if rest is not None:
            lines[number] = f"[{SECTION}.{tomlkit.key(new).as_string()}]{rest}"
            return "".join(lines)

    def move(views: Table) -> None:
        entry = views[old]
        del views[old]
        views[new] = entry

    return _edited(text, move)


def _after_heading(line: str, name: str) -> str | None:
    """Return what follows `[view.name]` on its line, None where the line is no such heading."""
    for at, char in enumerate(line):
        if char == "]" and line.lstrip().startswith("["):
            try:
                heading = tomllib.loads(line[: at + 1])
            except tomllib.TOMLDecodeError:  # a bracket that belongs to a name
                continue
            return line[at + 1 :] if heading == {SECTION: {name: {}}} else None
    return None


def _edited(text: str, change: Callable[[Table], None]) -> str:
    import tomlkit

    document = tomlkit.parse(text)
    section = document.setdefault(SECTION, tomlkit.table(is_super_table=True))
    if not hasattr(section, "items"):
        raise UsageError(f"{SECTION} must be a table")
    change(section)
    return tomlkit.dumps(document)
