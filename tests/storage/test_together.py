"""Writers of the same events, a compactor and readers on one store at the same time, and being killed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def outcome(*arguments: str) -> str:
    """Run in a process that has no threads yet, because it forks; its last lines say what was lost or doubled."""
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, cwd=ROOT, check=False)
    return done.stdout + done.stderr


def test_nothing_is_lost_or_doubled_while_all_work_at_once() -> None:
    said = outcome("benchmarks.soak", "2")

    assert "lost 0, doubled 0, errors 0" in said, said
    assert not re.search(r"\b0 (?:events acknowledged|merges|reads)", said), said


def test_nothing_is_lost_or_doubled_when_they_are_killed() -> None:
    said = outcome("benchmarks.crash", "6")

    assert "lost 0, doubled 0, errors 0" in said, said
