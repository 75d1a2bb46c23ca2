"""Makes the bundled data set anew: run after changing a story, and commit what changes.

    .venv/bin/python data/make.py

Same code, same events; a test compares what lies in the package with what the stories tell.
"""

from __future__ import annotations

import shutil
import sys
from itertools import groupby

from logtui.core.times import day_of
from logtui.services.demo.bundle import BUNDLE
from logtui.services.demo.month import play
from logtui.storage.segment_writer import init_store, write_segment


def main() -> None:
    _, events = play()
    for partition in BUNDLE.glob("date=*"):
        shutil.rmtree(partition)
    init_store(BUNDLE)
    for day, of_day in groupby(events, key=lambda event: day_of(event.event_time)):
        write_segment(BUNDLE, day, list(of_day), name=f"demo-{day}")
    (BUNDLE / ".logtui" / "tmp").rmdir()
    size = sum(path.stat().st_size for path in BUNDLE.rglob("*.parquet"))
    sys.stdout.write(f"{len(events):,} events, {size:,} bytes in {BUNDLE}\n")


if __name__ == "__main__":
    main()
