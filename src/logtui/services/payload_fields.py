"""Which leaves payloads have, and which values, as far as some events show: for completion."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from logtui.core.query.ast import MAX_PAYLOAD_DEPTH, PayloadRef
from logtui.core.query.fields import field_text

PAYLOAD = "payload"
_LONGEST_PAYLOAD = 100_000
_LONGEST_VALUE = 80
_MOST_VALUES = 50


def payload_fields(payloads: Iterable[str | None]) -> Mapping[str, tuple[str, ...]]:
    """Return the paths as a query writes them under `payload`, and the values of each under `payload.<path>`.

    The most frequent come first. Payloads that are long or no JSON are passed over.
    """
    counts: dict[str, Counter[str]] = {}
    for payload in payloads:
        if payload is None or len(payload) > _LONGEST_PAYLOAD:
            continue
        try:
            document = json.loads(payload)
        except (ValueError, RecursionError):
            continue
        for path, value in _leaves(document, ()):
            counts.setdefault(field_text(PayloadRef(path)), Counter())[value] += 1
    ranked = sorted(counts, key=lambda name: -counts[name].total())
    values = {name: tuple(value for value, _ in counts[name].most_common(_MOST_VALUES)) for name in ranked}
    return {PAYLOAD: tuple(name.removeprefix(f"{PAYLOAD}.") for name in ranked), **values}


def _leaves(value: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield path and text of every scalar that a query can reach; elements of an array are at its own path."""
    match value:
        case dict() if len(path) < MAX_PAYLOAD_DEPTH:
            for key, member in value.items():
                yield from _leaves(member, (*path, key))
        case list():
            for element in value:
                yield from _leaves(element, path)
        case str() if path and len(value) <= _LONGEST_VALUE:
            yield path, value
        case bool() | int() | float() if path:
            yield path, json.dumps(value)
