"""What tools answer, and how they say that they cannot."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Answer:
    """`values`: ids in order, or [key, count] pairs, or one number. Comparable between tools by ==."""

    values: list[object] = field(default_factory=list)
    first_at: float | None = None
    """`perf_counter` when the first rows could be shown, for tools that give them before the last."""
    peak: int | None = None
    """Most resident bytes of the programs that were started for it, where it is them that count."""
    is_exact: bool = True
    """False where the tool itself says that it estimated."""

    def mark_first(self) -> None:
        """Note that rows are there now, if none were before."""
        if self.first_at is None:
            self.first_at = time.perf_counter()

    def digest(self) -> str:
        return hashlib.sha256(json.dumps(self.values).encode()).hexdigest()


class CannotAnswerError(Exception):
    """The tool has no way to ask this; the message says why."""
