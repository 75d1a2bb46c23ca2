"""Requests share writes, and each waits for the one that holds its event."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise

import pytest
from tests.samples import NOW
from tests.webhooks import RememberingSink

from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.services.receive.group_commit import GroupCommit, OtherContentError, TooManyWaitingError


def event(number: int, payload: str = "{}") -> Event:
    return Event(NOW, f"evt_{number}", "test", payload=payload)


class Gate:
    """Holds a write until it is opened."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._open = threading.Event()
        self._loop = asyncio.get_running_loop()

    def __call__(self, events: Sequence[Event]) -> None:
        self._loop.call_soon_threadsafe(self.reached.set)
        assert self._open.wait(20)

    def open(self) -> None:
        self._open.set()


async def test_an_event_is_acknowledged_only_after_it_is_written() -> None:
    """The promise that the 2xx rests on."""
    gate = Gate()
    sink = RememberingSink(gate)
    with closing(GroupCommit(sink, most_waiting=9)) as commit:
        task = asyncio.create_task(commit.store(event(1)))
        await gate.reached.wait()
        assert not task.done()
        assert commit.waiting == 1

        gate.open()
        await task

        assert set(sink.events) == {"evt_1"}
        assert commit.waiting == 0


async def test_what_comes_while_a_write_runs_shares_the_next_one() -> None:
    """Fifty requests cost two writes."""
    gate = Gate()
    sink = RememberingSink(gate)
    with closing(GroupCommit(sink, most_waiting=99, pace=0)) as commit:
        first = asyncio.create_task(commit.store(event(0)))
        await gate.reached.wait()
        others = [asyncio.create_task(commit.store(event(number))) for number in range(1, 50)]
        await asyncio.sleep(0)
        gate.open()
        await asyncio.gather(first, *others)

    assert [len(group) for group in sink.groups] == [1, 49]
    assert commit.written.written == 50


async def test_a_failed_write_fails_those_it_held_and_no_later_ones() -> None:
    """There may be room again."""
    failures = [StoreError("full")]

    def fail_once(_: object) -> None:
        if failures:
            raise failures.pop()

    with closing(GroupCommit(RememberingSink(fail_once), most_waiting=9, pace=0)) as commit:
        with pytest.raises(StoreError, match="full"):
            await commit.store(event(1))

        await commit.store(event(1))

    assert commit.written.written == 1


async def test_a_bad_event_fails_alone() -> None:
    """Its neighbours in the group are stored and acknowledged."""

    def refuse(events: Sequence[Event]) -> None:
        if any(each.event_id == "evt_3" for each in events):
            raise ValueError("unstorable")

    with closing(GroupCommit(RememberingSink(refuse), most_waiting=99)) as commit:
        outcomes = await asyncio.gather(*(commit.store(event(number)) for number in range(9)), return_exceptions=True)

    assert [number for number, outcome in enumerate(outcomes) if outcome is not None] == [3]


async def test_no_more_wait_than_may() -> None:
    """Memory is bounded; the sender hears it at once."""
    gate = Gate()
    with closing(GroupCommit(RememberingSink(gate), most_waiting=2, pace=0)) as commit:
        tasks = [asyncio.create_task(commit.store(event(number))) for number in range(2)]
        await gate.reached.wait()

        with pytest.raises(TooManyWaitingError):
            await commit.store(event(9))

        gate.open()
        await asyncio.gather(*tasks)
        await commit.store(event(9))


async def test_the_same_event_twice_at_a_time_is_written_once_and_acknowledged_twice() -> None:
    """A sender that repeats itself quickly."""
    sink = RememberingSink()
    with closing(GroupCommit(sink, most_waiting=1)) as commit:
        await asyncio.gather(commit.store(event(1)), commit.store(event(1)))

    assert sink.groups == [["evt_1"]]


async def test_another_event_of_an_id_that_waits_is_refused() -> None:
    """One of the two would be lost although both were acknowledged."""
    gate = Gate()
    with closing(GroupCommit(RememberingSink(gate), most_waiting=9)) as commit:
        task = asyncio.create_task(commit.store(event(1)))
        await gate.reached.wait()

        with pytest.raises(OtherContentError):
            await commit.store(event(1, payload="[]"))

        gate.open()
        await task


async def test_who_stops_waiting_takes_nothing_back_and_nobody_down() -> None:
    """A sender that hangs up is no reason to drop what it sent."""
    gate = Gate()
    sink = RememberingSink(gate)
    with closing(GroupCommit(sink, most_waiting=9, pace=0)) as commit:
        impatient = asyncio.create_task(commit.store(event(1)))
        await gate.reached.wait()
        patient = asyncio.create_task(commit.store(event(1)))
        await asyncio.sleep(0)
        impatient.cancel()
        gate.open()
        await patient

    assert impatient.cancelled()
    assert set(sink.events) == {"evt_1"}


async def test_writes_begin_apart_but_a_lone_event_does_not_wait() -> None:
    """Each write makes a segment, so a steady stream must not make hundreds a second."""
    loop = asyncio.get_running_loop()
    began: list[float] = []
    sink = RememberingSink(lambda _: began.append(loop.time()))
    with closing(GroupCommit(sink, most_waiting=9, pace=0.15)) as commit:
        asked = loop.time()
        await commit.store(event(0))
        for number in range(1, 4):
            await commit.store(event(number))

    assert began[0] - asked < 0.15
    assert all(later - earlier > 0.14 for earlier, later in pairwise(began))
