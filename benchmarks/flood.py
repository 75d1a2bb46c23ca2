"""A busy store: 1,000 events a second for a minute while the explorer holds a row, then every row is checked."""

from __future__ import annotations

import asyncio
import random
import shutil
import sys
import time
from itertools import pairwise
from pathlib import Path

from tests.tui.explorer_pilot import explore

from benchmarks import stores
from benchmarks.report import Figure, show
from logtui.core.clock import MINUTE, system_clock
from logtui.core.event import Event
from logtui.core.times import day_of
from logtui.storage.segment_writer import write_segment

SECONDS = 60
A_SECOND = 1000
SEGMENTS_A_SECOND = 10
LATE = 0.02
"""Share of events that come up to ten minutes late."""


def write(store: Path) -> None:
    """Publish segments at a steady pace; runs in a process of its own."""
    dice = random.Random(1)
    count = A_SECOND // SEGMENTS_A_SECOND
    start = time.monotonic()
    for batch in range(SECONDS * SEGMENTS_A_SECOND):
        now = system_clock()
        events = [
            Event(
                now + number - (dice.randrange(10 * MINUTE) if dice.random() < LATE else 0),
                f"evt_flood_{batch:05}_{number:03}",
                "user.updated",
                actor="user_flood",
                payload="{}",
                ingested_at=now,
            )
            for number in range(count)
        ]
        for day in {day_of(event.event_time) for event in events}:
            write_segment(store, day, [event for event in events if day_of(event.event_time) == day], is_durable=False)
        time.sleep(max(0.0, start + (batch + 1) / SEGMENTS_A_SECOND - time.monotonic()))


async def watch(store: Path) -> tuple[int, int, int]:
    """Return how many events the explorer missed or doubled, how many stand wrong, and how often the row moved."""
    async with explore(store, clock=system_clock) as person:
        before = person.explorer.summary
        assert before is not None
        await person.press(*"jjjjj")
        held, line = person.reading, person.explorer.feed.cursor_offset.y
        moved = 0
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "benchmarks.flood", str(store))
        while process.returncode is None:
            await asyncio.sleep(0.25)
            moved += (person.reading, person.explorer.feed.cursor_offset.y) != (held, line)
        await person.until(f" of {before.total + SECONDS * A_SECOND:,}")
        moved += (person.reading, person.explorer.feed.cursor_offset.y) != (held, line)
        await person.press("g")
        seen: dict[str, None] = {}
        misplaced = 0
        while len(seen) < SECONDS * A_SECOND:
            rows = person.explorer.feed.loaded
            misplaced += sum(above.cursor <= below.cursor for above, below in pairwise(rows))
            known = len(seen)
            seen.update(dict.fromkeys(row.event_id for row in rows if row.event_id.startswith("evt_flood_")))
            if len(seen) == known and known and not rows[-1].event_id.startswith("evt_flood_"):
                break
            for _ in range(60):
                await person.pilot.press("pagedown")
            await person.idle()
    return SECONDS * A_SECOND - len(seen), misplaced, moved


def main() -> None:
    if sys.argv[1:]:
        write(Path(sys.argv[1]))
        return
    store = stores.throwaway_copy(stores.generated(100_000))
    try:
        missing, misplaced, moved = asyncio.run(watch(store))
    finally:
        shutil.rmtree(store.parent)
    show(
        f"{A_SECOND:,} events a second for {SECONDS} s",
        [
            Figure("rows lost or doubled", missing, "", 0),
            Figure("rows misplaced", misplaced, "", 0),
            Figure("moves of the held row", moved, "", 0),
        ],
    )


if __name__ == "__main__":
    main()
