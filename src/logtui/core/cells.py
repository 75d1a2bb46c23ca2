"""How many cells of a terminal a text takes: none for marks, two for what East Asian writing has wide, else one.

The screen measures with Rich, which the core cannot import; both agree on every character that Unicode has assigned.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_JAMO = re.compile("[\u1160-\u11ff\ud7b0-\ud7ff]")
"""Vowels and finals of Korean, which join the initial before them."""
_WIDE_LATELY = re.compile("[\u2630-\u2637\u268a-\u268f\u4dc0-\u4dff\U0001d300-\U0001d356\U0001d360-\U0001d376]")
"""Signs that Unicode 16 made wide; only the newest Pythons know it."""
_NOT_WIDE = re.compile("[\u3248-\u324f]")


def cell_width(text: str) -> int:
    """Return how many cells visible text takes."""
    return len(text) if text.isascii() else sum(_char_width(char) for char in text)


@lru_cache(maxsize=4096)
def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Mc") or _JAMO.match(char):
        return 0
    if _WIDE_LATELY.match(char):
        return 2
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") and not _NOT_WIDE.match(char) else 1
