"""Conditions on one text expression, a column's or a leaf's: the part of a value's meaning that both share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import LiteralString

from logtui.core.errors import UnsupportedQueryError
from logtui.core.query.ast import Regex, Wildcard
from logtui.storage.duckdb.sql import Parameter, Sql, listing, sql

_OPERATORS: dict[str, LiteralString] = {">": "? > ?", ">=": "? >= ?", "<": "? < ?", "<=": "? <= ?"}


def equal_to_any(text: Sql, values: Sequence[str]) -> Sql:
    """Return whether the text is one of the values; in this form zone maps and Bloom filters see it."""
    if len(values) == 1:
        return sql("? = ?", text, values[0])
    return sql("? IN (?)", text, listing(values))


def like(text: Sql, value: Wildcard) -> Sql:
    """Return whether the whole text is like the pattern."""
    match value.pattern.split("*"):
        case [start, ""]:
            return sql("starts_with(?, ?)", text, start)
        case ["", end]:
            return sql("ends_with(?, ?)", text, end)
        case ["", middle, ""]:
            return sql("contains(?, ?)", text, middle)
        case pieces:
            return _like(text, pieces)


def found(text: Sql, value: Regex, *, is_caseless: bool = False) -> Sql:
    """Return whether the regex is found in the text.

    Raises:
        UnsupportedQueryError: RE2 does not know the pattern.
    """
    # Only queries with a regex need the module.
    from logtui.core.query.regex import RegexError, check

    try:
        check(value.pattern)
    except RegexError as error:
        raise UnsupportedQueryError(f"regex /{value.pattern}/: {error}") from error
    if is_caseless:
        return sql("regexp_matches(?, ?, 'i')", text, value.pattern)
    return sql("regexp_matches(?, ?)", text, value.pattern)


def compared(text: Sql, operator: str, operand: Sql | Parameter) -> Sql:
    """Return how the expression compares with the operand; texts compare by code point."""
    return sql(_OPERATORS[operator], text, operand)


def contains_word(text: Sql, pieces: Sequence[str]) -> Sql:
    """Return whether the folded pieces occur in the text in this order, anything between them."""
    if len(pieces) == 1:
        return sql("contains(lower(?), ?)", text, pieces[0])
    return _like(sql("lower(?)", text), ["", *pieces, ""])


def scan_for_word(text: Sql, pieces: Sequence[str]) -> Sql:
    """Return the same as `contains_word`, in the form that is fastest over much text.

    RE2 runs through text at the speed of decompression when a pattern starts with an ASCII letter in its two cases.
    Making the lower case of everything first takes about twice as long, but nothing is gained where the pattern
    starts with a letter of three cases, or has a gap.
    """
    word = pieces[0]
    if len(pieces) > 1 or not word.isascii() or not 0 < len(word) <= _MAX_SCANNED or word[0] in _THIRD_CASE:
        return contains_word(text, pieces)
    return sql("regexp_matches(?, ?)", text, "".join(map(_in_any_case, word)))


_MAX_SCANNED = 200

_THIRD_CASE = {"i": "İ", "k": "\N{KELVIN SIGN}"}
"""ASCII letter -> what folds to it besides its upper case."""


def _in_any_case(char: str) -> str:
    """Return a regex for the characters that fold to this one."""
    if char.isalpha():
        return f"[{char}{char.upper()}{_THIRD_CASE.get(char, '')}]"
    return f"\\{char}" if char in _SPECIAL else char


_SPECIAL = frozenset("\\.+*?()|[]{}^$")


def _like(text: Sql, pieces: Sequence[str]) -> Sql:
    pattern = "%".join(pieces)
    if not any(char in piece for piece in pieces for char in "%_\\"):
        return sql("? LIKE ?", text, pattern)
    escaped = "%".join(piece.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") for piece in pieces)
    return sql("? LIKE ? ESCAPE '\\'", text, escaped)
