"""Finding a text in a payload tree, some at a time, so that keys are read meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from logtui.core.payload_tree import PayloadTree

_LINES = 400
_PIECE = 100_000
"""How many lines, or characters of one line, are looked at between two pauses."""


def search(
    tree: PayloadTree, pattern: re.Pattern[str], start: int, *, is_backwards: bool = False
) -> Iterator[int | None]:
    """Yield None at every pause, and at last the next line whose key or scalar matches, if there is one.

    Looks at the lines that are read when it begins; `start` comes last, after all others.
    """
    for looked_at, line in enumerate(search_order(len(tree), start, is_backwards=is_backwards), 1):
        if looked_at % _LINES == 0:
            yield None
        for first, last in tree.texts(line):
            for at in pieces(first, last, _PIECE):
                if pattern.search(tree.text, at, min(last, at + _PIECE + longest_match(pattern))):
                    yield line
                    return
                if last - first > _PIECE:
                    yield None


def search_order(count: int, start: int, *, is_backwards: bool) -> Iterator[int]:
    """Return all of `count` places, from beside `start` around the end to `start` itself."""
    ahead, behind = range(start + 1, count), range(min(start + 1, count))
    return chain(reversed(behind[:-1]), reversed(ahead), behind[-1:]) if is_backwards else chain(ahead, behind)


def pieces(first: int, last: int, size: int) -> Sequence[int]:
    """Return where the pieces of a text begin; an empty text has one."""
    return range(first, max(last, first + 1), size)


def longest_match(pattern: re.Pattern[str]) -> int:
    """Return how long a match can be: patterns here spell texts out, so they are longer than what they match."""
    return len(pattern.pattern)
