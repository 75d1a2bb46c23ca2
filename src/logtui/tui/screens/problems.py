"""What in the store could not be read or matched. `Problems(problems)` gives nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.widget import Widget

from logtui.core.page import Problem
from logtui.core.sanitise import narrow, visible
from logtui.tui.screens.dialog import Dialog
from logtui.tui.widgets.lines import Part
from logtui.tui.widgets.text_lines import TextLines


class Problems(Dialog[None]):
    """A list of problems, losses first, each file on lines of its own."""

    SCOPE = "lines"

    def __init__(self, problems: Sequence[Problem], *, keymap: Mapping[str, str] | None = None) -> None:
        super().__init__(keymap=keymap)
        singles = (single for problem in problems for single in problem.singles())
        self._problems = sorted(singles, key=lambda problem: not problem.is_loss)
        self._lines = TextLines(wraps=True)

    def body(self) -> tuple[Widget, ...]:
        return (self._lines,)

    def title_text(self) -> tuple[str, str]:
        losses = sum(problem.is_loss for problem in self._problems)
        count = len(self._problems)
        title = f"{count:,} problem{'' if count == 1 else 's'} in the store" if count else "no problems in the store"
        return title, f"events may be missing because of {losses:,}" if losses else "no events are missing"

    def on_mount(self) -> None:
        self._lines.show([_paragraph(problem) for problem in self._problems] or [[("everything was read", "dim")]])


def _paragraph(problem: Problem) -> list[Part]:
    sign: Part = ("✗ ", "bad") if problem.is_loss else ("! ", "warn")
    return [
        sign,
        (f"{narrow(visible(problem.path or 'the store', 1_000))}: ", "key"),
        (_shown(problem.message), "plain"),
    ]


def _shown(text: str) -> str:
    return narrow(visible(text, 2_000))
