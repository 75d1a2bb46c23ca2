"""The month goes on in real time: new events every second or two, for as long as somebody watches.

The world is played up to the end of the bundled data first, so that the people, organizations and sessions in the live
events are those of the days before, and what was under way goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from logtui.core.clock import MINUTE, SECOND, Clock
from logtui.core.event import Event
from logtui.core.times import day_of
from logtui.services.demo.bundle import moved_payload
from logtui.services.demo.dice import Dice
from logtui.services.demo.month import play
from logtui.services.demo.plan import visitors
from logtui.services.demo.world import World
from logtui.storage.sink import SegmentSink

Wait = Callable[[float], bool]
"""Waits some seconds, or less when it is over; returns whether it is over."""


def go_on(sink: SegmentSink, distance: int, *, clock: Clock, wait: Wait) -> None:
    """Publish what happens until `wait` says that it is over.

    Args:
        distance: by how much the bundled data was moved.
    """
    world, _ = play()
    world.dice = Dice(clock())
    world.timeline.start(visitors(world, SECOND, 4 * SECOND), world.now)
    is_over = False
    while not is_over:
        # After a laptop's sleep the stories go on where they were instead of catching up.
        distance += max(0, clock() - distance - world.now - MINUTE)
        publish_until(world, sink, distance, clock())
        is_over = wait(world.dice.between(900, 1900) / 1000)


def publish_until(world: World, sink: SegmentSink, distance: int, now: int) -> None:
    """Let everything happen that is due before `now`, and publish it."""
    world.timeline.run_until(now - distance)
    moved = [_moved(event, distance, now) for event in world.take_events()]
    for day, events in groupby(moved, key=lambda event: day_of(event.event_time)):
        sink.publish(day, list(events))


def _moved(event: Event, distance: int, now: int) -> Event:
    at = event.event_time + distance
    payload = moved_payload(event.payload or "{}", distance)
    return replace(event, event_time=at, ingested_at=max(at, now), payload=payload)
