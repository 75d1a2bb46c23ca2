"""Keeps memory in the process that imports: batches are large and short-lived, and new pages cost time."""

from __future__ import annotations

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of `mallopt`, from glibc's malloc.h."""
_MOST = 1 << 30


def keep_freed_memory() -> None:
    """Have what was freed used again, in place of giving it back to the system and asking for it anew."""
    import pyarrow as pa

    # Its own pool gives memory back each time.
    pa.set_memory_pool(pa.system_memory_pool())
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # other C libraries have no such thing
        mallopt(_TRIM_THRESHOLD, _MOST)
        mallopt(_MMAP_THRESHOLD, _MOST)
