"""Problems in large numbers: the same thing wrong with many files is one problem that names them all."""

from __future__ import annotations

from collections.abc import Iterable

from logtui.core.page import Problem


def summarise(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Join problems that differ in their paths only; those that lose events come first."""
    alike: dict[tuple[str, bool], set[str]] = {}
    for problem in problems:
        alike.setdefault((problem.message, problem.is_loss), set()).update(problem.paths)
    joined = []
    for (message, is_loss), paths in alike.items():
        first, *others = sorted(paths)
        joined.append(Problem(first, message, is_loss, tuple(others)))
    return tuple(sorted(joined, key=lambda problem: (not problem.is_loss, problem.path, problem.message)))
