"""What text is written with: attributes and colours, and the fewest bytes that change from one to the other.

A terminal keeps the last SGR sequence that it got. Textual sends all attributes with every piece of text and takes all
of them back behind it; most of that says what the terminal knows already.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

_OFF = {
    "1": "22", "2": "22", "3": "23", "4": "24", "5": "25", "6": "25", "7": "27", "8": "28", "9": "29", "21": "24",
    "51": "54", "52": "54", "53": "55",
}  # fmt: skip
"""Attribute -> what takes it back; some are taken back together."""

_SEEN_ON_BLANKS = frozenset({"4", "7", "9", "21", "51", "52", "53"})
"""Attributes that show where no character is."""

_MANY = 0x4000


class Pen(NamedTuple):
    """Parameters of SGR; empty colours are the terminal's own."""

    attributes: frozenset[str] = frozenset()
    foreground: str = ""
    background: str = ""

    @property
    def parameters(self) -> list[str]:
        """Everything that has to be set, from a terminal without attributes."""
        return [*sorted(self.attributes, key=int), *filter(None, (self.foreground, self.background))]


class Pens:
    """Pens by a character each, so that the pens of a line are a string, to be compared and searched as strings are.

    The first one is the terminal's own: no attributes, its own colours.
    """

    def __init__(self, colors: ColorSystem, *, can_take_back: bool = True) -> None:
        """`can_take_back`: the terminal can end a single attribute, which the VT100 could not."""
        self._colors = colors
        self._can_take_back = can_take_back
        self._pens: list[Pen] = []
        self._codes: dict[Pen, str] = {}
        self._styles: dict[Style, str] = {}
        self._changes: dict[str, str] = {}
        self._blanks: dict[str, str] = {}
        self.plain = self._code(Pen())

    @property
    def is_full(self) -> bool:
        """So many are known that all should be forgotten, together with the lines that have them."""
        return len(self._pens) > _MANY

    def of(self, style: Style | None) -> str:
        """Return the code of a style's pen."""
        if style is None:
            return self.plain
        code = self._styles.get(style)
        if code is None:
            code = self._styles[style] = self._code(_pen(Strip.render_ansi(style, self._colors)))
        return code

    def blank(self, code: str) -> str:
        """Return the code of the simplest pen whose blanks look like those of another one."""
        blank = self._blanks.get(code)
        if blank is None:
            pen = self._pens[ord(code)]
            is_seen = pen.attributes & _SEEN_ON_BLANKS
            blank = self._blanks[code] = code if is_seen else self._code(Pen(background=pen.background))
        return blank

    def is_erasing(self, code: str, *, fills: bool) -> bool:
        """Tell whether erased cells look like blanks of a pen; `fills`: the terminal erases with the background."""
        pen = self._pens[ord(self.blank(code))]
        return not pen.attributes and not pen.foreground and (fills or not pen.background)

    def change(self, before: str, after: str) -> str:
        """Return the shortest sequence that changes from one pen to another."""
        if before == after:
            return ""
        key = before + after
        change = self._changes.get(key)
        if change is None:
            change = self._changes[key] = self._shortest(self._pens[ord(before)], self._pens[ord(after)])
        return change

    def _code(self, pen: Pen) -> str:
        code = self._codes.get(pen)
        if code is None:
            code = self._codes[pen] = chr(len(self._pens))
            self._pens.append(pen)
        return code

    def _shortest(self, before: Pen, after: Pen) -> str:
        wanted = after.parameters
        anew = f"\x1b[{';'.join(['0', *wanted])}m" if wanted else "\x1b[m"
        gone = {_OFF[attribute] for attribute in before.attributes - after.attributes}
        if not self._can_take_back and (gone or (before != after and self._loses_color(before, after))):
            return anew
        kept = {attribute for attribute in before.attributes & after.attributes if _OFF[attribute] not in gone}
        steps = [*sorted(gone), *sorted(after.attributes - kept, key=int)]
        if before.foreground != after.foreground:
            steps.append(after.foreground or "39")
        if before.background != after.background:
            steps.append(after.background or "49")
        step = f"\x1b[{';'.join(steps)}m"
        return step if len(step) < len(anew) else anew

    @staticmethod
    def _loses_color(before: Pen, after: Pen) -> bool:
        return bool((before.foreground and not after.foreground) or (before.background and not after.background))


def _pen(parameters: str) -> Pen:
    """Return the pen that SGR parameters set on a terminal without attributes."""
    attributes: set[str] = set()
    foreground = background = ""
    rest = iter(parameters.split(";") if parameters else ())
    for parameter in rest:
        if parameter in _OFF:
            attributes.add(parameter)
        elif parameter == "39":
            foreground = ""
        elif parameter == "49":
            background = ""
        elif parameter.startswith(("38", "3", "9")):
            foreground = _color(parameter, rest)
        else:
            background = _color(parameter, rest)
    return Pen(frozenset(attributes), foreground, background)


def _color(parameter: str, rest: Iterator[str]) -> str:
    if parameter not in ("38", "48"):
        return parameter
    kind = next(rest)
    return ";".join([parameter, kind, *(next(rest) for _ in range(1 if kind == "5" else 3))])
