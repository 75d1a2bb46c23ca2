"""The text of a record that holds several events, with all events but one cut out of it.

What stands around an event (who, where from, which resource) is part of what happened, so each event keeps it; and what
is kept is kept byte for byte, so that a slice can be imported again and means the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from logtui.services.ingest.formats.json_spans import value_end, walk_array, walk_object


def alone(text: str, path: Sequence[str]) -> list[str]:
    """Return, for each object in the innermost arrays on a path of keys, `text` without the other elements.

    Keys are compared without case. The last of repeated keys counts, as it does for parsers.

    Raises:
        ValueError: `text` is not one JSON object. RecursionError: it is nested too deep.
    """
    slices, _ = _object(text, len(text) - len(text.lstrip()), tuple(path))
    return slices


def _object(text: str, begin: int, path: tuple[str, ...]) -> tuple[list[str], int]:
    inner: list[str] = []
    array = (begin, begin)

    def visit(key: str, at: int) -> int:
        nonlocal inner, array
        if key.lower() != path[0]:
            return value_end(text, at)
        inner = []
        end = _array(text, at, path[1:], inner) if text[at : at + 1] == "[" else value_end(text, at)
        array = (at, end)
        return end

    end = walk_object(text, begin, visit)
    before, after = text[begin : array[0]], text[array[1] : end]
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
