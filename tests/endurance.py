"""Writers, a compactor and readers of one store, as processes that can be killed, and what they must show.

Every event has a number, from which all of it follows. Writers work through the numbers, repeat some, and note in a
file what was acknowledged. Readers compare what they see with what was acknowledged before they looked.
"""

from __future__ import annotations

import os
import random
import signal
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, SECOND, system_clock
from logtui.core.errors import LogtuiError
from logtui.core.event import Event
from logtui.core.page import Selection
from logtui.core.times import day_start
from logtui.services.compact import Outcome
from logtui.session import make_store, open_compaction, open_session, open_sink

# Before the forks, so that a new process is at work at once.
from logtui.storage import compaction as _compaction  # noqa: F401
from logtui.storage import event_writer as _event_writer  # noqa: F401

START = day_start("2026-10-01")
DAYS = 3
MOST_IN_BATCH = 200
TARGET = 1 << 20
GRACE = SECOND // 2


def event(number: int) -> Event:
    """Return the event of a number."""
    at = START + number % DAYS * DAY + number * 997 % DAY
    return Event(at, f"e{number}", "session.created", actor=f"user_{number % 7}", payload="{}", ingested_at=at)


@dataclass(frozen=True, slots=True)
class Place:
    """The store, and beside it what the processes note."""

    directory: Path

    @property
    def store(self) -> Path:
        return self.directory / "store"

    def acknowledged(self) -> set[int]:
        """Return the numbers that a writer was told are stored."""
        numbers: set[int] = set()
        for path in self.directory.glob("*.acks"):
            for line in path.read_text().splitlines(keepends=True):
                if line.endswith("\n"):
                    start, count = map(int, line.split())
                    numbers.update(range(start, start + count))
        return numbers

    def note(self, kind: str, text: str) -> None:
        """Append a line to a file; a process that is killed leaves a whole line or none of it."""
        descriptor = os.open(self.directory / kind, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        os.write(descriptor, f"{text}\n".encode())
        os.close(descriptor)

    def noted(self, kind: str) -> list[str]:
        """Return the lines of a file."""
        try:
            return (self.directory / kind).read_text().splitlines()
        except FileNotFoundError:
            return []

    def merges(self) -> int:
        """Return how many segments the compactor has made."""
        return sum(map(int, self.noted("merges")))


def make_place(directory: Path) -> Place:
    """Make an empty store."""
    place = Place(directory)
    make_store(place.store)
    return place


def write(place: Place, name: str, first: int) -> None:
    """Write batches for ever, from `first` on or a little before where it came last; writers of one `first` collide."""
    dice = random.Random(os.urandom(8))
    lines = place.noted(f"{name}.acks")
    number = max(first, int(lines[-1].split()[0]) - 200) if lines else first
    sink = open_sink(place.store)
    while True:
        count = dice.randint(1, MOST_IN_BATCH)
        sink.write([event(each) for each in range(number, number + count)])
        place.note(f"{name}.acks", f"{number} {count}")
        number = max(first, number + count - (dice.random() < 0.1) * 100)


def compact(place: Place) -> None:
    """Compact again and again."""
    compaction = open_compaction(place.store, clock=system_clock, target=TARGET, grace=GRACE)
    compactor = compaction.compactor
    while True:
        outcome = Outcome()
        with compactor.maintaining():
            compactor.recover()
            compaction.merge(compaction.plan(), outcome, token=CancelToken(), tell_rows=lambda _: None)
            place.note("merges", str(len(outcome.merged)))
            compaction.finish(outcome)
        for problem in outcome.problems:
            place.note("errors", f"compactor: {problem}")
        time.sleep(0.02)


def read(place: Place) -> None:
    """Read everything again and again, and note what is lost, doubled or refused."""
    session = open_session(place.store)
    while True:
        look(place, session)


def look(place: Place, session: object = None) -> tuple[int, int]:
    """Read everything once; returns how many events were seen, and how many had to be."""
    opened = session or open_session(place.store)
    expected = place.acknowledged()
    seen: list[str] = []
    parts = opened.search.pages(Selection(), limit=None, token=CancelToken())  # type: ignore[attr-defined]
    for part in parts:
        seen += [each.event_id for each in part.events]
    distinct = set(seen)
    lost = [number for number in expected if f"e{number}" not in distinct]
    if lost:
        place.note("lost", f"{len(lost)} such as {lost[:5]}")
    if len(distinct) < len(seen):
        place.note("doubled", f"{len(seen) - len(distinct)}")
    for problem in opened.engine.problems():  # type: ignore[attr-defined]
        if problem.is_loss:
            place.note("errors", f"reader: {problem}")
    place.note("reads", str(len(seen)))
    return len(seen), len(expected)


def start(place: Place, role: str, work: Callable[[], None]) -> int:
    """Start a process that does `work`, and return its id. What goes wrong in it is noted."""
    child = os.fork()
    if child:
        return child
    try:
        work()
    except LogtuiError as error:
        place.note("errors", f"{role}: {error}")
    except BaseException:  # noqa: BLE001 - this process ends here
        place.note("errors", f"{role}: {traceback.format_exc()}")
    finally:
        os._exit(1)


def kill(child: int) -> None:
    """End a process that `start` started, at once."""
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of it."""

    acknowledged: int
    reads: int
    merges: int
    lost: list[str]
    doubled: list[str]
    errors: list[str]

    @property
    def is_whole(self) -> bool:
        return not (self.lost or self.doubled or self.errors)


def tell(result: Verdict) -> int:
    """Print what came of it, and return the exit code that it means."""
    print(f"{result.acknowledged:,} events acknowledged, {result.merges:,} merges, {result.reads:,} reads")
    print(f"lost {len(result.lost)}, doubled {len(result.doubled)}, errors {len(result.errors)}")
    for line in [*result.lost, *result.doubled, *result.errors][:20]:
        print(f"  {line}")
    return int(not result.is_whole)


def verdict(place: Place) -> Verdict:
    """Look once more, now that nothing happens any more, and sum up."""
    look(place)
    return Verdict(
        len(place.acknowledged()),
        len(place.noted("reads")),
        place.merges(),
        place.noted("lost"),
        place.noted("doubled"),
        place.noted("errors"),
    )


def together(place: Place, seconds: float) -> Verdict:
    """Let two writers, a compactor and three readers work on one store for a while, longer where they are slow."""
    children = [
        start(place, "writer", lambda: write(place, "one", 0)),
        start(place, "writer", lambda: write(place, "two", 0)),
        start(place, "compactor", lambda: compact(place)),
        *(start(place, "reader", lambda: read(place)) for _ in range(3)),
    ]
    time.sleep(seconds)
    deadline = time.monotonic() + 10 * seconds
    while time.monotonic() < deadline and not (
        len(place.noted("reads")) > 9 and sum(map(int, place.noted("merges"))) > 2
    ):
        time.sleep(0.05)
    for child in children:
        kill(child)
    return verdict(place)
