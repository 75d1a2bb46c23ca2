"""The file name of an export as a person types it on the screen, and the one that is suggested."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from logtui.core.clock import SECOND
from logtui.core.errors import UsageError
from logtui.services.output_place import check_output

_STRANGE = re.compile(r"[^A-Za-z0-9._-]+")


def target_of(text: str, store: Path) -> Path:
    """Return the absolute path that a person typed; `~` is the home directory.

    Raises:
        UsageError: no file can be made there, or none may.
    """
    if not text.strip():
        raise UsageError("a file name is missing")
    if "\0" in text:
        raise UsageError("a file name cannot hold the character NUL")
    target = Path(os.path.abspath(os.path.expanduser(text.strip())))  # noqa: PTH100, PTH111 - unknown users stay as is
    try:
        if target.is_dir():
            raise UsageError(f"{target}: is a directory; name a file in it")
        if target.exists() and not target.is_file():
            raise UsageError(f"{target}: is no regular file; name another one")
        if not target.parent.is_dir():
            raise UsageError(f"{target.parent}: there is no such directory")
    except OSError as error:
        raise UsageError(f"{target}: {error.strerror or error}") from error
    check_output(target, store)
    return target


def suggested_target(store: Path, suffix: str, now: int) -> str:
    """Return a file name to begin with: named after store and time, here if that is possible, else in the home."""
    stem = _STRANGE.sub("_", store.absolute().name.removesuffix(".parquet"))[:60].strip("._") or "events"
    when = datetime.fromtimestamp(now // SECOND, UTC).strftime("%Y%m%dT%H%M%SZ")
    return _short(_directory(store) / f"{stem}-{when}{suffix}")


def _directory(store: Path) -> Path:
    try:
        here = Path.cwd()
        check_output(here / "x", store)
    except (OSError, UsageError):
        return Path("~")
    return here if os.access(here, os.W_OK) else Path("~")


def _short(path: Path) -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 - without a home this stays what it is
    return f"~/{path.relative_to(home)}" if home != "/" and path.is_relative_to(home) else str(path)
