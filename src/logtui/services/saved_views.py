"""Saved views: named queries with columns and order, in one TOML file that people edit by hand, too.

Every change reads the file again under a lock, touches only the view that it is about (comments and the rest stay),
and replaces the file whole. So two programs that save at once lose nothing, and a file that cannot be understood is
never written. Times stay as they were typed: `since:24h` means the last 24 hours whenever the view is opened.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from logtui.core.columns import DEFAULT_FEED
from logtui.core.errors import StoreError, UsageError
from logtui.core.query.suggest import nearest
from logtui.core.query.text import to_text
from logtui.core.sanitise import visible
from logtui.core.view import SavedView, View
from logtui.services.atomic_file import replacing
from logtui.services.file_lock import locked
from logtui.services.views_edit import with_other_name, with_view, without_view
from logtui.services.views_toml import ViewList, read_views

MOST_VIEWS = 1_000
LONGEST_NAME = 80
"""Characters of a name."""
LARGEST_FILE = 1_000_000
"""Bytes; a larger file was not made by saving views."""


class NameTakenError(UsageError):
    """There is a view of this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(f'there is a view "{name}" already')
        self.name = name


class SavedViews:
    """The views of one file, which need not exist. Nothing is remembered: every call reads the file."""

    def __init__(self, path: Path, columns: tuple[str, ...] = DEFAULT_FEED) -> None:
        """Take the views of `path`; those that name no columns have `columns`."""
        self.path = path
        self._columns = columns

    def load(self) -> ViewList:
        """Return all views, and which entries are wrong.

        Raises:
            UsageError: the file cannot be read or understood; the message names it, and the line.
        """
        return self._understood(self._read())

    def find(self, name: str) -> SavedView:
        """Return the view of this name.

        Raises:
            UsageError: there is none, or it is wrong, or the file is.
        """
        known = self.load()
        for saved in known.views:
            if saved.name == name:
                return saved
        for broken in known.broken:
            if broken.name == name:
                raise UsageError(f"{self.path}: {broken}")
        raise UsageError(self._missing(name, known))

    def save(self, name: str, view: View, *, is_replacing: bool = False) -> ViewList:
        """Add a view, and return all.

        Raises:
            NameTakenError: there is a view of this name, and it is not to be replaced.
            UsageError: the name cannot be used, there are too many views, or the file is wrong.
            StoreError: the file cannot be written.
        """
        name = checked_name(name)

        def change(text: str, known: ViewList) -> str:
            if name in known.names and not is_replacing:
                raise NameTakenError(name)
            if name not in known.names and len(known.names) >= MOST_VIEWS:
                raise UsageError(f"{self.path}: {MOST_VIEWS:,} views are all that it can hold; delete one")
            return with_view(text, name, view)

        # Compared as it is written: a tree that no text can mean exactly is saved as what its text means.
        query = to_text(view.query)
        return self._change(
            change,
            lambda known: any(each.name == name and to_text(each.view.query) == query for each in known.views),
        )

    def rename(self, old: str, new: str) -> ViewList:
        """Give a view another name, and return all.

        Raises:
            NameTakenError: the new name is that of another view.
            UsageError: there is no such view, the new name cannot be used, or the file is wrong.
            StoreError: the file cannot be written.
        """
        new = checked_name(new)

        def change(text: str, known: ViewList) -> str:
            if old not in known.names:
                raise UsageError(self._missing(old, known))
            if new in known.names and new != old:
                raise NameTakenError(new)
            return with_other_name(text, old, new)

        return self._change(change, lambda known: new in known.names and (old == new or old not in known.names))

    def delete(self, name: str) -> ViewList:
        """Remove a view, and return the others.

        Raises:
            UsageError: there is no such view, or the file is wrong.
            StoreError: the file cannot be written.
        """

        def change(text: str, known: ViewList) -> str:
            if name not in known.names:
                raise UsageError(self._missing(name, known))
            return without_view(text, name)

        return self._change(change, lambda known: name not in known.names)

    def _missing(self, name: str, known: ViewList) -> str:
        near = nearest(name, known.names)
        hint = f"; did you mean {near}?" if near else ""
        return f'there is no saved view "{name}" in {self.path}{hint}'

    # -- the file

    def _read(self) -> str:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise UsageError(f"{self.path}: cannot be read: {error.strerror}") from error
        if len(content) > LARGEST_FILE:
            raise UsageError(f"{self.path}: has {len(content):,} bytes; at most {LARGEST_FILE:,} are read")
        try:
            return content.decode("utf-8")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise UsageError(f"{self.path}: line {line}: is not UTF-8 text") from error

    def _understood(self, text: str) -> ViewList:
        try:
            return read_views(text, self._columns)
        except tomllib.TOMLDecodeError as error:
            detail = str(error)
            raise UsageError(f"{self.path}: is not TOML: {detail[:1].lower()}{detail[1:]}") from error
        except RecursionError as error:
            raise UsageError(f"{self.path}: is nested too deep") from error

    def _change(self, change: Callable[[str, ViewList], str], is_done: Callable[[ViewList], bool]) -> ViewList:
        """Read, change and replace the file, so that nobody else's change comes in between."""
        with locked(self.path):
            before = self._read()
            known = self._understood(before)
            after = change(before, known)
            result = self._verified(after, known, is_done)
            with replacing(self.path) as sink:
                sink.write(after.encode("utf-8"))
            return result

    def _verified(self, text: str, before: ViewList, is_done: Callable[[ViewList], bool]) -> ViewList:
        """Return the views of the new text: what was asked for is in it, and all else is as it was."""
        with suppress(tomllib.TOMLDecodeError, RecursionError):
            after = read_views(text, self._columns)
            changed = set(before.views) ^ set(after.views)
            if is_done(after) and len({saved.name for saved in changed}) <= 2 and len(text) <= LARGEST_FILE:
                return after
        raise StoreError(f"{self.path}: cannot be changed without harm to the rest of it; edit it by hand")


def checked_name(name: str) -> str:
    """Return the name without blanks around it.

    Raises:
        UsageError: it is empty, too long, or holds what nobody can see.
    """
    name = name.strip()
    if not name:
        raise UsageError("a view needs a name")
    if len(name) > LONGEST_NAME:
        raise UsageError(f"the name has {len(name)} characters, at most {LONGEST_NAME} are allowed")
    if visible(name) != name:
        raise UsageError("the name holds characters that nobody can see")
    return name
