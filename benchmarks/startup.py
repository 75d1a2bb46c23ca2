"""From exec to the first event rows, and from exec to the first line of `logtui query`."""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

from tests.terminal import Terminal

from benchmarks import stores
from benchmarks.report import Figure, interleaved, show

RUNS = 9
EVENT_ROW = r"\d\d:\d\d:\d\d.*(user|session|sign_in|organization|sign_up)[\w.]*\."


def until(argv: list[str], pattern: str) -> float:
    """Return the seconds from exec until the 120x40 screen shows `pattern`."""
    with Terminal(argv) as terminal:
        return terminal.wait_for(pattern)


def main() -> None:
    store = str(stores.generated(10_000_000))
    python = sys.executable
    bare = [python, str(Path(__file__).with_name("bare_app.py"))]
    screen = [python, "-m", "logtui", "open", store]
    rows: list[float] = []
    floor: list[float] = []
    until(screen, EVENT_ROW)
    for _ in range(RUNS):
        floor.append(until(bare, "READY"))
        rows.append(until(screen, EVENT_ROW))
    first_row, bare_app = statistics.median(rows), statistics.median(floor)

    def run(*argv: str) -> None:
        subprocess.run([python, *argv], check=True, capture_output=True)

    cli = interleaved(
        {
            "query": lambda: run("-m", "logtui", "query", store, "--limit", "1"),
            "import": lambda: run("-c", "import duckdb"),
        },
        RUNS,
    )
    show(
        "Start-up, 10 M events",
        [
            Figure("first event rows against a bare Textual app", first_row / bare_app, "x", 1.3,
                   f"{first_row * 1e3:.0f} ms against {bare_app * 1e3:.0f} ms"),
            Figure("logtui query --limit 1 against import duckdb", cli["query"] / cli["import"], "x", 1.6,
                   f"{cli['query'] * 1e3:.0f} ms against {cli['import'] * 1e3:.0f} ms"),
        ],
    )  # fmt: skip


if __name__ == "__main__":
    main()
