"""Segments as one SQL relation with the columns of the event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import LiteralString

from logtui.core.columns import NAMES
from logtui.core.page import Order, TimeRange
from logtui.storage.duckdb.paths import entry
from logtui.storage.duckdb.projection import content, hides_rows, projection, raw_condition
from logtui.storage.duckdb.sql import TRUE, Sql, all_of, any_of, sql
from logtui.storage.facts import Shape
from logtui.storage.inventory import Candidate, RowRanges

_ALL_COLUMNS = Sql(", ".join(NAMES))
FILE_NUMBER, ROW_NUMBER = Sql("file_index"), Sql("file_row_number")
"""Columns of a source beside those of the event: which of its segments a row is in, and where in there."""


@dataclass(frozen=True, slots=True)
class Source:
    """Some segments as one relation."""

    relation: Sql
    """What stands after FROM."""
    names: tuple[str, ...]
    """The segments' names, in the asked order; a row's `FILE_NUMBER` counts them from 0."""

    def number_of(self, segment: str) -> int | None:
        """Return the number of a segment, None if it is not one of these."""
        return self.names.index(segment) if segment in self.names else None


def source_of(candidates: Sequence[Candidate], times: TimeRange, alias: Callable[[str], str], order: Order) -> Source:
    """Return the candidates' events as a relation.

    Args:
        order: of the segments. Names begin with days, so DuckDB mostly finds what comes first in what it reads first.
        times: lets it leave out row groups of files whose times are no timestamps; it does not filter exactly.
        alias: gives another path to a file whose own DuckDB cannot take.
    """
    # By identity, which the inventory grants: comparing shapes takes longer than all else here.
    groups: dict[tuple[int, RowRanges | None], _Group] = {}
    named = sorted(candidates, key=lambda candidate: candidate.segment.name, reverse=order is Order.NEWEST_FIRST)
    for number, candidate in enumerate(named):
        shape = candidate.facts.shape
        # Where a file's own columns hide where its rows are, it is read alone.
        alike = id(candidate if hides_rows(shape) else shape), candidate.rows
        group = groups.setdefault(alike, _Group(shape, candidate.rows, [], []))
        group.paths.append(entry(candidate.segment.path, alias))
        group.numbers.append(number)
    names = tuple(candidate.segment.name for candidate in named)
    if len(groups) == 1:
        [group] = groups.values()
        if group.shape.is_plain and group.rows is None:
            return Source(_own_files(group.paths), names)
    parts = [_part(group, times, is_only=len(groups) == 1) for group in groups.values()]
    union = Sql(" UNION ALL ".join(part.text for part in parts), tuple(each for part in parts for each in part.params))
    return Source(sql("(?)", union), names)


@dataclass(frozen=True, slots=True)
class _Group:
    """Segments that the same expressions read."""

    shape: Shape
    rows: RowRanges | None
    """Those that are read of each; only where rows have numbers of their own."""
    paths: list[str]
    numbers: list[int]
    """Of each in the whole source."""


def _own_files(paths: list[str]) -> Sql:
    return sql("read_parquet(?, hive_partitioning = false)", paths)


def _foreign_files(paths: list[str]) -> Sql:
    # Text that other tools wrote may be declared as plain bytes, and may not be UTF-8.
    return sql(
        "read_parquet(?, hive_partitioning = false, binary_as_string = true, utf8_validation = 'replace')", paths
    )


def _part(group: _Group, times: TimeRange, *, is_only: bool) -> Sql:
    shape = group.shape
    columns = _ALL_COLUMNS if shape.is_plain else Sql(projection(shape))
    files = _own_files(group.paths) if shape.is_plain else _foreign_files(group.paths)
    condition = all_of([Sql(raw_condition(shape, times) or "true"), _within(group.rows)])
    if hides_rows(shape):
        # Numbered by content, all of them: then each row has the same number whatever is asked for.
        numbered = sql("(SELECT *, row_number() OVER (ORDER BY ?) AS row_by_content FROM ?)", content(shape), files)
        template: LiteralString = "SELECT ?, ? AS file_index, row_by_content AS file_row_number FROM ? WHERE ?"
        return sql(template, columns, group.numbers[0], numbered, condition)
    number = FILE_NUMBER if is_only else sql("list_extract(?, CAST(file_index AS BIGINT) + 1)", group.numbers)
    return sql("SELECT ?, ? AS file_index, ? FROM ? WHERE ?", columns, number, ROW_NUMBER, files, condition)


def _within(rows: RowRanges | None) -> Sql:
    """Return the condition that a row is in one of the ranges; DuckDB opens no row group outside of them."""
    if rows is None:
        return TRUE
    return any_of([sql("? BETWEEN ? AND ?", ROW_NUMBER, first, last) for first, last in rows])
