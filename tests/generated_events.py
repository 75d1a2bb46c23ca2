"""A fixed set of generated events, for tests that put many questions to the same store."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from hypothesis import HealthCheck, given, settings

from logtui.core.event import Event
from tests.query_strategies import events


@lru_cache(maxsize=4)
def generated_events(count: int) -> tuple[Event, ...]:
    """Return `count` events, the same on every call and in every run; no two have one cursor, many have one time."""
    found: dict[object, Event] = {}

    @settings(
        max_examples=2 * count,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(events())
    def collect(event: Event) -> None:
        if event.cursor in found:
            event = replace(event, event_id=f"{event.event_id}_{len(found)}")
        found.setdefault(event.cursor, event)

    collect()
    return tuple(found.values())[:count]
