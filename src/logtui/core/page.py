"""What engines answer: pages, summaries, facets, coverage. Honesty is in the types: exact or not, whole or not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from logtui.core.event import Cursor, Event
from logtui.core.query.ast import Everything, Node
from logtui.core.times import format_utc


class Order(StrEnum):
    """Direction of a page; the order is total, `(event_time, event_id, place)`."""

    NEWEST_FIRST = "desc"
    OLDEST_FIRST = "asc"


@dataclass(frozen=True, slots=True)
class TimeRange:
    """`start <= event_time < end`, microseconds since the epoch; None is open."""

    start: int | None = None
    end: int | None = None

    def intersect(self, other: TimeRange) -> TimeRange:
        """Only what is in both."""
        start, end = self.start, self.end
        # Asked about each segment of a store: lists would take three times as long.
        if other.start is not None and (start is None or start < other.start):
            start = other.start
        if other.end is not None and (end is None or end > other.end):
            end = other.end
        return TimeRange(start, end)

    @property
    def is_empty(self) -> bool:
        return self.start is not None and self.end is not None and self.start >= self.end

    @property
    def contradiction(self) -> str:
        """Why no event can lie in it, for people; empty where one can."""
        if self.start is None or self.end is None or self.start < self.end:
            return ""
        begin, end = format_utc(self.start), format_utc(self.end)
        return f"the time asked for begins at {begin} and ends at {end}: since must be before until"


ALL_TIME = TimeRange()


@dataclass(frozen=True, slots=True)
class Selection:
    """The resolved question: a tree without relative times, and the time range it implies.

    `range` is a necessary condition taken from the top-level time terms; engines may rely on it to skip files, and
    must apply it.
    """

    condition: Node = Everything()
    range: TimeRange = ALL_TIME


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in the store that could not be read or matched; shown, never swallowed.

    `path` is relative to the store ("" for the store itself). `is_loss` tells whether events may be missing because
    of it (then the command line's exit code is 1). `others` are more paths with which the same thing is wrong.
    """

    path: str
    message: str
    is_loss: bool = True
    others: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, *self.others)

    def singles(self) -> Iterator[Problem]:
        """Yield one problem for each path."""
        return (Problem(path, self.message, self.is_loss) for path in self.paths)


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the question has been searched, in UTC days that hold data."""

    days_searched: int
    days_asked: int

    @property
    def is_complete(self) -> bool:
        return self.days_searched >= self.days_asked


@dataclass(frozen=True, slots=True)
class Page:
    """Part of an answer: events in the asked order, each part continuing the one before.

    `has_more` is known only when `is_final`: there is at least one matching event after the last one given.
    """

    events: tuple[Event, ...]
    progress: Progress
    is_final: bool
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Histogram:
    """Counts per bucket of `bucket` microseconds from `start` (a multiple of `bucket`); empty buckets are 0."""

    start: int
    bucket: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """How many events match, and when. Until `is_exact`, `total` and the counts are lower bounds."""

    total: int
    is_exact: bool
    histogram: Histogram | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str | None
    count: int
    more: int = 0
    """How many more there may be, where the facet is not exact."""


@dataclass(frozen=True, slots=True)
class Facet:
    """The most frequent values of one column. `other` counts the matching events with none of `values`.

    Unless it `is_exact`, the counts of values are lower bounds, `other` is an upper one, and a value that is not listed
    may come up to `most_unlisted` times.
    """

    column: str
    values: tuple[FacetValue, ...]
    other: int
    is_exact: bool
    most_unlisted: int = 0


class DayState(StrEnum):
    PRESENT = "present"
    OPEN = "open"
    """Its day is not over."""
    HELD = "held"
    MISSING = "missing"
    EXPIRED = "expired"
    """Retention took it away; the ledger says when."""
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Day:
    """One UTC day of the store. `start` is its first microsecond; `byte_count` the size of its segments.

    Engines know present, missing and unreadable days; `services.retention.coverage` adds what the ledger tells.
    """

    start: int
    state: DayState
    segment_count: int = 0
    byte_count: int = 0
    note: str = ""
    """Why, for people: `dropped by retention on 2026-10-04 (older than 7 days)`, `held: case 4711`."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the store holds: its days, oldest first, and what is wrong with it."""

    days: tuple[Day, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """New matching events since the last look, newest first, at most the asked number.

    `count` is how many there are in all. `is_reset`: the store changed in a way that only a new search shows
    (files went or were replaced by others that are not known to hold the same events).
    """

    events: tuple[Event, ...]
    count: int
    is_reset: bool = False


NOTHING_FRESH = Fresh((), 0)

__all__ = [
    "ALL_TIME", "NOTHING_FRESH", "Coverage", "Cursor", "Day", "DayState", "Facet", "FacetValue", "Fresh", "Histogram",
    "Order", "Page", "Problem", "Progress", "Selection", "Summary", "TimeRange",
]  # fmt: skip
