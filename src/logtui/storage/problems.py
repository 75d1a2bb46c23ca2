"""Problems in large numbers: the same thing wrong with many files is one problem with a count and an example."""

from __future__ import annotations

from collections.abc import Iterable

from logtui.core.page import Problem


def summarise(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Join problems that differ in their path only; those that lose events come first."""
    alike: dict[tuple[str, bool], list[str]] = {}
    for problem in problems:
        alike.setdefault((problem.message, problem.is_loss), []).append(problem.path)
    joined = [
        Problem(min(paths), message + _others(len(set(paths)) - 1), is_loss)
        for (message, is_loss), paths in alike.items()
    ]
    return tuple(sorted(joined, key=lambda problem: (not problem.is_loss, problem.path, problem.message)))


def _others(count: int) -> str:
    return f" (and {count:,} more like it)" if count else ""
