"""Ten minutes of somebody who explores the largest store: how much memory the screen takes meanwhile.

python -m benchmarks.use              # ten minutes
BENCH_USE_SECONDS=60 python -m benchmarks.use
"""

from __future__ import annotations

import os
import random
import sys
import time

from tests.terminal import Terminal

from benchmarks import stores
from benchmarks.report import Figure, show
from benchmarks.startup import EVENT_ROW

SECONDS = float(os.environ.get("BENCH_USE_SECONDS", "600"))
QUERIES = (
    "type:sign_in.*", "is:failure", "severity:error", "type:user.*,organization.*", "actor:user_3*", "-type:session.*",
    "lisbon", "chrome -type:sign_in.*", "xylophonist", "type:organization.deleted", "since:30d is:failure",
    "since:200d until:100d", "ip:10.0.0.0/8", "p.attempts:>3", "source:api", "trace:0123456789abcdef0123456789abcdef",
)  # fmt: skip
LOOKS = (
    ("pagedown",) * 12, ("down",) * 25, ("G",), ("g",), ("enter", "tab", "tab", "n", "n", "pagedown", "escape"),
    ("enter", "tab", "p", "p", "p", "escape"), ("m", "down", "m"), ("?", "escape"),
    ("z", "h", "h", "escape"), ("f", "pagedown", "f"), ("F", "escape"), ("pageup",) * 6,
)  # fmt: skip
"""What is done with the rows: keys, each when the one before was seen to."""


def main() -> None:
    events, days = stores.LARGEST
    dice = random.Random(6)  # the same walk every time
    memory: list[int] = []
    with Terminal([sys.executable, "-m", "logtui", "open", str(stores.generated(events, days))]) as terminal:
        terminal.wait_for(EVENT_ROW)
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            if dice.random() < 0.3:
                terminal.react("X", quiet=0.1)
                terminal.press("/", *dice.choice(QUERIES), "enter")
            for key in dice.choice(LOOKS):
                # A key right behind escape is another key, that of alt and it.
                terminal.react(key, quiet=0.3 if key == "escape" else 0.1)
            memory.append(terminal.memory())
        terminal.wait_for(r"\bevents\b")
    show(
        f"Use of {events:,} events over {days} days, {SECONDS:.0f} s, {len(memory):,} things done",
        [
            Figure("memory, most", max(memory) / 1e6, "MB", 400, "no bound in the issue: for moments"),
            Figure("memory at the end", memory[-1] / 1e6, "MB", 250),
            Figure("memory after a tenth of the time", memory[len(memory) // 10] / 1e6, "MB", 250),
        ],
    )


if __name__ == "__main__":
    main()
