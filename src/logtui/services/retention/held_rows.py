"""Where the events of holds by query are (each hold has a store of its own), and queries for types to keep."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from logtui.storage.control_files import control

DIRECTORY = "holds"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")


def is_hold_name(name: str) -> bool:
    """Tell whether a hold may be called so; the name is also that of a directory."""
    return _NAME.fullmatch(name) is not None


def hold_store(root: Path, name: str) -> Path:
    """Return the store that holds the events of a hold by query."""
    return control(root, DIRECTORY, name)


def hold_stores(root: Path) -> dict[str, Path]:
    """Return the stores of held events that there are, by the name of their hold."""
    try:
        return {
            path.name: path
            for path in sorted(control(root, DIRECTORY).iterdir())
            if not path.is_symlink() and path.is_dir()
        }
    except (FileNotFoundError, NotADirectoryError):
        return {}


def types_query(patterns: Sequence[str]) -> str:
    """Return the query for events of these types; a policy has no other characters in them than types and `*`."""
    return "type:" + ",".join(patterns)
