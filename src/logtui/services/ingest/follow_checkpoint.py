"""How far followed files were read, kept in a file that moves only after the events are stored.

A file is known by its inode and its first bytes, so that it is found again under another name, and so that another one
that got its name or its inode is not taken for it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from logtui.core.errors import StoreError
from logtui.services.atomic_file import replacing

_VERSION = 1
_KIND = "ingest"
_DIRECTORY_MODE = 0o750
_NAMED = 20
"""Hexadecimal digits of a checkpoint's name."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far one file was read."""

    path: str
    device: int
    inode: int
    offset: int
    """Bytes whose events are stored."""
    line: int
    """The number of the line that begins there."""
    head_size: int
    head: str
    """The SHA-256 of the first `head_size` bytes, hexadecimal."""


def default_checkpoint(control: Path, names: Sequence[str]) -> Path:
    """Return where the checkpoint for following these files into a store is, below its control directory."""
    spelled = "\0".join(sorted(str(Path(name).expanduser().absolute()) for name in names))
    return (
        control / "follow" / f"{hashlib.sha256(spelled.encode('utf-8', 'surrogateescape')).hexdigest()[:_NAMED]}.json"
    )


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far all files were read."""

    places: tuple[Place, ...]
    looked_at: int
    """When it was last looked which files there are, in nanoseconds since 1970."""


def load_checkpoint(path: Path) -> Checkpoint | None:
    """Return what was saved; None where there is no such file yet.

    Raises:
        StoreError: the file cannot be read, or is no checkpoint of `logtui ingest`.
    """
    try:
        saved = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {(error.strerror or str(error)).lower()}") from error
    except (ValueError, RecursionError):
        saved = None
    try:
        return _checkpoint(saved)
    except (KeyError, TypeError, ValueError) as error:
        raise StoreError(
            f"{path}: is not a checkpoint of this logtui; remove it to read the files from their beginning, which "
            "stores no event twice"
        ) from error


def save_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint; after a crash it is the old one or the new one. Its directory is made if it is missing.

    Raises:
        StoreError: the file cannot be written.
    """
    with suppress(OSError):  # then the file cannot be written either, and that is told
        path.parent.mkdir(_DIRECTORY_MODE, exist_ok=True)
    content = {
        "checkpoint": _VERSION,
        "kind": _KIND,
        "looked_at": checkpoint.looked_at,
        "files": [asdict(place) for place in checkpoint.places],
    }
    with replacing(path) as sink:
        sink.write(json.dumps(content, indent=0).encode("ascii"))


def _checkpoint(saved: Any) -> Checkpoint:
    if (saved["checkpoint"], saved["kind"]) != (_VERSION, _KIND) or not isinstance(saved["files"], list):
        raise ValueError
    return Checkpoint(tuple(map(_place, saved["files"])), int(saved["looked_at"]))


def _place(item: Any) -> Place:
    place = Place(**item)
    numbers: tuple[object, ...] = (place.device, place.inode, place.offset, place.line, place.head_size)
    texts: tuple[object, ...] = (place.path, place.head)
    if all(isinstance(each, int) and each >= 0 for each in numbers) and all(isinstance(each, str) for each in texts):
        return place
    raise ValueError
