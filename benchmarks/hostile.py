"""100,000 hostile values through every door; a terminal that records what it is told hears nothing of them.

python -m benchmarks.hostile [how many] [door …]
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.hostile_doors import WALKS, grounds, judge
from tests.hostile_values import hostile_values

from benchmarks.report import Figure, show

VALUES = 100_000
HARMLESS = {"feed": 3_000, "detail": 3_000, "query line": 3_000}
"""Values of a slow walk's harmless twin: more would not tell more, and fewer would not fill the feed."""


def main() -> None:
    arguments = sys.argv[1:]
    count = int(arguments.pop(0)) if arguments and arguments[0].isdigit() else VALUES
    values = hostile_values(count)
    figures = []
    for name in arguments or WALKS:
        begun = time.perf_counter()
        with tempfile.TemporaryDirectory(prefix="hostile-") as root:
            found = sorted(judge(WALKS[name], *grounds(Path(root), values, harmless_count=HARMLESS.get(name))))
        note = ", ".join(found[:8]) or f"{time.perf_counter() - begun:.0f} s"
        figures.append(Figure(f"{name}: functions that only hostile text has", len(found), "", 0, note))
        print(figures[-1], flush=True)
    show(f"{len(values):,} different hostile values", figures)


if __name__ == "__main__":
    main()
