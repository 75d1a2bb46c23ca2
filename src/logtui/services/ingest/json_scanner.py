"""Finds where a JSON value ends, from bytes that come in chunks.

Only strings and brackets are looked at; whether a value is JSON is found when it is parsed. A parser in C is ten times
faster at that than patterns, but it must be told where to end: so the likely ends are tried with it first.
"""

from __future__ import annotations

import re
from enum import Enum

import msgspec

_TO_BRACKET = re.compile(rb'[^"{}\[\]]*+(?:"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"[^"{}\[\]]*+)*+')
_IN_STRING = re.compile(rb'[^"\\\n]*+(?:\\.[^"\\\n]*+)*+')
_SCALAR = re.compile(rb'[^\s,"{}\[\]]*+')
_QUOTE, _BACKSLASH = b'"'[0], b"\\"[0]
_MOST_GUESSES = 4
_AFTER_VALUE = re.compile(rb"\s*+(?:,\s*+[{\[]|[{\]]|\Z)")
_whole = msgspec.json.Decoder(msgspec.Raw).decode
_OPEN, _CLOSE = frozenset(b"{["), frozenset(b"}]")


def guess_end(data: bytes, at: int, stop: int) -> int | None:
    """Return where the object ends that begins at `at`, if it is JSON and its end is easily found before `stop`."""
    view = memoryview(data)
    end = at
    for _ in range(_MOST_GUESSES):
        while (end := data.find(b"}", end, stop) + 1) and not _AFTER_VALUE.match(data, end, end + 64):
            pass
        if not end:
            return None
        try:
            _whole(view[at:end])
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            continue
        return end
    return None


class Ending(Enum):
    """What was found at the place where a scan stopped."""

    WHOLE = "the value ended before it"
    OPEN = "the value goes on"
    CUT = "the input ends inside the value"
    TORN = "a line feed inside a string, which JSON cannot have"
    STRAY = "a bracket that closes nothing"


class Scanner:
    """Looks for the end of one value; `depth` brackets are open."""

    def __init__(self, depth: int = 0) -> None:
        self._depth = depth
        self._is_in_string = False
        self.is_scalar = False
        """Whether the value is neither in brackets nor in quotes, so that the end of the input ends it."""

    def advance(self, data: bytes, at: int, stop: int) -> tuple[int, Ending]:
        """Scan on from `at`, and return where the scan came to; at the beginning of a value it must not be at `stop`.

        A scalar is `OPEN` when it reaches `stop`.
        """
        if not (self._depth or self._is_in_string or self.is_scalar):
            first = data[at]
            if first in _CLOSE:
                return at, Ending.STRAY
            self._is_in_string = first == _QUOTE
            self.is_scalar = first not in _OPEN and not self._is_in_string
            at += self._is_in_string
        if self.is_scalar:
            end = _end_of(_SCALAR, data, at, stop)
            return end, Ending.OPEN if end == stop else Ending.WHOLE
        return self._to_end(data, at, stop)

    def _to_end(self, data: bytes, at: int, stop: int) -> tuple[int, Ending]:
        while (at := _end_of(_IN_STRING if self._is_in_string else _TO_BRACKET, data, at, stop)) < stop:
            char = data[at]
            if char == _QUOTE:
                self._is_in_string = not self._is_in_string
            elif self._is_in_string:
                is_half_escape = char == _BACKSLASH and at + 1 == stop
                return at, Ending.OPEN if is_half_escape else Ending.TORN
            else:
                self._depth += 1 if char in _OPEN else -1
            at += 1
            if not self._depth and not self._is_in_string:
                return at, Ending.WHOLE
        return at, Ending.OPEN


def _end_of(pattern: re.Pattern[bytes], data: bytes, at: int, stop: int) -> int:
    match = pattern.match(data, at, stop)
    assert match is not None  # every pattern matches nothing, too
    return match.end()
