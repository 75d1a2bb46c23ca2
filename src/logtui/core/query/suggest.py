"""Did you mean: the known words that are nearest to a written one."""

from __future__ import annotations

from collections.abc import Iterable

from logtui.core.query.fold import fold

_PREFIX = 3
"""Letters that are enough to be the beginning of a word."""


def nearest(word: str, words: Iterable[str]) -> str:
    """Return the word that was most likely meant, "" when none is near; the first of equals wins."""
    found = nearest_words(word, words, limit=1)
    return found[0] if found else ""


def nearest_words(word: str, words: Iterable[str], *, limit: int) -> tuple[str, ...]:
    """Return up to `limit` near words, nearest first."""
    folded = fold(word)
    budget = max(1, len(folded) // 3)
    ranked: list[tuple[int, str]] = []
    for known in words:
        distance = _distance(folded, fold(known), budget)
        if len(folded) >= _PREFIX and fold(known).startswith(folded):
            distance = min(distance, 1)
        if distance <= budget:
            ranked.append((distance, known))
    ranked.sort(key=lambda pair: pair[0])
    return tuple(known for _, known in ranked[:limit])


def near_types(event_type: str, types: Iterable[str], *, limit: int = 3) -> tuple[str, ...]:
    """Return values for `type:` that were likely meant by a type that no event has, likeliest first.

    A group of types is offered with its wildcard (`sign_in` -> `sign_in.*`), then types that hold the written
    segments in their order (`password.failed`), then those spelled nearly alike.
    """
    wanted = fold(event_type).strip(".")
    known = tuple(dict.fromkeys(types))
    if not wanted or any(fold(name) == fold(event_type) for name in known):
        return ()
    found = [f"{name[: len(wanted)]}.*" for name in known if fold(name).startswith(f"{wanted}.")]
    segments = wanted.split(".")
    found.extend(name for name in known if _holds(fold(name).split("."), segments))
    found.extend(nearest_words(event_type, known, limit=limit))
    groups = dict.fromkeys(name.rsplit(".", depth)[0] for name in known for depth in range(1, name.count(".") + 1))
    found.extend(f"{group}.*" for group in nearest_words(wanted, groups, limit=1))
    return tuple(dict.fromkeys(found))[:limit]


def _holds(segments: list[str], wanted: list[str]) -> bool:
    rest = iter(segments)
    return all(segment in rest for segment in wanted)


def _distance(one: str, other: str, budget: int) -> int:
    """Return how many letters must be added, dropped, replaced or swapped with a neighbour, or more than `budget`."""
    if abs(len(one) - len(other)) > budget:
        return budget + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        current = [row]
        for column, known in enumerate(other, 1):
            cost = min(last[column] + 1, current[-1] + 1, last[column - 1] + (letter != known))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == known:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > budget:
            return budget + 1
        before, last = last, current
    return last[-1]
