"""Segments as one SQL relation with the columns of the event."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from logtui.core.columns import NAMES
from logtui.core.page import TimeRange
from logtui.storage.duckdb.paths import entry
from logtui.storage.duckdb.projection import projection, raw_condition
from logtui.storage.duckdb.sql import Sql, sql
from logtui.storage.facts import Shape
from logtui.storage.inventory import Candidate

_ALL_COLUMNS = Sql(", ".join(NAMES))


def source_of(candidates: Sequence[Candidate], times: TimeRange, alias: Callable[[str], str]) -> Sql:
    """Return what stands after FROM: a relation of the candidates' events.

    Args:
        times: lets it leave out row groups of files whose times are no timestamps; it does not filter exactly.
        alias: gives another path to a file whose own DuckDB cannot take.
    """
    # By identity, which the inventory grants: comparing shapes takes longer than all else here.
    groups: dict[int, tuple[Shape, list[str]]] = {}
    for candidate in candidates:
        shape = candidate.facts.shape
        groups.setdefault(id(shape), (shape, []))[1].append(entry(candidate.segment.path, alias))
    parts = [_part(shape, paths, times) for shape, paths in groups.values()]
    if len(groups) == 1:
        [(shape, paths)] = groups.values()
        if shape.match.is_canonical:
            return _own_files(paths)
    union = Sql(" UNION ALL ".join(part.text for part in parts), tuple(each for part in parts for each in part.params))
    return sql("(?)", union)


def _own_files(paths: list[str]) -> Sql:
    return sql("read_parquet(?, hive_partitioning = false)", paths)


def _foreign_files(paths: list[str]) -> Sql:
    # Text that other tools wrote may be declared as plain bytes, and may not be UTF-8.
    return sql(
        "read_parquet(?, hive_partitioning = false, binary_as_string = true, utf8_validation = 'replace')", paths
    )


def _part(shape: Shape, paths: list[str], times: TimeRange) -> Sql:
    if shape.match.is_canonical:
        return sql("SELECT ? FROM ?", _ALL_COLUMNS, _own_files(paths))
    condition = Sql(raw_condition(shape, times) or "true")
    return sql("SELECT ? FROM ? WHERE ?", Sql(projection(shape)), _foreign_files(paths), condition)
