"""Kills apply and restore at random moments while a reader and a writer are at work, and checks what is left.

python benchmarks/crash_retention.py [KILLS]
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.retained import TODAY, apply, day, events_of_day, make_days, problems, retained
from tests.samples import NOW

from logtui.core.cancel import CancelToken
from logtui.core.clock import frozen_clock
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.core.page import Selection
from logtui.core.retention.policy import Policy
from logtui.services.retention.adopting import set_policy
from logtui.services.retention.recovering import recover
from logtui.services.retention.restoring import restore
from logtui.services.verification.sealing import seal_store
from logtui.session import open_session, open_sink
from logtui.storage.expiry import ExpiredDayError
from logtui.storage.listing import open_listing

EXPIRED, KEPT, DAYS, EACH = range(8, 14), range(1, 8), 7, 4


def read(root: Path) -> None:
    """Ask for everything again and again; a half day or an error ends it with code 1."""
    session = open_session(root, clock=frozen_clock(NOW))
    while True:
        pages = session.search.pages(Selection(), limit=None, token=CancelToken())
        counts = Counter(event.event_id[4:14] for page in pages for event in page.events)
        wrong = {name: count for name, count in counts.items() if name != day(0) and count != EACH}
        lost = [day(back) for back in KEPT if day(back) not in counts]
        if wrong or lost or any(problem.is_loss for problem in session.engine.problems()):
            sys.exit(f"half a day: {wrong}, lost {lost}, {session.engine.problems()}")


def write(root: Path) -> None:
    """Write events of today, and try some of expired days, which must be refused."""
    sink = open_sink(root, clock=frozen_clock(NOW))
    number = 0
    while True:
        number += 1
        sink.write([Event(TODAY + number, f"evt_{day(0)}_{number}", "live", ingested_at=NOW, payload="{}")])
        with suppress(ExpiredDayError):
            sink.write(events_of_day(day(30)))
            sys.exit("an event of an expired day was taken")


def loop(root: Path) -> None:
    """Drop and restore until killed."""
    while True:
        with suppress(StoreError):
            apply(root, DAYS)
        with suppress(StoreError):
            restore(retained(root), token=CancelToken())


def check(root: Path) -> None:
    """Finish what was cut off, and compare ledger, disk and seals."""
    recover(retained(root), token=CancelToken())
    there = {each.name[5:] for each in open_listing(root).directories()}
    dropped = set(retained(root).standing().dropped)
    assert {day(back) for back in EXPIRED} - there == dropped, (there, dropped)
    assert problems(root) == [], problems(root)


def main() -> None:
    if sys.argv[1:2] in (["read"], ["write"]):
        {"read": read, "write": write}[sys.argv[1]](Path(sys.argv[2]))
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with tempfile.TemporaryDirectory() as directory:
        root = make_days(Path(directory) / "store", (0, *KEPT, *EXPIRED))
        set_policy(retained(root), Policy(DAYS))
        seal_store(retained(root), token=CancelToken())
        others = [subprocess.Popen([sys.executable, __file__, role, str(root)]) for role in ("read", "write")]
        dice = random.Random(4711)
        begun = time.monotonic()
        try:
            for number in range(kills):
                _kill_once(root, dice.random() * 0.12)
                assert _in_child(lambda: check(root)) == 0, f"kill {number}"
                for other in others:
                    assert other.poll() is None, f"{other.args} ended with {other.returncode}"
        finally:
            for other in others:
                other.kill()
                other.wait()
        entries = len(retained(root).ledger().entries)
        print(f"{kills} kills in {time.monotonic() - begun:.0f} s, {entries} ledger entries, nothing half, no error")


def _kill_once(root: Path, after: float) -> None:
    child = os.fork()
    if child == 0:
        loop(root)
    time.sleep(after)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _in_child(deed: object) -> int:
    """Run in a process of its own, so that this one never has threads when it forks."""
    child = os.fork()
    if child == 0:
        try:
            deed()  # type: ignore[operator]
            os._exit(0)
        except BaseException as error:  # noqa: BLE001 - told by the exit code
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


if __name__ == "__main__":
    main()
