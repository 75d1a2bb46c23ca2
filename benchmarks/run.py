"""Run every benchmark: `make bench`. Each prints its tables; the last step writes docs/performance.md.

A run that is cut short goes on where it was: what ended is in `results/done`, and `benchmarks.peers` keeps a journal.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.stores import commit

ROOT = Path(__file__).parents[1]
BENCHMARKS = (
    "generate", "peers", "words", "terminals", "startup", "keys", "use", "live", "flood", "receive", "ingest",
    "crash_ingest", "hostile", "publish",
)  # fmt: skip
DONE = Path(__file__).with_name("results") / "done"


def main() -> int:
    chosen = sys.argv[1:]
    names = chosen or [name for name in BENCHMARKS if importlib.util.find_spec(f"benchmarks.{name}")]
    ended = _ended() if not chosen else []
    codes = dict.fromkeys(ended, 0)
    for number, name in enumerate(names, 1):
        if name in ended:
            print(f"== {number} of {len(names)}: {name}: done by a run that was cut short", flush=True)
            continue
        print(f"== {number} of {len(names)}: {name}, {time.strftime('%H:%M:%S')}", flush=True)
        codes[name] = subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=ROOT).returncode
        if not chosen and codes[name] == 0:
            DONE.parent.mkdir(parents=True, exist_ok=True)
            with DONE.open("a") as file:
                file.write(f"{name} {commit()}\n")
    if not chosen:
        DONE.unlink(missing_ok=True)
    failed = [name for name, code in codes.items() if code]
    print(f"== failed: {', '.join(failed)}" if failed else "== all ended well", flush=True)
    return 1 if failed else 0


def _ended() -> list[str]:
    """Return what a run of the same commit has done already."""
    lines = [line.split() for line in DONE.read_text().splitlines()] if DONE.exists() else []
    return [line[0] for line in lines if line[1:] == [commit()]]


if __name__ == "__main__":
    sys.exit(main())
