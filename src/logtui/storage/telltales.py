"""Texts that must be in a row for a condition on text to hold. Pure; what skips rows is built on them."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.query.ast import Literal, Value, Wildcard
from logtui.core.query.fold import fold


def pieces_of(word: str, *, is_quoted: bool) -> list[str]:
    """Return what a word looks for, folded: the texts between its stars, or all of it when it is quoted."""
    folded = fold(word)
    if is_quoted:
        return [folded]
    return [piece for piece in folded.split("*") if piece] or [""]


def telltales(values: Sequence[Value]) -> list[str]:
    """Return texts of which a payload must hold one to have one of the values, none if there are none such.

    JSON writes a character as itself or, `\\u0041`, by its number, apart from those that have an escape of their own.
    A number may be written with other digits than those that it compares as.
    """
    found = []
    for value in values:
        match value:
            case Literal(text):
                found.append(text)
            case Wildcard(pattern):
                found.append(max(pattern.split("*"), key=len))
            case _:
                return []
    return found if all(_OWN_ESCAPES.isdisjoint(text) and not _OF_NUMBERS.issuperset(text) for text in found) else []


_OWN_ESCAPES = frozenset('"\\/\b\f\n\r\t')
_OF_NUMBERS = frozenset("0123456789.eE+-")
