"""Asks every question of every tool on every store."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks import stores
from benchmarks.peers.agreement import disagreements
from benchmarks.peers.asking import PATIENCE, GaveUpError, Worker
from benchmarks.peers.catalogue import BY_NAME, TOOLS, Tool
from benchmarks.peers.journal import Journal
from benchmarks.peers.needles import needles_of
from benchmarks.peers.questions import Question, by_matches, questions
from benchmarks.peers.results import Measured, Results, Store

MOST_RUNS = 15
DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True)
class Plan:
    """Which tools are asked what on one store."""

    events: int
    days: int
    tools: tuple[str, ...] = tuple(tool.name for tool in TOOLS)
    with_matches: bool = False

    @property
    def name(self) -> str:
        return f"{self.events}-{self.days}"


@dataclass(frozen=True, slots=True)
class Pace:
    """How long is measured."""

    budget: float
    """Seconds for one question to one tool, beyond the first run, which is checked and not counted."""
    least_runs: int
    """Beyond the first, one of what is slow; 0 where the first one may have to count."""

    def runs(self, seconds: float) -> int:
        """Return how often to measure what took so long the first time."""
        least = self.least_runs if seconds < 2 * self.budget else min(self.least_runs, 1)
        return min(MOST_RUNS, max(least, round(self.budget / max(seconds, 1e-4))))


def say(text: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {text}", flush=True)


def find_tools(results: Results) -> list[Tool]:
    """Return the tools that are there, and note why the others are not asked."""
    results.left_out = {tool.name: lacks for tool in TOOLS if (lacks := tool.lacks())}
    for name, why in results.left_out.items():
        say(f"{BY_NAME[name].title} is left out: {why}")
    return [tool for tool in TOOLS if tool.name not in results.left_out]


def measure(plans: Sequence[Plan], pace: Pace, results: Results, journal: Journal) -> None:
    """Measure what the journal does not hold yet, adding all to `results`."""
    present = find_tools(results)
    for number, plan in enumerate(plans, 1):
        store = stores.generated(plan.events, plan.days)
        tools = [tool for tool in present if tool.name in plan.tools and plan.events <= tool.most_events]
        results.stores.append(_described(plan, store, tools))
        needles = needles_of(store)
        asked = [*questions(needles), *(by_matches(needles) if plan.with_matches else ())]
        workers = {tool.name: tool.worker(store) for tool in tools}
        try:
            for place, question in enumerate(asked, 1):
                say(f"store {number} of {len(plans)}: {plan.events:,} events over {plan.days:,} days; "
                    f"question {place} of {len(asked)}: {question.title}")  # fmt: skip
                hopeless = {name: why for name, why in _hopeless(plan, question, results).items() if name in workers}
                ask = partial(ask_all, plan.name, question, workers, pace, hopeless)
                found = journal.once(plan.name, question.name, ask)
                results.measured.extend(found)
                for each in found:
                    if each.note:
                        say(f"  {BY_NAME[each.tool].title}: {each.note}")
            journal.note_tools({name: worker.version for name, worker in workers.items() if worker.version})
        finally:
            for worker in workers.values():
                worker.close()
    results.tools = dict(journal.tools)


def _described(plan: Plan, store: Path, tools: Sequence[Tool]) -> Store:
    sizes = {tool.name: stores.size_of(tool.place(store)) for tool in tools}
    sizes["sidecars"] = stores.size_of(store / ".logtui" / "index")
    return Store(plan.name, plan.events, plan.days, sizes, stores.made_by(store))


def _hopeless(plan: Plan, question: Question, results: Results) -> dict[str, str]:
    """Return the tools that would take too long, going by the largest smaller store, and why that is expected."""
    found: dict[str, str] = {}
    for smaller in sorted(results.stores, key=lambda store: store.events):
        if smaller.events >= plan.events:
            continue
        for tool, each in results.of(smaller.name, question.name).items():
            took = each.median * question.parts if each.seconds else 0.0
            if took * plan.events / smaller.events > PATIENCE:
                found[tool] = f"left out: took {took:,.0f} s with {smaller.events:,} events"
            elif each.seconds:
                found.pop(tool, None)
            elif each.note.startswith(("left out", "took more")):
                found[tool] = f"left out: with {smaller.events:,} events, it {each.note.removeprefix('left out: ')}"
    return found


def ask_all(
    store: str, question: Question, workers: dict[str, Worker], pace: Pace, hopeless: dict[str, str]
) -> list[Measured]:
    """Put one question to all tools, compare what they give, and time those that give the same as logtui.

    Args:
        hopeless: tools that are not asked, and why.
    """
    notes = dict(hopeless)
    runs: dict[str, list[dict[str, Any]]] = {}
    for tool, worker in workers.items():
        if tool not in notes:
            reply = _reply(worker, question, whole=True)
            if "cannot" in reply:
                notes[tool] = reply["cannot"]
            else:
                runs[tool] = [reply]
    rows = {tool: len(replies[0]["values"]) for tool, replies in runs.items()}
    for tool, difference in _differences(runs).items():
        notes[tool] = f"{DISAGREES} with logtui: {difference}"
        del runs[tool]
    _take_turns(question, workers, runs, notes, pace)
    return [
        Measured(store, question.name, question.title, tool, note=notes[tool])
        if tool in notes
        else _summed(store, question, tool, runs[tool], rows[tool])
        for tool in workers
    ]


def _differences(runs: dict[str, list[dict[str, Any]]]) -> dict[str, str]:
    """Compare what claims to be exact with what logtui gave."""
    exact = {tool: replies[0]["values"] for tool, replies in runs.items() if replies[0]["is_exact"]}
    return disagreements(exact, "logtui") if "logtui" in exact else {}


def _reply(worker: Worker, question: Question, *, whole: bool) -> dict[str, Any]:
    try:
        reply = worker.ask(question, whole=whole)
    except GaveUpError as error:
        return {"cannot": str(error)}
    return {"cannot": f"failed: {reply['failed'].splitlines()[0]}"} if "failed" in reply else reply


def _take_turns(
    question: Question,
    workers: dict[str, Worker],
    runs: dict[str, list[dict[str, Any]]],
    notes: dict[str, str],
    pace: Pace,
) -> None:
    """Let the tools take turns until each has had its runs, so that a busy machine is shared fairly."""
    wanted = {tool: pace.runs(replies[0]["seconds"]) for tool, replies in runs.items()}
    for turn in range(1, max(wanted.values(), default=0) + 1):
        for tool in [tool for tool in runs if turn <= wanted[tool]]:
            reply = _reply(workers[tool], question, whole=False)
            if "cannot" in reply:
                notes[tool] = reply["cannot"]
            elif reply["digest"] != runs[tool][0]["digest"]:
                notes[tool] = f"{DISAGREES} with its own answer of a moment ago"
            else:
                runs[tool].append(reply)
                continue
            del runs[tool]


def _summed(store: str, question: Question, tool: str, runs: list[dict[str, Any]], rows: int) -> Measured:
    counted = runs[1:] or runs

    def median(name: str) -> float:
        return statistics.median(float(run[name]) for run in counted) / question.parts

    return Measured(
        store, question.name, question.title, tool,
        tuple(float(run["seconds"]) / question.parts for run in counted),
        median("first"),
        median("cpu"),
        round(median("read")) if BY_NAME[tool].counts_reads else None,
        max(int(run["peak"]) for run in counted),
        rows,
        "" if runs[0]["is_exact"] else "an estimate",
    )  # fmt: skip
