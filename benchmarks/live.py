"""Follow mode: from the moment a segment is published to the moment its event is on the screen."""

from __future__ import annotations

import shutil
import statistics
import sys
import threading
import time
from datetime import UTC, datetime

from tests.terminal import Terminal

from benchmarks import stores
from benchmarks.report import Figure, percentile, show
from benchmarks.startup import EVENT_ROW
from logtui.core.event import Event
from logtui.storage.segment_writer import write_segment

SAMPLES = 25


def main() -> None:
    store = stores.throwaway_copy(stores.generated(10_000_000))
    delays: list[float] = []
    try:
        with Terminal([sys.executable, "-m", "logtui", "open", str(store)]) as terminal:
            terminal.wait_for(EVENT_ROW)
            terminal.settle(quiet=2, timeout=60)
            for number in range(SAMPLES):
                mark = f"user.live_{number:03}.seen"
                at = time.time_ns() // 1000
                event = Event(at, f"evt_live_{number:03}", mark, actor="user_live", payload="{}", ingested_at=at)
                write_segment(store, f"{datetime.now(UTC):%Y-%m-%d}", [event])
                published = time.perf_counter()
                seen = terminal.started_at + terminal.wait_for(mark.replace(".", r"\."), timeout=10)
                delays.append(seen - published)
                threading.Event().wait(0.2)
    finally:
        shutil.rmtree(store.parent)
    show(
        "Live, 10 M events stored",
        [
            Figure("append to visible, median", 1e3 * statistics.median(delays), "ms", 300),
            Figure("append to visible, p95", 1e3 * percentile(delays, 95), "ms", 600, "no bound in the issue"),
        ],
    )


if __name__ == "__main__":
    main()
