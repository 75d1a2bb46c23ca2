"""The text of a record that holds several events, with all events but one cut out of it.

What stands around an event (who, where from, which resource) is part of what happened, so each event keeps it; and what
is kept is kept byte for byte, so that a slice can be imported again and means the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from logtui.services.ingest.formats.json_spans import value_end, walk_array, walk_object

LARGEST = 64 * 2**20
"""Signs that the slices of one record may have together: what stands around the events is repeated in each."""


def alone(text: str, path: Sequence[str]) -> list[str]:
    """Return, for each object in the innermost arrays on a path of keys, `text` without the other elements.

    A key in another case is taken where the key itself is not there. The last of repeated keys counts, as it does for
    parsers.

    Raises:
        ValueError: `text` is not one JSON object, or the slices would be too large. RecursionError: it nests too deep.
    """
    slices, _ = _object(text, len(text) - len(text.lstrip()), tuple(path))
    return slices


def _object(text: str, begin: int, path: tuple[str, ...]) -> tuple[list[str], int]:
    inner: list[str] = []
    array = (begin, begin)
    wanted, taken = path[0], ""

    def visit(key: str, at: int) -> int:
        nonlocal inner, array, taken
        if key != wanted and (taken == wanted or key.lower() != wanted.lower()):
            return value_end(text, at)
        inner, taken = [], key
        end = _array(text, at, path[1:], inner) if text[at : at + 1] == "[" else value_end(text, at)
        array = (at, end)
        return end

    end = walk_object(text, begin, visit)
    before, after = text[begin : array[0]], text[array[1] : end]
    if (len(before) + len(after)) * len(inner) > LARGEST:
        raise ValueError("what stands around the events would be repeated too often")
    return [f"{before}[{element}]{after}" for element in inner], end


def _array(text: str, begin: int, path: tuple[str, ...], inner: list[str]) -> int:
    def visit(at: int) -> int:
        if path and text[at : at + 1] == "{":
            slices, end = _object(text, at, path)
            inner.extend(slices)
            return end
        end = value_end(text, at)
        if not path and text[at : at + 1] == "{":
            inner.append(text[at:end])
        return end

    return walk_array(text, begin, visit)
