r"""Makes any text safe to show: log text is attacker's input, and terminals obey what they print.

Every text that did not come from this program passes through `visible` once, where it leaves the data: values, keys,
column and file names, messages of errors, titles. What could move the cursor, change colours, reverse the reading
direction or hide is shown instead of obeyed: `␛` for ESC, `\x9b` for a C1 control, `\u202e` for a bidi override.
"""

from __future__ import annotations

import re
import sys
import unicodedata

NO_LIMIT = sys.maxsize
MARKS_SHOWN = 8
"""Combining marks on one character before the rest is counted instead of stacked over the neighbouring lines."""

# Code points that a terminal obeys, or that nobody can see. Spaces that look like U+0020 belong to them: in an audit
# log `admin` and `admin\u00a0` are two people.
_UNSEEN = (
    "\x00-\x1f\x7f-\x9f"  # C0, DEL, C1
    "\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u2800\u3000\ufeff"  # spaces, zero width, bidi
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"  # joiners, marks and fillers without a shape
    "\ufff0-\ufffb\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # controls of some scripts
    "\U000e0000-\U000e0fff"  # tags and more variation selectors
    "\ud800-\udfff\ufdd0-\ufdef"  # lone surrogates, noncharacters
    + "".join(f"{chr(plane << 16 | 0xFFFE)}-{chr(plane << 16 | 0xFFFF)}" for plane in range(17))
)
# A sign that is an emoji, too, may choose its looks with U+FE0E/F; behind anything else a selector only hides.
_EMOJI_BASE = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u2199\u21a9\u21aa\u231a\u231b\u2328\u23cf\u23e9-\u23f3\u23f8-\u23fa"
    "\u24c2\u25aa\u25ab\u25b6\u25c0\u25fb-\u25fe\u2600-\u2604\u260e\u2611\u2614\u2615\u2618\u261d\u2620\u2622\u2623\u2626"
    "\u262a\u262e\u262f\u2638-\u263a\u2640\u2642\u2648-\u2653\u265f\u2660\u2663\u2665\u2666\u2668\u267b\u267e\u267f"
    "\u2692-\u2697\u2699\u269b\u269c\u26a0\u26a1\u26a7\u26aa\u26ab\u26b0\u26b1\u26bd\u26be\u26c4\u26c5\u26c8\u26ce\u26cf"
    "\u26d1\u26d3\u26d4\u26e9\u26ea\u26f0-\u26f5\u26f7-\u26fa\u26fd\u2702\u2705\u2708-\u270d\u270f\u2712\u2714\u2716"
    "\u271d\u2721\u2728\u2733\u2734\u2744\u2747\u274c\u274e\u2753-\u2755\u2757\u2763\u2764\u2795-\u2797\u27a1\u27b0"
    "\u27bf\u2934\u2935\u2b05-\u2b07\u2b1b\u2b1c\u2b50\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
_HIDDEN = re.compile(f"[{_UNSEEN}\ufe00-\ufe0d]|(?<![{_EMOJI_BASE}])[\ufe0e\ufe0f]")
_HIDDEN_BUT_NEWLINE = re.compile(f"(?!\n)(?:{_HIDDEN.pattern})")
# Marks are no word characters, which finds candidates without a table of them all.
_MARK_RUN = re.compile(rf"[^\w\s\x00-\u02ff]{{{MARKS_SHOWN + 1},}}")
_SIGN = re.compile(r"[^\w\s\x00-\u02ff]")
_NARROWED = re.compile("[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")

_NO_ASCII = re.compile("[^\x00-\x7f]")

_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FORMULA_STARTS = tuple("=+-@|%＝＋－＠")

