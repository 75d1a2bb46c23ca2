"""Quoting: which texts may stand bare in a query, and how the others are quoted.

The lexer splits by these rules and `text` writes by them, so what one writes the other reads. Inside quotes `\\"` and
`\\\\` are escapes; any other backslash stands for itself, and bare text has no escapes at all.
"""

from __future__ import annotations

import re

from logtui.core.query.ast import ColumnRef, FieldRef, Literal, Word

IP = ColumnRef("ip")

KEYWORDS = ("AND", "OR", "NOT")

ESCAPED = re.compile(r'\\(["\\])')
_TO_ESCAPE = re.compile(r'(["\\])')

_WORD_BREAK = re.compile(r'[\s():"]')
_VALUE_BREAK = re.compile(r'[\s(),"]|\.\.')
_KEY_BREAK = re.compile(r'[\s(),:".*]')


def quoted(text: str) -> str:
    """Return the text in quotes."""
    escaped = _TO_ESCAPE.sub(r"\\\1", text)
    return f'"{escaped}"'


def unquoted(text: str) -> str:
    """Return what stands inside quotes, without its escapes."""
    return ESCAPED.sub(r"\1", text)


def is_bare_word(text: str) -> bool:
    """Tell whether the text is one word of a query; `*` in it stands for any characters."""
    return bool(text) and text[0] != "-" and text not in KEYWORDS and _WORD_BREAK.search(text) is None


def is_bare_pattern(text: str) -> bool:
    """Tell whether the text may stand as a value; `*` in it stands for any characters."""
    return bool(text) and text[0] not in "<>/" and _VALUE_BREAK.search(text) is None


def is_bare_literal(text: str, ref: FieldRef) -> bool:
    """Tell whether the text, standing as a value of the field, means exactly itself."""
    return is_bare_pattern(text) and "*" not in text and not (ref == IP and "/" in text)


def is_bare_operand(text: str) -> bool:
    """Tell whether the text may stand after an operator or as an end of a range."""
    return is_bare_pattern(text) and "*" not in text and text[0] not in ".=" and text[-1] != "."


def is_bare_key(text: str) -> bool:
    """Tell whether the text may stand as one key of a payload path."""
    return bool(text) and _KEY_BREAK.search(text) is None


def literal(text: str, ref: FieldRef) -> Literal:
    """Return the value that is exactly this text."""
    return Literal(text, is_quoted=not is_bare_literal(text, ref))


def word(text: str) -> Word:
    """Return the word that finds exactly this text."""
    return Word(text, is_quoted=not is_bare_word(text) or "*" in text)
