"""Where a string literal of a JSON text ends, found a piece at a time: one of ten megabytes must not hold up keys."""

from __future__ import annotations

import re
from collections.abc import Generator

PIECE = 100_000
"""Characters that are looked at in one go: some three milliseconds, if all of them are escapes."""
NO_LITERAL = -1

_INSIDE = re.compile(r'[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+')


def literal_end(text: str, start: int) -> Generator[None, None, int]:
    """Pause after each piece; return the place behind the closing quote, or `NO_LITERAL` where there is no literal."""
    if not text.startswith('"', start):
        return NO_LITERAL
    at = start + 1
    while True:
        # Pieces overlap by no character: an escape that the edge cuts is left to the next one.
        inside = _INSIDE.match(text, at, at + PIECE)
        end = inside.end() if inside else at
        if end == at:
            return at + 1 if text.startswith('"', at) else NO_LITERAL
        at = end
        yield
