"""Where a tail had come, kept in a file, so that the next run continues there.

Events are delivered first and the checkpoint moves after them: a crash in between repeats the last ones, and loses
none.
"""

from __future__ import annotations

import json
from pathlib import Path

from logtui.core.errors import StoreError
from logtui.services.atomic_file import replacing
from logtui.storage.engine import Position

_VERSION = 1


def load_checkpoint(path: Path, store: Path) -> Position | None:
    """Return the position that was saved for this store, or None when there is no such file yet.

    Raises:
        StoreError: the file cannot be read, is no checkpoint, or belongs to another store.
    """
    try:
        saved = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StoreError(f"{path}: cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError):
        saved = None
    match saved:
        case {"checkpoint": 1, "store": str(owner), "segments": list(segments)} if all(
            isinstance(name, str) for name in segments
        ):
            pass
        case _:
            raise StoreError(f"{path}: is not a checkpoint of this logtui; remove it to start with what is new now")
    if owner != str(store.resolve()):
        raise StoreError(f"{path}: is the checkpoint of {owner}; use another file for {store}")
    return frozenset(segments)


def save_checkpoint(path: Path, store: Path, position: Position) -> None:
    """Replace the checkpoint; after a crash it is the old one or the new one.

    Raises:
        StoreError: the file cannot be written.
    """
    content = {"checkpoint": _VERSION, "store": str(store.resolve()), "segments": sorted(position)}
    with replacing(path) as sink:
        sink.write(json.dumps(content, ensure_ascii=True, indent=0).encode("ascii"))
