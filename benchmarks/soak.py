"""Two writers of the same events, a compactor and three readers on one store: `python -m benchmarks.soak [SECONDS]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.endurance import make_place, together


def main() -> None:
    """Run for a minute, or as long as asked, and print what came of it."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        result = together(make_place(Path(directory)), seconds)
    print(
        f"{seconds:g} s: {result.acknowledged:,} events acknowledged, {result.merges:,} merges, {result.reads:,} reads"
    )
    print(f"lost {len(result.lost)}, doubled {len(result.doubled)}, errors {len(result.errors)}")
    for line in [*result.lost, *result.doubled, *result.errors][:20]:
        print(f"  {line}")
    sys.exit(not result.is_whole)


if __name__ == "__main__":
    main()
