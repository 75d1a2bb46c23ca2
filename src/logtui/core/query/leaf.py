"""The rules for leaves of the payload that every engine follows.

A path names leaves: object by object, one key each. An array on the way, or at its end, stands for its elements; a key
that is an index is also that place of the array. What is found counts when it is a scalar; an object or a scalar counts
as existing. JSON null is a missing value, an empty array has no leaf, of two equal keys the first counts. A payload
that is not JSON has no leaves. Numbers are read as 64-bit integers where they fit, else as doubles.
"""

from __future__ import annotations

import re

MAX_ARRAY_NESTING = 2
"""Arrays directly inside arrays are looked through this deep: the leaves of `[[1, 2], [3]]` are 1, 2 and 3."""

NUMBER = r"-?[0-9]{1,100}(?:\.[0-9]{1,100})?(?:[eE][+-]?[0-9]{1,3})?"
"""Text that compares as a number, both as an operand and as a leaf; read by RE2 and by Python alike."""

_NUMBER = re.compile(NUMBER)
_INTEGER = re.compile(r"-?[0-9]{1,100}")
_INDEX = re.compile(r"0|[1-9][0-9]{0,17}")


def number_of(text: str) -> float | None:
    """Return the number that the text is, None if it is none; beyond the range of doubles it is infinite."""
    return float(text) if _NUMBER.fullmatch(text) else None


def integer_of(text: str) -> int | None:
    """Return the integer that the text is, None if it is none, or written with a fraction or an exponent."""
    return int(text) if _INTEGER.fullmatch(text) else None


def index_of(key: str) -> int | None:
    """Return the place in an array that a key names, None if it names none."""
    return int(key) if _INDEX.fullmatch(key) else None
