"""Stores a group of events such that one that cannot be stored takes no other down with it."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.storage.event_sink import EventSink, Written

Failure = Exception | None
"""Why one event was not stored; None if it was."""


def write_each(sink: EventSink, events: Sequence[Event]) -> tuple[list[Failure], Written]:
    """Store the events together if that works, else in smaller groups; return one verdict for each of them.

    A `StoreError` is about a place, so the days are tried apart; anything else is about an event, so halves are.
    """
    try:
        return [None] * len(events), sink.write(events)
    except Exception as error:  # noqa: BLE001 - each event gets its verdict, and its sender the answer
        parts = _by_day(events) if isinstance(error, StoreError) else _halves(len(events))
        if len(parts) < 2:
            return [error] * len(events), Written(0, 0, 0)
    verdicts: list[Failure] = [None] * len(events)
    total = Written(0, 0, 0)
    for part in parts:
        failures, written = write_each(sink, [events[index] for index in part])
        total += written
        for index, failure in zip(part, failures, strict=True):
            verdicts[index] = failure
    return verdicts, total


def _by_day(events: Sequence[Event]) -> list[Sequence[int]]:
    days: dict[int, list[int]] = {}
    for index, event in enumerate(events):
        days.setdefault(event.event_time // DAY, []).append(index)
    return list(days.values())


def _halves(count: int) -> list[Sequence[int]]:
    return [part for part in (range(count // 2), range(count // 2, count)) if part]
