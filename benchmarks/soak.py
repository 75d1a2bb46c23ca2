"""Two writers of the same events, a compactor and three readers on one store: `python -m benchmarks.soak [SECONDS]`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.endurance import make_place, tell, together


def main() -> None:
    """Run for a minute, or as long as asked, and print what came of it."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        result = together(make_place(Path(directory)), seconds)
    print(f"{seconds:g} s")
    sys.exit(tell(result))


if __name__ == "__main__":
    main()
