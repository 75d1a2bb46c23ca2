"""Run every benchmark: `make bench`. Each prints a table and one line of JSON."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BENCHMARKS = (
    "generate",
    "queries",
    "words",
    "startup",
    "keys",
    "live",
    "flood",
    "receive",
    "ingest",
    "crash_ingest",
    "hostile",
)


def main() -> int:
    names = sys.argv[1:] or list(BENCHMARKS)
    root = Path(__file__).parents[1]
    return max(subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=root).returncode for name in names)


if __name__ == "__main__":
    sys.exit(main())
