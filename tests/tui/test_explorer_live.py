"""Following: what is written to the store while the explorer is open."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from logtui.core.clock import HOUR, SECOND
from logtui.core.event import Event
from logtui.core.times import day_of
from logtui.storage.segment_writer import write_segment
from tests.samples import NOW, small_events, write_store
from tests.tui.explorer_pilot import Person, explore

NEWEST = small_events()[-1]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store to write into."""
    return write_store(tmp_path / "store", small_events())


def came(number: int, at: int = NOW) -> Event:
    """An event that is written while the explorer is open."""
    return Event(at + number, f"evt_live_{number:05}", "user.updated", actor="user_live", payload="{}", ingested_at=at)


def write(store: Path, *events: Event) -> None:
    """Publish one segment for each day."""
    for day in {day_of(event.event_time) for event in events}:
        write_segment(store, day, [event for event in events if day_of(event.event_time) == day])


async def total(person: Person, count: int) -> None:
    """Wait until the status says how many there are."""
    await person.until(f" of {count:,}")


async def test_a_new_event_flows_in_at_the_top(store: Path) -> None:
    """The newest is on the first row, under the cursor, without a key."""
    async with explore(store) as person:
        write(store, came(1))
        await total(person, 91)

        assert person.reading == "evt_live_00001"
        assert person.status.startswith("1 of 91")


async def test_a_held_row_stays_where_it_is_and_what_waits_is_counted(store: Path) -> None:
    """Reading further down, new events never move the row."""
    async with explore(store) as person:
        await person.press("j", "j", "j")
        reading, row = person.reading, line_of(person)
        write(store, *(came(number) for number in range(7)))
        await total(person, 97)

        assert (person.reading, line_of(person)) == (reading, row)
        assert "7 new above" in person.header

        await person.press("g")
        assert person.reading == "evt_live_00006"
        assert "new above" not in person.header


async def test_pausing_holds_even_at_the_top(store: Path) -> None:
    """`f` stops the flow, visibly; `f` again shows what waited."""
    async with explore(store) as person:
        await person.press("f")
        assert "paused" in person.header
        write(store, came(1))
        await total(person, 91)
        assert person.reading == NEWEST.event_id
        assert "1 new above" in person.header

        await person.press("f")
        assert person.reading == "evt_live_00001"


async def test_a_late_event_goes_where_its_time_belongs(store: Path) -> None:
    """An event of an hour ago lands between older and newer rows."""
    async with explore(store) as person:
        write(store, came(1), came(2, at=NEWEST.event_time - HOUR))
        await total(person, 92)
        ids = [event.event_id for event in person.explorer.feed.loaded]

        times = [event.event_time for event in person.explorer.feed.loaded]
        assert times == sorted(times, reverse=True)
        assert {"evt_live_00001", "evt_live_00002"} <= set(ids)


async def test_only_matching_events_come_in(store: Path) -> None:
    """The query holds for live events too."""
    async with explore(store, "actor:user_live") as person:
        write(
            store,
            came(1),
            Event(NOW + SECOND, "evt_other", "user.updated", actor="user_x", payload="{}", ingested_at=NOW),
        )
        await total(person, 1)

        assert person.reading == "evt_live_00001"


async def test_a_busy_store_loses_doubles_and_misplaces_nothing(store: Path) -> None:
    """Many segments, some late, while the query changes: in the end the rows are what the store holds."""
    dice = random.Random(7)
    async with explore(store) as person:
        for batch in range(30):
            events = [
                came(batch * 20 + number, at=NOW - dice.choice((0, 0, 0, HOUR, 3 * HOUR))) for number in range(20)
            ]
            write(store, *events)
            if batch % 10 == 3:
                await person.press("A")
            if batch % 10 == 6:
                await person.press("[")
        await person.press("0", "X", "g")
        await total(person, 690)
        await person.idle()
        rows = [event.cursor for event in person.explorer.feed.loaded]

        assert rows == sorted(set(rows), reverse=True)
        assert rows[0].event_id == max(rows).event_id


def line_of(person: Person) -> int:
    """Screen line of the cursor row."""
    return person.explorer.feed.cursor_offset.y
