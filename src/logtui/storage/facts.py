"""What the footer of a segment tells about its events. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from logtui.core.page import ALL_TIME, Problem, TimeRange
from logtui.storage.file_schema import FileColumn, Kind, Physical, Unit
from logtui.storage.file_times import common_unit, lacks_zone, time_range
from logtui.storage.footers import Footer, GroupRange, group_ranges
from logtui.storage.mapping import Match

FEW_GROUPS = 4
"""Up to so many row groups, all are looked at. Of an own segment with more, only the first: its directory bounds it."""
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

    @property
    def is_prunable(self) -> bool:
        """Whether a part of a file can be read for a part of its times; text has to be converted first, all of it."""
        column = self.match.source("event_time")
        return self.unit is not None or (
            column is not None and column.kind is Kind.TIMESTAMP and column.physical is Physical.INT64
        )


@dataclass(frozen=True, slots=True)
class Slice:
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
    is_misplaced: bool = False
    """Whether there are events outside of the day that the directory promises."""


def own_facts(footer: Footer, shape: Shape, promised: TimeRange) -> Facts:
    """Return the facts of a segment that logtui wrote into the partition that promises `promised`."""
    leaf = _time_column(shape).leaf
    is_small = footer.group_count <= FEW_GROUPS
    groups = group_ranges(footer, leaf, most=None if is_small else 1)
    ranges = [time_range(_time_column(shape), group) for group in groups]
    seen = promised if ALL_TIME in ranges else hull(ranges)
    return Facts(
        footer.rows,
        seen if is_small else promised,
        _slices(footer.rows, groups, ranges, promised),
        shape,
        untimed=0,
        is_misplaced=bool(footer.rows) and hull([seen, promised]) != promised,
    )


def foreign_facts(footer: Footer, match: Match) -> Facts:
    """Return the facts of a segment that another tool wrote."""
    column = match.source("event_time")
    if column is None:
        raise ValueError("a file without times has no facts")
    is_known = footer.group_count <= MOST_GROUPS
    groups = group_ranges(footer, column.leaf) if is_known else ()
    ranges = [time_range(column, group) for group in groups]
    unit = common_unit(groups) if column.kind is Kind.INTEGER else None
    return Facts(
        footer.rows,
        hull(ranges) if is_known else ALL_TIME,
        _slices(footer.rows, groups, ranges, ALL_TIME),
        Shape(match, footer.columns, unit, footer.schema),
        _untimed(column, groups) if is_known else None,
        column.kind is Kind.TEXT and any(map(lacks_zone, groups)),
    )


def remarks(facts: Facts, path: str) -> list[Problem]:
    """Return what a person should know about how this segment is read."""
    found: list[Problem] = []
    if facts.untimed:
        rows = "1 row has" if facts.untimed == 1 else f"{facts.untimed:,} rows have"
        message = f"{rows} no time that can be read, and so cannot be shown"
        found.append(Problem(path, message))
    if facts.is_misplaced:
        found.append(Problem(path, "holds events of other days than its directory's, which may not be found"))
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
