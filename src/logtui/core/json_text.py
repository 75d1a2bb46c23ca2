"""String literals of a JSON text: what they mean, how they are read best, and how to find something in them."""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r'\\(?:u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|(["\\/bfnrt]))'
)
_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


def unescape(body: str) -> str:
    """Return what the inside of a string literal means; a literal that was cut keeps its last, half escape."""
    return _ESCAPE.sub(_unescaped, body) if "\\" in body else body


def readable(body: str) -> str:
    r"""Return the inside of a string literal with the escapes of letters decoded and all others as written.

    `caf\u00e9` is read as café, while `\n`, `\"` and `\u001b` stay: the result could stand in JSON again.
    """
    return _ESCAPE.sub(_unescaped_if_printable, body) if "\\" in body else body


def _unescaped(match: re.Match[str]) -> str:
    high, low, code, short = match.groups()
    if short:
        return _SHORT.get(short, short)
    if code:
        return chr(int(code, 16))
    return chr(0x10000 + ((int(high, 16) & 0x3FF) << 10) + (int(low, 16) & 0x3FF))


def _unescaped_if_printable(match: re.Match[str]) -> str:
    char = _unescaped(match)
    return char if char.isprintable() and char not in '"\\' else match[0]


def text_pattern(text: str) -> re.Pattern[str]:
    """Return a pattern that finds `text` in JSON text, in either case, however its letters are escaped there."""
    escaped = "".join(char if char.isascii() else f"\\u{ord(char):04x}" for char in text if ord(char) < 0x10000)
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    spellings = dict.fromkeys((text, escaped, quoted))
    return re.compile("|".join(re.escape(spelling) for spelling in spellings if spelling), re.IGNORECASE)
