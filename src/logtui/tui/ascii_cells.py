"""For terminals without UTF-8: what is about to be written, cell by cell in ASCII.

Most widgets write ASCII there by themselves, and better. This is for what is not theirs, such as the frames around
dialogs: a cell stays a cell, so that nothing moves.
"""

from __future__ import annotations

from rich.cells import cell_len

from logtui.core.sanitise import ascii_only
from logtui.tui.glyphs import ASCII_FORMS


class _Cells(dict[int, str]):
    def __missing__(self, code: int) -> str:
        char = chr(code)
        sign = char if code < 0x80 else ASCII_FORMS.get(char) or ascii_only(char)
        self[code] = sign if len(sign) == 1 else "?" * cell_len(char)
        return self[code]


_TABLE = _Cells()


def ascii_cells(text: str) -> str:
    """Return the text with one ASCII character for every cell; escape sequences stay what they are."""
    return text if text.isascii() else text.translate(_TABLE)
