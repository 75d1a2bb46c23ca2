"""How the cost of each question grows: with days, with events, and with how many events match."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.peers.report import amounts
from benchmarks.peers.report.tables import grid
from benchmarks.peers.results import Results, Store


@dataclass(frozen=True, slots=True)
class Axis:
    """Stores that differ in one thing, by that thing."""

    name: str
    stores: tuple[tuple[int, Store], ...]


Points = list[tuple[float, float]]
_Of = Callable[[Store], int]


def by_days(results: Results) -> Axis | None:
    """Return the stores of one number of events over different numbers of days, where there are several."""
    return _axis(results, "days", lambda store: store.events, lambda store: store.days)


def by_events(results: Results) -> Axis | None:
    """Return the stores of one number of days with different numbers of events, where there are several."""
    return _axis(results, "events", lambda store: store.days, lambda store: store.events)


def _axis(results: Results, name: str, same: _Of, varied: _Of) -> Axis | None:
    most = Counter(map(same, results.stores)).most_common(1)
    if not most or most[0][1] < 2:
        return None
    chosen = [(varied(store), store) for store in results.stores if same(store) == most[0][0]]
    return Axis(name, tuple(sorted(chosen, key=lambda pair: pair[0])))


def points(results: Results, axis: Axis, question: str, tool: str = "logtui") -> Points:
    """Return the cost in seconds at each place of an axis, where it was measured."""
    found = [(at, results.find(store.name, question, tool)) for at, store in axis.stores]
    return [(float(at), each.median) for at, each in found if each]


def bytes_read(results: Results, axis: Axis, question: str) -> Points:
    """Return how much logtui read at each place of an axis, where it was measured and is not nothing."""
    found = [(at, results.find(store.name, question)) for at, store in axis.stores]
    return [(float(at), float(each.read)) for at, each in found if each and each.read]


def by_matches(results: Results, tool: str = "logtui") -> Points:
    """Return the cost of all events of actors that have ever more of them."""
    asked = [
        each for each in results.measured if each.question.startswith("matches-") and each.tool == tool and each.seconds
    ]
    return sorted((float(each.rows), each.median) for each in asked)


def exponent(found: Points) -> float | None:
    """Return by which power cost grows from the first to the last point: 0 for not at all, 1 for in proportion."""
    if len(found) < 2 or found[0][0] == found[-1][0]:
        return None
    return math.log(found[-1][1] / found[0][1]) / math.log(found[-1][0] / found[0][0])


def table(results: Results) -> str:
    """Return, for each question, by how much logtui's time and the bytes that it reads grow along each axis."""
    axes = [axis for axis in (by_days(results), by_events(results)) if axis]
    questions = {each.question: each.title for each in results.measured if each.tool == "logtui" and each.seconds}
    rows = []
    for question, title in questions.items():
        cells = [
            text for axis in axes
            for text in (_cell(points(results, axis, question)), _factor(bytes_read(results, axis, question)))
        ]  # fmt: skip
        if any(cells):
            rows.append([title, *cells])
    heads = []
    for axis in axes:
        wider = f"{amounts.times(axis.stores[-1][0] / axis.stores[0][0])} the {axis.name}"
        heads += [f"time for {wider}", "bytes for it"]
    matches = by_matches(results)
    after = ""
    if len(matches) > 1:
        after = (
            f"\n\nAll events of an actor, {matches[0][0]:,.0f} to {matches[-1][0]:,.0f} of them"
            f" ({amounts.times(matches[-1][0] / matches[0][0])} the matches): {_cell(matches)}."
        )
    return grid(["what", *heads], rows) + after


def _cell(found: Points) -> str:
    power = exponent(found)
    if power is None:
        return ""
    word = (
        "no growth" if power < 0.1 else "slow growth" if power < 0.5 else "growth" if power < 1.15 else "steep growth"
    )
    return f"{_factor(found)}, {word}"


def _factor(found: Points) -> str:
    return amounts.times(found[-1][1] / found[0][1]) if len(found) > 1 else ""
