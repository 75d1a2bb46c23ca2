"""Leaves of a payload, read in plain Python by the rules of `core/query/leaf`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from logtui.core.query.leaf import MAX_ARRAY_NESTING, index_of

_SMALLEST_INTEGER, _LARGEST_INTEGER = -(2**63), 2**64 - 1


@dataclass(frozen=True, slots=True)
class Number:
    """A JSON number; `text` is how it compares as text."""

    text: str
    value: int | float


Scalar = str | bool | Number
Json = None | Scalar | list["Json"] | dict[str, "Json"]


def leaves(payload: str | None, path: Sequence[str]) -> Iterator[Scalar | dict[str, Json]]:
    """Yield the scalars and objects at the path."""
    document = _parsed(payload) if payload is not None else None
    found = [document]
    for key in path:
        found = [member for value in found for each in _with_elements(value) for member in _member(each, key)]
    for value in found:
        for each in _with_elements(value):
            if each is not None and not isinstance(each, list):
                yield each


def text_of(leaf: Scalar) -> str:
    """Return the leaf as text: strings as they are, numbers and truth values as JSON writes them."""
    match leaf:
        case str():
            return leaf
        case bool():
            return "true" if leaf else "false"
        case Number():
            return leaf.text


def _with_elements(value: Json) -> list[Json]:
    found, level = [value], [value]
    for _ in range(MAX_ARRAY_NESTING):
        level = [element for array in level if isinstance(array, list) for element in array]
        found.extend(level)
    return found


def _member(value: Json, key: str) -> list[Json]:
    if isinstance(value, dict):
        return [value[key]] if key in value else []
    index = index_of(key)
    return [value[index]] if isinstance(value, list) and index is not None and index < len(value) else []


# -- reading JSON


@lru_cache(maxsize=4096)
def _parsed(payload: str) -> Json:
    """Return the document, None if it is no JSON, or nested deeper than Python reads."""
    try:
        document: Json = json.loads(
            payload,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_decimal,
            parse_constant=_constant,
        )
        _refuse_broken_text(document)
    except (ValueError, RecursionError):
        return None
    return document


def _object(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    return dict(reversed(pairs))


def _integer(text: str) -> Number:
    if len(text) <= len(str(_SMALLEST_INTEGER)):
        value = int(text)
        if _SMALLEST_INTEGER <= value <= _LARGEST_INTEGER:
            return Number(str(value), value)
    return Number(text, float(text))


def _decimal(text: str) -> Number:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        return Number(text, value)
    return Number(_shortest(value), value)


def _constant(text: str) -> Number:
    # NaN and Infinity are not JSON, but common writers emit them and DuckDB reads them.
    return Number(text, float(text))


def _shortest(value: float) -> str:
    """Return the fewest digits that are read back as the value, never without a fraction or an exponent."""
    if value == 0 or 1e-6 <= abs(value) < 1e21:
        plain = f"{Decimal(repr(value)):f}"
        return plain if "." in plain else f"{plain}.0"
    digits, _, exponent = repr(value).partition("e")
    return f"{digits}e{int(exponent)}"


def _refuse_broken_text(document: Json) -> None:
    """Refuse half of a surrogate pair, which no UTF-8 text can hold."""
    match document:
        case str():
            document.encode()
        case list():
            for element in document:
                _refuse_broken_text(element)
        case dict():
            for key, value in document.items():
                key.encode()
                _refuse_broken_text(value)
