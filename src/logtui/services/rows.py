"""Rows for output: events, facets and buckets all become named cells before a format writes them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter

from logtui.core.columns import BY_NAME, Kind
from logtui.core.event import Event
from logtui.core.times import format_utc

Cell = str | int | None
Row = tuple[Cell, ...]


def event_rows(events: Iterable[Event], columns: tuple[str, ...]) -> Iterator[Row]:
    """Yield the asked columns of each event; times are RFC 3339 UTC text."""
    getters = [_getter(name) for name in columns]
    for event in events:
        yield tuple([get(event) for get in getters])


def _getter(name: str) -> Callable[[Event], Cell]:
    read: Callable[[Event], Cell] = attrgetter(name)
    if BY_NAME[name].kind is not Kind.TIME:
        return read

    def read_time(event: Event) -> Cell:
        at = read(event)
        return format_utc(at) if isinstance(at, int) else None

    return read_time
