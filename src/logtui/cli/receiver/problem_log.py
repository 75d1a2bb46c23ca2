"""The receiver's own log on stderr: one line a problem, and few of each kind however often it comes.

Anybody who can reach the port can cause problems. Of one kind, a line is written at once and then nothing for ten
seconds; the next line, or the end, tells how many were left out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from logtui.cli import diagnostics
from logtui.core.clock import SECOND, Clock
from logtui.services.receive.answers import Answer

INTERVAL = 10 * SECOND


@dataclass(slots=True)
class _Kind:
    silent_until: int
    left_out: int = 0


class ProblemLog:
    """Writes lines, unless there were just some of the same kind. Used from one thread."""

    def __init__(
        self, clock: Clock, *, is_quiet: bool = False, write: Callable[[str], None] = diagnostics.note
    ) -> None:
        """Take a clock that never goes back; with `is_quiet`, what senders did wrong is not written."""
        self._clock = clock
        self._is_quiet = is_quiet
        self._write = write
        self._kinds: dict[str, _Kind] = {}

    def answered(self, sender: str, answer: Answer) -> None:
        """Tell of an answer, unless it is a good one. The detail may quote anything; it is made harmless."""
        if answer.is_fine or (self._is_quiet and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR):
            return
        kind = f"{answer.status} {HTTPStatus(answer.status).phrase}: {answer.error}"
        told = f"{sender or 'somebody'} was answered {kind}"
        self._say(kind, f"{told} ({answer.detail})" if answer.detail else told)

    def failed(self, text: str) -> None:
        """Tell what went wrong here; `text` is one of few."""
        self._say(text, text)

    def broke(self, error: BaseException) -> None:
        """Tell of a mistake of logtui's own, and record it where it can be reported from."""
        kind = f"internal error ({type(error).__name__})"
        if self._is_due(kind):
            diagnostics.confess(error)

    def _say(self, kind: str, text: str) -> None:
        left_out = self._kinds[kind].left_out if kind in self._kinds else 0
        if self._is_due(kind):
            self._write(text + (f" (and {left_out:,} more like it since the last line)" if left_out else ""))

    def _is_due(self, kind: str) -> bool:
        """Tell whether a line may be written now; if not, it counts as left out."""
        now = self._clock()
        known = self._kinds.get(kind)
        if known is not None and now < known.silent_until:
            known.left_out += 1
            return False
        self._kinds[kind] = _Kind(now + INTERVAL)
        return True

    def close(self) -> None:
        """Tell what was left out and not told yet."""
        for kind, known in self._kinds.items():
            if known.left_out:
                self._write(f"{kind}: {known.left_out:,} more")
        self._kinds.clear()
