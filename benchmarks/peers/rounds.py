"""Lets parties take turns at something that each does from its start: a program, an import, a screen."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence

from benchmarks.peers.answer import Answer
from benchmarks.peers.matrix import DISAGREES, Pace
from benchmarks.peers.meter import Cost, measure
from benchmarks.peers.results import Measured

Attempt = Callable[[], Answer]
"""Does it once; returns what came of it, to be compared, if anything can be."""


def compete(
    group: str,
    name: str,
    title: str,
    parties: Mapping[str, Attempt],
    pace: Pace,
    *,
    prepare: Callable[[], object] = lambda: None,
    check: Mapping[str, Callable[[], Sequence[object]]] | None = None,
    unseen: Sequence[str] = (),
) -> list[Measured]:
    """Measure every party, the first attempt not counted; compare what came of it with what came of logtui's.

    Args:
        prepare: is done before each attempt, and not measured.
        check: tells afterwards what a party's first attempt made, not measured.
        unseen: parties whose reading cannot be counted.
    """
    runs: dict[str, list[Cost]] = {}
    made: dict[str, Sequence[object]] = {}
    notes: dict[str, str] = {}
    for party, attempt in parties.items():
        prepare()
        try:
            answer, cost = measure(attempt)
        except Exception as error:  # noqa: BLE001 - whatever went wrong is the result
            notes[party] = _failure(error)
            continue
        runs[party] = [cost]
        made[party] = check[party]() if check and party in check else answer.values
    for party in made:
        if made[party] and made.get("logtui") and list(made[party]) != list(made["logtui"]):
            notes[party] = f"{DISAGREES} with logtui: made {str(made[party])[:80]}, not {str(made['logtui'])[:80]}"
            del runs[party]
    wanted = {party: pace.runs(costs[0].seconds) for party, costs in runs.items()}
    for turn in range(1, max(wanted.values(), default=0) + 1):
        for party in [party for party in runs if turn <= wanted[party]]:
            prepare()
            try:
                runs[party].append(measure(parties[party])[1])
            except Exception as error:  # noqa: BLE001
                notes[party] = _failure(error)
                del runs[party]
    return [
        _summed(group, name, title, party, runs[party], party in unseen)
        if party in runs
        else Measured(group, name, title, party, note=notes[party])
        for party in parties
    ]


def _failure(error: Exception) -> str:
    return f"failed: {(str(error) or type(error).__name__).splitlines()[0]}"


def _summed(group: str, name: str, title: str, party: str, costs: list[Cost], is_unseen: bool) -> Measured:
    counted = costs[1:] or costs
    return Measured(
        group, name, title, party,
        tuple(cost.seconds for cost in counted),
        statistics.median(cost.first for cost in counted),
        statistics.median(cost.cpu for cost in counted),
        None if is_unseen else round(statistics.median(cost.read for cost in counted)),
        max(cost.peak for cost in counted),
    )  # fmt: skip
