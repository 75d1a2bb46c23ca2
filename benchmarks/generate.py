"""How fast `logtui demo --out` makes a store in the final layout."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.report import Figure, show

EVENTS = 1_000_000


def main() -> None:
    place = Path(tempfile.mkdtemp(prefix="logtui-generate-"))
    command = [sys.executable, "-m", "logtui", "demo", "--events", str(EVENTS), "--days", "30", "--out"]
    start = time.perf_counter()
    subprocess.run([*command, str(place / "store")], check=True)
    seconds = time.perf_counter() - start
    shutil.rmtree(place)
    show(
        "Making a store",
        [Figure("per 100,000 events", seconds / EVENTS * 100_000, "s", 1.0, f"{EVENTS / seconds:,.0f} events/s")],
    )


if __name__ == "__main__":
    main()
