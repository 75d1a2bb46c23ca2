"""Figures: how often a thing is measured, and how it is printed beside its peer and its limit."""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

Seconds = float
RESULTS = Path(__file__).with_name("results")
"""What was measured last, as JSON; not in the repository, apart from one run to compare with."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value beside the bound that it must hold. `value` and `bound` share a unit."""

    name: str
    value: float
    unit: str
    bound: float
    note: str = ""

    @property
    def holds(self) -> bool:
        return self.value <= self.bound


def timed(question: Callable[[], object], runs: int) -> list[Seconds]:
    """Time `question` `runs` times, after one run that is not counted."""
    question()
    return [_once(question) for _ in range(runs)]


def interleaved(questions: dict[str, Callable[[], object]], runs: int) -> dict[str, Seconds]:
    """Return the median time of each question; they take turns, so that a busy machine is shared fairly."""
    times: dict[str, list[Seconds]] = {name: [] for name in questions}
    for name, question in questions.items():
        question()
        times[name].clear()
    for _ in range(runs):
        for name, question in questions.items():
            times[name].append(_once(question))
    return {name: statistics.median(values) for name, values in times.items()}


def _once(question: Callable[[], object]) -> Seconds:
    start = time.perf_counter()
    question()
    return time.perf_counter() - start


def percentile(values: list[float], percent: float) -> float:
    """Return the smallest value that `percent` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def show(title: str, figures: list[Figure]) -> None:
    """Print the figures as a table, then as JSON on one line."""
    print(f"\n## {title}\n")
    print(f"{'what':<58} {'measured':>12} {'bound':>12}")
    for figure in figures:
        verdict = "ok" if figure.holds else "MISSED"
        value, bound = f"{figure.value:,.4g} {figure.unit}", f"{figure.bound:,.4g} {figure.unit}"
        print(f"{figure.name:<58} {value:>12} {bound:>12} {verdict:<6} {figure.note}")
    table = {
        "name": _running(),
        "title": title,
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "machine": machine(),
        "figures": [asdict(figure) for figure in figures],
    }
    print(json.dumps(table))
    kept = RESULTS / "tables" / f"{table['name']}.json"
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(json.dumps(table, indent=1) + "\n")


def _running() -> str:
    """Return the name of the benchmark that runs: `keys` for `python -m benchmarks.keys`."""
    spec = sys.modules["__main__"].__spec__
    return "unnamed" if spec is None else spec.name.removeprefix("benchmarks.").removesuffix(".__main__")


def machine() -> str:
    """Describe the machine in one line."""
    return (
        f"{os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}, Python {platform.python_version()}"
    )
