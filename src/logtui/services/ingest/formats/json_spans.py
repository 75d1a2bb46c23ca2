"""Where the values of a JSON text begin and end, for who must cut or replace one and leave every other byte alone.

Walks objects and arrays along the way to a value; everything else is skipped by the standard library's decoder.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

_DECODER = json.JSONDecoder(strict=False)
_SPACE = re.compile(r"[ \t\n\r]*")

Visit = Callable[[str, int], int]
"""Is given a member's key and where its value begins; returns where the value ends."""


def skip_space(text: str, at: int) -> int:
    """Return where the next sign stands."""
    match = _SPACE.match(text, at)
    assert match is not None, "no space is matched too"
    return match.end()


def value_end(text: str, at: int) -> int:
    """Return where the value that begins at `at` ends.

    Raises:
        ValueError: there is no value. RecursionError: it is nested too deep.
    """
    return _DECODER.raw_decode(text, at)[1]


def walk_object(text: str, at: int, visit: Visit) -> int:
    """Visit the members of the object that begins at `at`, in their order, repeated keys too; return where it ends.

    Raises:
        ValueError: the text is not JSON there. RecursionError: it is nested too deep.
    """
    at = skip_space(text, at + 1)
    if text[at : at + 1] == "}":
        return at + 1
    while True:
        key, at = _DECODER.raw_decode(text, at)
        at = skip_space(text, at)
        if not isinstance(key, str) or text[at : at + 1] != ":":
            raise ValueError("a member of an object has no key")
        at = skip_space(text, visit(key, skip_space(text, at + 1)))
        sign = text[at : at + 1]
        if sign == "}":
            return at + 1
        if sign != ",":
            raise ValueError("an object does not end")
        at = skip_space(text, at + 1)


def walk_array(text: str, at: int, visit: Callable[[int], int]) -> int:
    """Visit the elements of the array that begins at `at`; return where it ends.

    Raises:
        ValueError: the text is not JSON there. RecursionError: it is nested too deep.
    """
    at = skip_space(text, at + 1)
    if text[at : at + 1] == "]":
        return at + 1
    while True:
        at = skip_space(text, visit(at))
        sign = text[at : at + 1]
        if sign == "]":
            return at + 1
        if sign != ",":
            raise ValueError("an array does not end")
        at = skip_space(text, at + 1)
