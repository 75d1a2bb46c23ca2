"""What the footer of a segment tells about its events. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from logtui.core.columns import COLUMNS
from logtui.core.page import ALL_TIME, Problem, TimeRange
from logtui.storage.file_schema import FileColumn, Kind, Physical, Unit
from logtui.storage.file_times import common_unit, lacks_zone, may_leave_calendar, plain_ranges, time_range
from logtui.storage.footers import Footer, GroupRange, group_ranges
from logtui.storage.mapping import Match

MOST_GROUPS = 4000
"""Of other tools' files with more row groups than this, the times stay unknown: their footers take seconds to read."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What files of one schema have in common: the same expressions read them."""

    match: Match
    columns: tuple[FileColumn, ...]
    unit: Unit | None = None
    """Of times that are stored as numbers, where the footer proves one for the whole file."""
    schema: bytes = b""
    """The schema as stored, unless the columns say it all: structs and decimals differ in ways that they do not."""
    may_leave_calendar: bool = False
    """Whether there may be values in the time column that stand for no time."""

    @property
    def is_plain(self) -> bool:
        """Whether the columns can be read as they are."""
        return self.match.is_canonical and not self.may_leave_calendar

    @property
    def is_prunable(self) -> bool:
        """Whether a part of a file can be read for a part of its times; text has to be converted first, all of it."""
        column = self.match.source("event_time")
        return self.unit is not None or (
            column is not None and column.kind is Kind.TIMESTAMP and column.physical is Physical.INT64
        )


