"""Writers and a compactor that are killed at random moments, under readers: `python -m benchmarks.crash [KILLS]`."""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path

from tests.endurance import compact, kill, make_place, read, start, tell, verdict, write

LONGEST_LIFE = {"writer": 0.4, "compactor": 1.0}
"""Seconds. Dice decide; a compactor takes a while until it has something to merge."""


def main() -> None:
    """Kill each of them so many times, 200 unless asked otherwise, and print what came of it."""
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    dice = random.Random(1)
    with tempfile.TemporaryDirectory(dir=Path.cwd()) as directory:
        place = make_place(Path(directory))
        roles = [lambda: write(place, "one", 0), lambda: write(place, "two", 0), lambda: compact(place)]
        names = ("writer", "writer", "compactor")
        readers = [start(place, "reader", lambda: read(place)) for _ in range(2)]
        lives = [(start(place, names[role], roles[role]), role) for role in range(3)]
        left = [kills // 2, kills - kills // 2, kills]
        deaths = [time.monotonic() + dice.uniform(0.02, LONGEST_LIFE[name]) for name in names]
        while any(left):
            role = min((each for each in range(3) if left[each]), key=lambda each: deaths[each])
            time.sleep(max(0.0, deaths[role] - time.monotonic()))
            kill(lives[role][0])
            left[role] -= 1
            lives[role] = (start(place, names[role], roles[role]), role)
            deaths[role] = time.monotonic() + dice.uniform(0.02, LONGEST_LIFE[names[role]])
        time.sleep(1.0)
        for child in [*readers, *(life[0] for life in lives)]:
            kill(child)
        result = verdict(place)
        stray = len(list((place.store / ".logtui" / "tmp").iterdir()))
    print(f"{kills} kills of writers, {kills} of the compactor, {stray} staged files left to sweep")
    sys.exit(tell(result))


if __name__ == "__main__":
    main()
