"""Folding: the one meaning of "without regard to case", for types, severities and words.

Every engine must fold alike or two engines would find different events. The rule is simple lower case, one character
for one character, in any context, as DuckDB's `lower()` has it; Python's `str.lower` differs in the characters below.
"""

from __future__ import annotations

import re

_ONE_TO_ONE = str.maketrans({"Σ": "σ", "İ": "i"})
"""`str.lower` looks at Σ's neighbours, and makes two characters of İ."""

_CASED_LATELY = re.compile("[\ua7cb\ua7cc\ua7ce\ua7d2\ua7d4\ua7da\ua7dc\U00010d50-\U00010d65\U00016ea0-\U00016eb8]")
"""Letters that Unicode 16 and 17 gave a lower case; only the newest Pythons know it."""


def fold(text: str) -> str:
    """Return the text as it is compared where case does not matter; its length stays."""
    if text.isascii():
        return text.lower()
    if _CASED_LATELY.search(text):
        return "".join(char if _CASED_LATELY.match(char) else _lower(char) for char in text)
    return _lower(text)


def _lower(text: str) -> str:
    return text.translate(_ONE_TO_ONE).lower()
