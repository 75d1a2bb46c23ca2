"""When things happen: hours of the day and days of the week, for stories and for large stores alike."""

from __future__ import annotations

from dataclasses import dataclass

from logtui.core.clock import DAY, HOUR
from logtui.core.times import day_of

OFFICE_HOURS = (1, 1, 1, 1, 1, 2, 5, 12, 26, 38, 40, 36, 26, 32, 40, 40, 36, 28, 18, 12, 9, 7, 4, 2)
"""Weight of each UTC hour for what people do."""
ALL_HOURS = (1,) * 24
WEEKDAYS = (1.0, 1.1, 1.15, 1.05, 0.9, 0.25, 0.2)
"""Weight of each day, from Monday on, for what people do."""
ALL_DAYS = (1.0,) * 7

_MACHINES = 6
"""Weight of what goes on at any hour, beside `OFFICE_HOURS`."""


@dataclass(frozen=True, slots=True)
class Span:
    """A part of one UTC day, and how many events fall into it."""

    start: int
    end: int
    events: int

    @property
    def day(self) -> str:
        return day_of(self.start)


def weekday(at: int) -> int:
    """Return 0 for a Monday … 6 for a Sunday, of a time's UTC day."""
    return (at // DAY + 3) % 7


def liveliness(start: int, end: int) -> float:
    """Return how much happens from a time to another one of the same UTC day, in units of no meaning."""
    return WEEKDAYS[weekday(start)] * sum(weight for _, weight in _pieces(start, end))


def quantiles(start: int, end: int, count: int) -> list[float]:
    """Return `count + 1` times of one day between which equally much happens; the ends are the first and the last."""
    pieces = _pieces(start, end)
    share = sum(weight for _, weight in pieces) / count
    times, reached, at = [float(start)], 0.0, float(start)
    for until, weight in pieces:
        speed = weight / (until - at)
        while len(times) < count and share * len(times) <= reached + weight:
            times.append(at + (share * len(times) - reached) / speed)
        reached, at = reached + weight, float(until)
    return [*times, float(end)]


def _pieces(start: int, end: int) -> list[tuple[int, float]]:
    """Return the hours between two times of one day: where each ends, and its weight."""
    pieces = []
    at = start
    while at < end:
        until = min(at - at % HOUR + HOUR, end)
        weight = OFFICE_HOURS[at % DAY // HOUR] + _MACHINES
        pieces.append((until, weight * (until - at) / HOUR))
        at = until
    return pieces