class Slice(NamedTuple):
    """Some events of a segment, spread about evenly over `times`."""

    rows: int
    times: TimeRange


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one segment without reading its events."""

    rows: int
    times: TimeRange
    """No event lies outside."""
    slices: tuple[Slice, ...]
    """Where the events roughly lie. For estimates only."""
    shape: Shape
    untimed: int | None
    """Rows without a readable time; None where only reading them can tell."""
    lacks_zone: bool = False
    """Whether there are times in text without a zone."""
    untyped: int = 0
    """Rows without a type, in a file that has a column for it."""
    unnamed: int = 0
    """Rows without an id, in a file that has a column for it."""
    is_misplaced: bool = False
    """Whether there are events outside of the day that the directory promises."""
    is_unplaced: bool = False
    """Whether there may be, because the footer does not say when the events happened."""


def facts_of(footer: Footer, match: Match, promised: TimeRange) -> Facts:
    """Return the facts of a segment whose directory promises events of the times `promised`.

    Raises:
        ThriftError: the footer is damaged.
    """
    column = match.source("event_time")
    if column is None:
        raise ValueError("a file without times has no facts")
    is_known = footer.group_count <= MOST_GROUPS
    groups = group_ranges(footer, column) if is_known else ()
    plain = plain_ranges(column, groups) if is_known else None
    ranges = [time_range(column, group) for group in groups] if plain is None else plain
    times = hull(ranges) if is_known else ALL_TIME
    is_wild = plain is None and (not is_known or any(may_leave_calendar(column, group) for group in groups))
    if match.is_canonical and not is_wild:
        shape = Shape(match, footer.columns)
    else:
        unit = common_unit(groups) if column.kind is Kind.INTEGER else None
        shape = Shape(match, footer.columns, unit, footer.schema, is_wild)
    is_elsewhere = bool(footer.rows) and hull([times, promised]) != promised
    return Facts(
        footer.rows,
        times,
        _slices(footer.rows, groups, ranges, promised),
        shape,
        None if is_wild else 0 if plain is not None else _untimed(column, groups),
        column.kind is Kind.TEXT and any(map(lacks_zone, groups)),
        _missing(footer, match.source("event_type")),
        _missing(footer, match.source("event_id")),
        is_misplaced=is_elsewhere and not is_wild,
        is_unplaced=is_elsewhere and is_wild,
    )


def remarks(facts: Facts, path: str, *, is_own: bool) -> list[Problem]:
    """Return what a person should know about how this segment is read; `is_own`: in a store that logtui made."""
    found: list[Problem] = []
    if facts.untimed:
        found.append(Problem(path, f"{_rows(facts.untimed)} no time that can be read, and so cannot be shown"))
    if facts.untyped:
        found.append(Problem(path, f"{_rows(facts.untyped)} no type, and so an empty one", is_loss=False))
    if facts.unnamed:
        found.append(Problem(path, f"{_rows(facts.unnamed)} no id: it is made from the content", is_loss=False))
    if facts.is_misplaced:
        found.append(Problem(path, "holds events of other days than its directory's, which may not be found"))
    if facts.is_unplaced:
        found.append(Problem(path, "does not say when its events happened: those of other days may not be found"))
    lacking = _lacking(facts.shape.match) if is_own else ""
    if lacking:
        found.append(Problem(path, f"lacks columns that every segment has: {lacking}"))
    said = _matching(facts.shape)
    if facts.lacks_zone or _is_naive(facts.shape):
        said.append("times have no zone and are read as UTC")
    if said:
        found.append(Problem(path, "; ".join(said), is_loss=False))
    return found


def hull(ranges: Sequence[TimeRange]) -> TimeRange:
    """Return the smallest range that holds all of `ranges`."""
    filled = [each for each in ranges if not each.is_empty]
    if not filled:
        return TimeRange(0, 0)
    starts = [each.start for each in filled]
    ends = [each.end for each in filled]
    return TimeRange(
        None if None in starts else min(start for start in starts if start is not None),
        None if None in ends else max(end for end in ends if end is not None),
    )


def _rows(count: int) -> str:
    return "1 row has" if count == 1 else f"{count:,} rows have"


def _lacking(match: Match) -> str:
    return ", ".join(column.name for column in COLUMNS if match.source(column.name) is None)


def _missing(footer: Footer, column: FileColumn | None) -> int:
    """Return how many values of a column are missing, as far as the footer says."""
    if column is None or column.is_required or footer.group_count > MOST_GROUPS:
        return 0
    return sum(group.nulls or 0 for group in group_ranges(footer, column))


def _time_column(shape: Shape) -> FileColumn:
    column = shape.match.source("event_time")
    if column is None:
        raise ValueError("a shape without times has no time column")
    return column


def _slices(
    rows: int, groups: Sequence[GroupRange], ranges: Sequence[TimeRange], promised: TimeRange
) -> tuple[Slice, ...]:
    slices = [Slice(group.rows, times) for group, times in zip(groups, ranges, strict=True)]
    rest = rows - sum(each.rows for each in slices)
    if rest > 0:
        # The first row group holds the newest events, so the others end where it begins.
        newest = ranges[0] if ranges else ALL_TIME
        before = TimeRange(promised.start, newest.start or promised.end)
        slices.append(Slice(rest, promised if before.is_empty else before))
    return tuple(slices)


def _untimed(column: FileColumn, groups: Sequence[GroupRange]) -> int | None:
    if column.kind not in (Kind.TIMESTAMP, Kind.DATE, Kind.INTEGER):
        return None
    nulls = [group.nulls for group in groups if group.nulls is not None]
    return sum(nulls) if len(nulls) == len(groups) else None


def _is_naive(shape: Shape) -> bool:
    column = _time_column(shape)
    return column.kind is Kind.TIMESTAMP and not column.is_utc


def _matching(shape: Shape) -> list[str]:
    match = shape.match
    said: list[str] = []
    if match.renamed:
        said.append("columns matched by name: " + ", ".join(f"{name} = {source}" for name, source in match.renamed))
    if shape.unit is not None:
        said.append(f"times are numbers, read as {shape.unit.name.lower()} since 1970")
    if match.source("event_id") is None:
        said.append("there is no id column: ids are made from the content")
    if match.source("event_type") is None:
        said.append('there is no type column: every type is shown as "event"')
    if match.source("payload") is None:
        said.append("there is no payload column: the payload shows all columns")
    elif match.unused:
        said.append("columns not shown: " + ", ".join(match.unused))
    return said
