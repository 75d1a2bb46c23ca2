"""Paths as DuckDB takes them: text in UTF-8, in which `*`, `?` and `[` are wildcards.

A name on disk is any bytes. What cannot be said to DuckDB is reached through another name.
"""

from __future__ import annotations

import glob
from collections.abc import Callable


def entry(path: str, alias: Callable[[str], str]) -> str:
    """Return a path as DuckDB takes it in a list, where it looks for wildcards too.

    Args:
        alias: gives another path to a file whose own cannot be said.
    """
    if not _is_text(path):
        return alias(path)
    if not any(sign in path for sign in "*?["):
        return path
    # In a pattern, it takes a backslash for a separator.
    return alias(path) if "\\" in path else glob.escape(path)


def allowed_forms(root: str) -> tuple[str, ...]:
    """Return the directories to allow so that everything in `root` can be read."""
    # A link is compared by where it leads; a backslash in there is taken for a separator, and bytes that are no text
    # cannot be said: such a root can only be allowed by the directory above.
    wrong = next((at for at, sign in enumerate(root) if sign == "\\" or not _is_text(sign)), None)
    above = root if wrong is None else root[:wrong].rpartition("/")[0]
    return tuple(form for form in (root, glob.escape(root), above) if _is_text(form))


def _is_text(path: str) -> bool:
    # Python keeps bytes that are not UTF-8 as lone surrogates.
    return path.isascii() or not any("\ud800" <= sign <= "\udfff" for sign in path)
