"""The process that writes live events beside the demo's copy, and removes it in the end.

It is told to begin and to end through its standard input: one byte, then nothing more until the end of the file, which
also comes when the demo itself is killed. So neither it nor the directory outlives the demo by more than a moment.

    python -m logtui.cli.demo_writer DIRECTORY NOW
"""

from __future__ import annotations

import os
import select
import shutil
import sys
from pathlib import Path

from logtui.core.clock import system_clock
from logtui.core.errors import LogtuiError

STORE = "demo"
"""The store, inside the directory."""
BEGIN = b"\n"
_LOW_PRIORITY = 10


def main() -> None:
    """Do what the arguments say until the input ends."""
    directory, now = Path(sys.argv[1]), int(sys.argv[2])
    os.nice(_LOW_PRIORITY)
    try:
        if os.read(0, 1) == BEGIN:
            _write_live(directory / STORE, now)
    except LogtuiError as error:
        sys.exit(str(error))
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _write_live(store: Path, now: int) -> None:
    from logtui.services.demo.bundle import distance_to
    from logtui.services.demo.live import go_on
    from logtui.session import make_store

    ahead = now - system_clock()
    sink = make_store(store, is_durable=False)
    go_on(sink, distance_to(now), clock=lambda: system_clock() + ahead, wait=_input_ends)


def _input_ends(seconds: float) -> bool:
    """Wait, and tell whether the demo is over."""
    readable, _, _ = select.select([0], [], [], seconds)
    return bool(readable)


if __name__ == "__main__":
    main()
