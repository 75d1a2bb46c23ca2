"""logtui beside itself: the same questions to stores of other sizes, in turns, so that only the size differs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from benchmarks import stores
from benchmarks.peers.asking import Worker
from benchmarks.peers.catalogue import BY_NAME
from benchmarks.peers.journal import Journal
from benchmarks.peers.matrix import Plan, say
from benchmarks.peers.needles import needles_of
from benchmarks.peers.questions import Question, questions
from benchmarks.peers.results import Measured, Results

GROUP = "sizes"
"""Of the figures; what is a tool elsewhere is a store's name in them."""
_ASKED = ("page", "next")
_TURNS = 15


def measure(plans: Sequence[Plan], results: Results, journal: Journal) -> None:
    """Measure what the journal does not hold yet, on the stores that have the most common number of days."""
    days = max({plan.days for plan in plans}, key=[plan.days for plan in plans].count)
    made = {plan.name: stores.generated(plan.events, plan.days) for plan in plans if plan.days == days}
    workers = {name: BY_NAME["logtui"].worker(store) for name, store in made.items()}
    asked = {name: {each.name: each for each in questions(needles_of(store))} for name, store in made.items()}
    try:
        for question in _ASKED:
            say(f"stores of {days:,} days in turns: {question}")
            of_each = {name: asked[name][question] for name in made}
            results.measured.extend(journal.once(GROUP, question, partial(_in_turns, of_each, workers)))
    finally:
        for worker in workers.values():
            worker.close()


def _in_turns(asked: dict[str, Question], workers: dict[str, Worker]) -> list[Measured]:
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(_TURNS + 1):
        for name, question in asked.items():
            took = float(workers[name].ask(question, whole=False)["seconds"]) / question.parts
            if turn:
                seconds[name].append(took)
    return [
        Measured(GROUP, question.name, question.title, name, tuple(seconds[name])) for name, question in asked.items()
    ]
