"""Records inside of records: arrays, containers such as `{"Records": […]}`, and JSON in strings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from logtui.services.ingest.json_values import values_in
from logtui.services.ingest.record import Piece, Record

_ARRAYS = frozenset({"records", "events", "value", "items", "data", "entries", "logs"})
"""Keys, in lower case, under which exports and APIs give their events."""
_AROUND = frozenset({
    "nexttoken", "nextlink", "nextpagetoken", "next_page", "next_cursor", "next", "cursor", "page", "per_page", "limit",
    "count", "total", "total_count", "totalcount", "has_more", "object", "url", "kind", "etag", "ok", "status", "links",
    "pagination", "meta", "metadata", "response_metadata", "list_metadata", "@odata.context", "@odata.nextlink",
    "@odata.count",
})  # fmt: skip
"""What may stand beside such an array; an object with any other key is an event of its own."""


def inner_pieces(value: Any, record: Record) -> list[Piece] | None:
    """Return what a parsed record holds; None for an object that is an event, or for what holds nothing."""
    if isinstance(value, dict):
        key = _array_key(value)
        return None if key is None else _elements(record, key)
    if isinstance(value, list):
        return values_in(record.text, record.line)
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return [Record(value.strip().encode("utf-8", "surrogatepass"), record.line)]
    return None


def is_container(fields: Mapping[str, Any]) -> bool:
    """Tell whether an object is only there to hold an array of records."""
    return _array_key(fields) is not None


def values_on_line(record: Record) -> list[Piece] | None:
    """Return the values of a line that is not one value but several, which may be damaged; None if it is not that."""
    pieces = values_in(record.text, record.line)
    is_several = len(pieces) > 1 and isinstance(pieces[0], Record) and pieces[0].text.startswith(b"{")
    return pieces if is_several else None


def _array_key(fields: Mapping[str, Any]) -> str | None:
    """Return the key of the array that a container is around."""
    found = None
    for key, value in fields.items():
        name = key.lower()
        if name in _ARRAYS and isinstance(value, list) and found is None:
            found = key
        elif name not in _AROUND:
            return None
    return found


def _elements(record: Record, key: str) -> list[Piece]:
    try:
        text = bytes(msgspec.json.decode(record.text, type=dict[str, msgspec.Raw])[key])
    except msgspec.MsgspecError:
        # Parsed with care, because it holds what the fast parser refuses; the elements are found at its brackets.
        text = record.text[record.text.index(b"[") :]
    return values_in(text, record.line + record.text.count(b"\n", 0, record.text.index(text)))