_ASCII_SIGNS = str.maketrans(
    {
        "…": "...", "·": ".", "•": "*", "●": "*", "○": "o", "×": "x", "–": "-", "—": "-", "“": '"', "”": '"',
        "‘": "'", "’": "'", "←": "<", "→": ">", "↑": "^", "↓": "v", "▸": ">", "▾": "v", "▴": "^", "✓": "+", "✗": "x",
        "─": "-", "━": "=", "│": "|", "┃": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "┬": "+",
        "┴": "+", "┼": "+", "▁": "_", "▂": "_", "▃": ".", "▄": "-", "▅": "-", "▆": "=", "▇": "#", "█": "#", "▏": "|",
        "≥": ">=", "≤": "<=", "≈": "~", "µ": "u",
        **{chr(0x2400 + code): f"^{chr(code + 64)}" for code in range(32)}, "␡": "^?",
    }
)  # fmt: skip


def visible(text: str, limit: int = 4096) -> str:
    """Return `text` with everything hidden or obeyed by terminals spelled out; of the first `limit` characters only.

    What was cut is said at the end. Never raises, whatever the text holds.
    """
    if len(text) > limit:
        return f"{_spell(text[:limit])} …(+{len(text) - limit:,} chars)"
    return _spell(text)


def one_for_one(text: str) -> str:
    """Return the text with one visible character in place of each hidden one: for inputs, where places count."""
    return _HIDDEN.sub(_sign, text)


def multiline(text: str) -> str:
    """Return the whole text with everything hidden spelled out, but line feeds; for text that leaves the screen."""
    return _HIDDEN_BUT_NEWLINE.sub(_name, text)


def json_safe(text: str) -> str:
    r"""Return JSON that means the same, with hidden characters as `\u` escapes; of white space, line feeds stay.

    Text that is no JSON is treated alike.
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return _HIDDEN_BUT_NEWLINE.sub(_json_escape, text)


def json_ascii(text: str) -> str:
    r"""Return JSON that means the same, in printable ASCII: everything else as `\u` escapes, line feeds stay."""
    safe = json_safe(text)
    return safe if safe.isascii() else _NO_ASCII.sub(_json_escape, safe)


def narrow(text: str) -> str:
    """Return visible text without emoji styles and skin tones, and with code points spelled that nobody has assigned.

    Terminals disagree on the width of these. For the screen, where a character of another width than expected shifts
    the rest of the row.
    """
    return text if text.isascii() else _SIGN.sub(_spell_unassigned, _NARROWED.sub("", text))


def ascii_only(text: str) -> str:
    r"""Return visible text in ASCII, for terminals without UTF-8: signs become similar ones, the rest `\u…`."""
    if text.isascii():
        return text
    return text.translate(_ASCII_SIGNS).encode("ascii", "backslashreplace").decode("ascii")


def csv_cell(text: str) -> str:
    """Return visible text, whole, that no spreadsheet takes for a formula; numbers stay numbers."""
    cell = visible(text, NO_LIMIT)
    if cell.lstrip(" ").startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def _spell(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    text = _HIDDEN.sub(_name, text)
    return text if text.isascii() else _MARK_RUN.sub(_cap_marks, text)


def _spell_unassigned(match: re.Match[str]) -> str:
    return _name(match) if unicodedata.category(match[0]) == "Cn" else match[0]


def _sign(match: re.Match[str]) -> str:
    code = ord(match[0])
    return (
        chr(0x2400 + code) if code < 0x20 else "\N{SYMBOL FOR DELETE}" if code == 0x7F else "\N{REPLACEMENT CHARACTER}"
    )


def _name(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"\\x{code:02x}" if code < 0xA0 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(match: re.Match[str]) -> str:
    if match[0] in "\t\r":  # strings of JSON hold neither, so they stand between tokens
        return " " if match[0] == "\t" else ""
    units = match[0].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _cap_marks(match: re.Match[str]) -> str:
    shown: list[str] = []
    stacked = dropped = 0
    for char in match[0]:
        stacked = stacked + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if stacked > MARKS_SHOWN:
            dropped += 1
            continue
        if dropped:
            shown.append(f"…(+{dropped} marks)")
            dropped = 0
        shown.append(char)
    return "".join(shown) + (f"…(+{dropped} marks)" if dropped else "")
