"""The file that says that logtui made a store, and of which format it is. Read in one place, so that all agree."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path

from logtui.core.errors import StoreError
from logtui.storage.partitions import CONTROL_DIRECTORY

FORMAT = 1
"""The store format that this program reads and writes; a store says its own in `.logtui/root.json`."""
STAGING = "tmp"
"""In the control directory: files that are being written."""
_LARGEST = 65_536
"""Bytes; a marker is a line."""


def marker_path(root: Path) -> Path:
    """Return where the marker of a store is."""
    return root / CONTROL_DIRECTORY / "root.json"


@dataclass(frozen=True, slots=True)
class Marker:
    """What the marker of a store says."""

    uuid: str
    is_foreign: bool = False
    """Whether other tools write the store: `retention adopt` made the marker, and names are not logtui's."""


def read_marker(root: Path) -> Marker | None:
    """Return the marker of a store that logtui made; None where there is none, or no directory.

    Raises:
        StoreError: the marker is damaged, or of a format that this program does not know.
        PermissionError: it may not be read.
    """
    marker = marker_path(root)
    try:
        found = json.loads(_content(marker))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except PermissionError:
        raise
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"{marker} is damaged: restore it from a backup ({_why(error)})") from error
    version = found.get("format") if isinstance(found, dict) else None
    # To Python, 1.0 and true are 1; to other readers of the format they are not.
    if type(version) is not int:
        raise StoreError(f"{marker} is damaged: restore it from a backup (its format is no whole number)")
    if version != FORMAT:
        raise StoreError(
            f"the store {root} has format {version}, and this logtui knows format {FORMAT}: use a newer logtui"
        )
    return Marker(str(found.get("uuid", "")), is_foreign=found.get("layout") == "foreign")


def is_to_be_made(root: Path) -> bool:
    """Tell whether a directory is empty, or all that is in it is the beginning of a store: its maker was killed.

    Raises:
        OSError: it cannot be read.
    """
    if {entry.name for entry in root.iterdir()} - {CONTROL_DIRECTORY}:
        return False
    control = root / CONTROL_DIRECTORY
    return not control.exists() or {entry.name for entry in control.iterdir()} == {STAGING}


def _content(marker: Path) -> bytes:
    # O_NONBLOCK: opening a pipe must not wait for its other end.
    handle = os.open(marker, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise ValueError("it is not a regular file")
        if state.st_size > _LARGEST:
            raise ValueError("it is too large")
        return os.read(handle, _LARGEST)
    finally:
        os.close(handle)


def _why(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    return (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
