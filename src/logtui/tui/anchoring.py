"""Keeps columns in line behind characters whose width terminals disagree on: vowel signs of India, flags, hexagrams.

What follows such characters is told its place, and the place of the characters themselves is blanked first, so that
a terminal that draws them wider or narrower than was reckoned shifts nothing. Frames without them stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.cells import cell_len

_CONTESTED = (
    r"\u0903\u093b\u093e-\u0940\u0949-\u094c\u094e\u094f\u0982\u0983\u09be-\u09c0\u09c7\u09c8\u09cb\u09cc\u09d7\u0a03"
    r"\u0a3e-\u0a40\u0a83\u0abe-\u0ac0\u0ac9\u0acb\u0acc\u0b02-\u0b03\u0b3e\u0b40\u0b47-\u0b4c\u0b57\u0bbe-\u0bcc\u0bd7"
    r"\u0c01-\u0c03\u0c41-\u0c44\u0c82\u0c83\u0cbe-\u0cc4\u0cc7-\u0ccb\u0cd5\u0cd6\u0cf3\u0d02\u0d03\u0d3e-\u0d40"
    r"\u0d46-\u0d4c\u0d57\u0d82\u0d83\u0dcf-\u0dd1\u0dd8-\u0ddf\u0df2\u0df3\u0f3e\u0f3f\u0f7f\u102b-\u1038\u103b\u103c"
    r"\u1056\u1057\u1062-\u1064\u1067-\u106d\u1083-\u108c\u108f\u109a-\u109c\u1715\u1734\u17b6-\u17c8\u1923-\u1938"
    r"\u1a19\u1a1a\u1a55-\u1a64\u1a6d-\u1a72\u1b04\u1b35-\u1b44\u1b82\u1ba1-\u1baa\u1be7-\u1bf3\u1c24-\u1c35\u1ce1\u1cf7"
    r"\u2630-\u2637\u268a-\u268f\u302e\u302f\u3248-\u324f\u4dc0-\u4dff\ua823-\ua827\ua880\ua881\ua8b4-\ua8c3\ua952\ua953"
    r"\ua983\ua9b4-\ua9c0\uaa2f-\uaa34\uaa4d\uaa7b-\uaa7d\uaaeb-\uaaf5\uabe3-\uabec\U00011000-\U00011ef6\U00016f51-\U00016ff1"
    r"\U0001d165-\U0001d172\U0001d300-\U0001d376\U0001f1e6-\U0001f1ff"
)
_FOUND = re.compile(f"[{_CONTESTED}]")
# From the character before, which they may join, to the end of the cell and the blanks behind it, which are not written
# over what is drawn too wide.
_CHUNK = re.compile(f"(.?[{_CONTESTED}](?:(?!  ).)*) *")
_TOKEN = re.compile(
    r"\x1b\[(?P<parameters>[0-?]*)(?P<intermediates>[ -/]*)(?P<final>[@-~])"
    r"|\x1b[\]P_^X].*?(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]|[\x00-\x1f\x7f]|(?P<text>[^\x00-\x1f\x7f]+)",
    re.DOTALL,
)
_KEEP_PLACE = "mKJXhl"

_Place = tuple[int, int]


def is_contested(text: str) -> bool:
    """Tell whether terminals disagree on the width of the text."""
    return not text.isascii() and _FOUND.search(text) is not None


def anchored(frame: str, columns: Callable[[], int]) -> str:
    """Return what is about to be written to a terminal, with places after contested characters.

    `columns` tells the terminal's width, and is asked only where there are such characters.

    Text whose place is not known, because the frame does not say it, is left alone.
    """
    if not is_contested(frame):
        return frame
    width = columns()
    written: list[str] = []
    place: _Place | None = None
    for token in _TOKEN.finditer(frame):
        text = token["text"]
        if text is None:
            written.append(token[0])
            place = _moved(place, token)
        elif place is None:
            written.append(text)
        else:
            row, column = place
            written.append(_anchored_text(text, row, column, width))
            place = (row, column + cell_len(text))
    return "".join(written)


def _anchored_text(text: str, row: int, column: int, width: int) -> str:
    parts: list[str] = []
    end = 0
    for chunk in _CHUNK.finditer(text):
        parts.append(text[end : chunk.start()])
        end = chunk.end()
        start = column + cell_len(text[: chunk.start()])
        cells = cell_len(chunk[0])
        # No terminal draws one of them in more than two cells. Beyond the edge, it would go on in the next line.
        is_at_edge = start + cell_len(chunk[1]) + 2 * len(chunk[1]) > width
        shown = f"\x1b[?7l{chunk[1]}\x1b[?7h" if is_at_edge else chunk[1]
        parts.append(f"{' ' * cells}{_at(row, start)}{shown}{_at(row, start + cells)}")
    return "".join((*parts, text[end:]))


def _at(row: int, column: int) -> str:
    return f"\x1b[{row};{column}H"


def _moved(place: _Place | None, token: re.Match[str]) -> _Place | None:
    """Return where the cursor is after a control function, if that can be told."""
    final, parameters = token["final"], token["parameters"] or ""
    if final is None:
        return (place[0], 1) if place is not None and token[0] == "\r" else None
    if final in _KEEP_PLACE and not token["intermediates"]:
        return None if parameters.startswith("?") and "1049" in parameters else place
    numbers = [int(number) if number.isdecimal() else 1 for number in parameters.split(";")]
    if final in "Hf":
        return (numbers[0], numbers[1] if len(numbers) > 1 else 1)
    if place is None:
        return None
    row, column = place
    match final:
        case "G":
            return (row, numbers[0])
        case "C":
            return (row, column + max(1, numbers[0]))
        case "D":
            return (row, column - max(1, numbers[0]))
        case _:
            return None
