"""The events that the contract suite asks about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from tests.generated_events import generated_events
from tests.query_strategies import BASE

from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.event import Event
from logtui.core.page import Order, Selection
from logtui.core.query.ast import Between
from logtui.storage.reference import matches


@lru_cache(maxsize=1)
def stored_events() -> tuple[Event, ...]:
    """Generated events of four days, ten at one time, one before 1970, one of the far future; oldest first."""
    generated = [replace(event, payload=event.payload or "{}") for event in generated_events(120)]
    ties = [_event(BASE + HOUR, f"tie_{number}") for number in range(10)]
    strays = [_event(-DAY - MINUTE, "old"), _event(BASE + 400 * DAY, "future"), _event(BASE - 30 * DAY, "tie_3")]
    return tuple(sorted((*generated, *ties, *strays), key=lambda event: event.cursor))


def _event(at: int, event_id: str) -> Event:
    return Event(
        event_time=at, event_id=event_id, event_type="user.created", source="auth", ingested_at=at, payload='{"n": 1}'
    )


def expected(
    selection: Selection, order: Order = Order.NEWEST_FIRST, events: Iterable[Event] | None = None
) -> list[Event]:
    """Return what an engine must find, with payloads."""
    times = Between(selection.range.start, selection.range.end)
    found = [
        event
        for event in (stored_events() if events is None else events)
        if matches(times, event) and matches(selection.condition, event)
    ]
    return sorted(found, key=lambda event: event.cursor, reverse=order is Order.NEWEST_FIRST)
