"""A terminal that obeys nothing and records everything: which control functions a stream of bytes holds.

It follows ECMA-48 as xterm does (UTF-8, 7-bit and 8-bit forms). What is left is text, and of text it records what
nobody can see: a bidi override is as good as a control function.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_FUNCTION = re.compile(
    r"(?:\x1b\[|\x9b)(?P<parameters>[0-?]*)(?P<intermediates>[ -/]*)(?P<final>[@-~])"
    r"|(?:\x1b\]|\x9d)(?P<command>[^\x07\x1b\x9c]*)(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b(?P<string>[PX^_])|(?P<c1_string>[\x90\x98\x9e\x9f]))[^\x1b\x9c]*(?:\x1b\\|\x9c)"
    r"|\x1b(?P<escape>[ -/]*[0-~])"
    r"|(?P<control>[\x00-\x1f\x7f-\x9f])",
    re.DOTALL,
)
_TOLD_APART = "hlmntcqu"
"""Finals of CSI whose parameters choose what is done: modes, looks, reports, window operations."""
_COLOUR = re.compile(r"(?<![0-9])[34]8[:;](?:5[:;][0-9]+|2[:;][0-9]*[:;][0-9]*[:;][0-9]*)")
_VISIBLE_FORMATS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
# Behind a sign that is an emoji, too, they choose its looks: none of these is a letter, a blank or an ASCII sign.
_SELECTED = re.compile(r"(?:^|[\w\s\x00-\x7f])([\ufe0e\ufe0f])")
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0d\uffa0\ufdd0-\ufdef\U000e0000-\U000e0fff]"
)


def functions(written: bytes) -> set[str]:
    """Return the control functions in what a program wrote, each with what it does."""
    text = written.decode("utf-8", "surrogateescape")
    found = {name for match in _FUNCTION.finditer(text) for name in _names(match)}
    return found | {f"U+{ord(char):04X}" for char in hidden(_FUNCTION.sub("", text))}


def hidden(text: str) -> set[str]:
    """Return the characters of a text that cannot be seen for what they are."""
    return {char for char in set(text) if _is_hidden(char)} | {match[1] for match in _SELECTED.finditer(text)}


def _is_hidden(char: str) -> bool:
    kind = unicodedata.category(char)
    return (
        kind in ("Cc", "Cs", "Zl", "Zp")
        or (kind == "Cf" and not _VISIBLE_FORMATS.match(char))
        or (kind == "Zs" and char != " ")
        or _UNSEEN.match(char) is not None
    )


def clipboard_texts(written: bytes) -> list[bytes]:
    """Return what was sent to the clipboard (OSC 52), in base64."""
    return re.findall(rb"\x1b\]52;[a-z]*;([^\x07\x1b]*)", written)


def _names(match: re.Match[str]) -> Iterator[str]:
    if final := match["final"]:
        prefix = "".join(char for char in match["parameters"][:1] if char in "<=>?")
        name = f"CSI {prefix}{match['intermediates']}{final}"
        if final not in _TOLD_APART:
            yield name
            return
        parameters = match["parameters"].removeprefix(prefix)
        if final == "m" and not prefix:
            parameters = _COLOUR.sub("38", parameters)
        yield from (f"{name} {parameter}" for parameter in parameters.split(";"))
    elif (command := match["command"]) is not None:
        yield f"OSC {command.partition(';')[0]}"
    elif string := match["string"] or match["c1_string"]:
        yield f"string {string!r}"
    elif escape := match["escape"]:
        yield f"ESC {escape}"
    else:
        yield f"control {ord(match['control']):02X}"
