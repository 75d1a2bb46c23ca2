"""Whether all tools gave the same rows in the same order: what is not the same answer is not worth a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def disagreements(answers: Mapping[str, Sequence[object]], reference: str) -> dict[str, str]:
    """Return, for each tool whose answer is not that of `reference`, how it differs."""
    expected = answers[reference]
    return {tool: _difference(expected, values) for tool, values in answers.items() if list(values) != list(expected)}


def _difference(expected: Sequence[object], given: Sequence[object]) -> str:
    place = next((row for row, pair in enumerate(zip(expected, given, strict=False)) if pair[0] != pair[1]), None)
    if place is None:
        return f"gave {len(given):,} rows, not {len(expected):,}"
    size = "" if len(expected) == len(given) else f" (and {len(given):,} rows, not {len(expected):,})"
    return f"row {place + 1:,} is {given[place]}, not {expected[place]}{size}"
