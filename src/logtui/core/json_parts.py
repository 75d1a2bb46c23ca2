"""What a JSON text is made of, and the patterns that tell it. Nothing in them goes back, so that no text is slow."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum


class Kind(IntEnum):
    """What stands at a line. The numbers follow the groups of the patterns below."""

    STRING = 1
    NUMBER = 2
    WORD = 3
    """true, false or null."""
    OBJECT = 4
    ARRAY = 5


@dataclass(frozen=True, slots=True)
class Break:
    """Where the text stops being JSON."""

    position: int
    """Characters from 0."""
    expected: str


_SPACE = r"[ \t\n\r]*+"
_STRING = r'"[^"\\\x00-\x1f]*+(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\x00-\x1f]*+)*+"'
_NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_VALUE = rf"(?:({_STRING})|({_NUMBER})|(true|false|null)|(\{{)|(\[))"
ELEMENT = re.compile(_SPACE + _VALUE)
MEMBER = re.compile(rf"{_SPACE}({_STRING}){_SPACE}:{_SPACE}{_VALUE}")
BEGIN = re.compile(rf"{_SPACE}([{{\[])")
COLON = re.compile(rf"{_SPACE}:{_SPACE}")
AFTER_VALUE = re.compile(rf"{_SPACE}([,}}\]])")
CLOSING = re.compile(rf"{_SPACE}([}}\]])")
_SPACES = re.compile(_SPACE)
END = re.compile(rf"{_SPACE}\Z")


Found = tuple[tuple[int, int] | None, Kind, int, int]
"""A member or element: its key's literal, what it is, and where that begins and ends; of a container its first sign."""


def after_spaces(text: str, start: int) -> int:
    spaces = _SPACES.match(text, start)
    return spaces.end() if spaces else start
