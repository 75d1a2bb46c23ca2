"""Tries out whether a store can be written to, as a segment would be: a new file, flushed to the disk."""

from __future__ import annotations

from pathlib import Path

from logtui.storage.publishing import as_store_error, flush, require_store, staged

_CONTENT = bytes(4096)


def try_out(store: Path) -> None:
    """Write a small file where segments are written, and remove it.

    Raises:
        StoreError: that does not work; the message says why.
    """
    require_store(store)
    with as_store_error(f"cannot write into {store}"), staged(store) as path:
        path.write_bytes(_CONTENT)
        flush(path)
