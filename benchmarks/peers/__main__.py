"""python -m benchmarks.peers [quick]: ask all tools, print the tables, write JSON; see benchmarks/README.md."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime

from benchmarks import stores
from benchmarks.peers import deeds, matrix, screens, sizes
from benchmarks.peers.installing import install
from benchmarks.peers.journal import Journal
from benchmarks.peers.matrix import DISAGREES, Pace, Plan, say
from benchmarks.peers.report.tables import as_text
from benchmarks.peers.results import Results
from benchmarks.report import RESULTS, machine

FEW = ("logtui", "duckdb", "duckdb-own")
QUICK = (Plan(50_000, 30), Plan(500_000, 30, FEW))
FULL = (
    Plan(1_000_000, 30, FEW),
    Plan(1_000_000, 3650, FEW),
    Plan(100_000, 365),
    Plan(1_000_000, 365),
    Plan(10_000_000, 365, with_matches=True),
)
BIG = (Plan(100_000_000, 365),)
SCREENS = {True: (50_000, 30), False: (1_000_000, 365)}
"""Events and days, for a quick run and for a whole one. lnav and toolong read text, a kilobyte an event."""
DEEDS = {True: (50_000, 30), False: (1_000_000, 30)}
QUICK_PACE, FULL_PACE = Pace(0.3, 0), Pace(2.0, 3)


def chosen_plans() -> list[Plan]:
    """Return the stores of a whole run: BENCH_BIG=1 adds the largest, BENCH_MOST_EVENTS=N leaves out what is larger."""
    most = int(os.environ.get("BENCH_MOST_EVENTS", "0")) or (1 << 62)
    return [plan for plan in (*FULL, *(BIG if os.environ.get("BENCH_BIG") else ())) if plan.events <= most]


def main() -> int:
    is_quick = sys.argv[1:] == ["quick"]
    plans = QUICK if is_quick else chosen_plans()
    pace = QUICK_PACE if is_quick else FULL_PACE
    RESULTS.mkdir(parents=True, exist_ok=True)
    name = "quick" if is_quick else "peers"
    place = f"{machine()}, load {os.getloadavg()[0]:.1f} when it began"
    results = Results(datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"), place, stores.commit())
    journal = Journal(RESULTS / f"{name}.journal", results.commit)
    if len(journal):
        say(f"going on after {len(journal)} questions of a run that was cut short; `rm {journal.path}` begins anew")
    install()
    matrix.measure(plans, pace, results, journal)
    sizes.measure(plans, results, journal)
    screens.measure(*SCREENS[is_quick], pace, results, journal)
    deeds.measure(*DEEDS[is_quick], pace, results, journal)
    results.write(RESULTS / f"{name}.json")
    journal.remove()
    print(as_text(results))
    wrong = [each for each in results.measured if each.note.startswith(DISAGREES)]
    for each in wrong:
        say(f"WRONG ROWS: {each.tool}, {each.title}, {each.store}: {each.note}")
    say(f"written: {RESULTS / name}.json")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
