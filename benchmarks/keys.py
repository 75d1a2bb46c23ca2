"""Keys, idle cost and memory of the screen, in a real 120x40 pty on the largest store."""

from __future__ import annotations

import statistics
import sys
import threading

from tests.terminal import Reaction, Terminal

from benchmarks import stores
from benchmarks.report import Figure, percentile, show
from benchmarks.startup import EVENT_ROW

IDLE_SECONDS = 10


def main() -> None:
    events, days = stores.LARGEST
    store = str(stores.generated(events, days))
    with Terminal([sys.executable, "-m", "logtui", "open", store]) as terminal:
        terminal.wait_for(EVENT_ROW)
        terminal.settle(quiet=2, timeout=60)
        down = [terminal.react("down") for _ in range(25)]
        scroll = [terminal.react("down") for _ in range(30)][5:]
        page = [terminal.react("pagedown") for _ in range(200)]
        terminal.press("/")
        for character in "type:sign_in.*":
            terminal.react(character)
        terminal.press("enter")
        terminal.settle(quiet=3, timeout=60)
        memory = terminal.memory()
        written, used = len(terminal.raw), terminal.cpu()
        threading.Event().wait(IDLE_SECONDS)
        idle_bytes = (len(terminal.raw) - written) / IDLE_SECONDS
        idle_cpu = (terminal.cpu() - used) / IDLE_SECONDS * 100
    show(
        f"Keys on {events:,} events over {days} days, 120x40",
        [
            Figure("cursor down settled, median", 1e3 * _median(down), "ms", 8),
            Figure("cursor down settled, p95", 1e3 * percentile([r.settled for r in down], 95), "ms", 20),
            Figure("cursor down, bytes", statistics.median(r.byte_count for r in down), "B", 1000),
            Figure("scroll by one line, bytes", statistics.median(r.byte_count for r in scroll), "B", 1_000,
                   "the terminal moves the rest"),
            Figure("page down settled, median", 1e3 * _median(page), "ms", 25),
            Figure("page down settled, p95", 1e3 * percentile([r.settled for r in page], 95), "ms", 100,
                   "no bound in the issue"),
            Figure("page down, bytes", statistics.median(r.byte_count for r in page), "B", 20_000, "no bound"),
            Figure("idle", idle_bytes, "B/s", 0),
            Figure("idle CPU", idle_cpu, "%", 1),
            Figure("memory after 200 page-downs and a search", memory / 1e6, "MB", 250),
        ],
    )  # fmt: skip


def _median(reactions: list[Reaction]) -> float:
    return statistics.median(reaction.settled for reaction in reactions)


if __name__ == "__main__":
    main()
