"""Lets Python look for garbage less often while an import makes millions of objects, none of them in cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 100_000
"""New objects after which it looks; by its own rule after some hundreds, which takes a tenth of the reading time."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect rarely inside, as before after it. What was left in cycles, by errors for instance, stays bounded."""
    before = gc.get_threshold()
    gc.set_threshold(max(_OBJECTS, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
