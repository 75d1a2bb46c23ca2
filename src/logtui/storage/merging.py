"""Merges sorted segments into one sequence of rows, newest first, in bounded memory.

The times of all rows are read first and cut into slices of about as many bytes. Of each slice in turn, the row groups
that reach into it are read, cut to it and sorted. Segments that follow each other in time are thus read once; those
that overlap throughout are read once for each slice, which costs time but no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from logtui.core.errors import SegmentError
from logtui.storage.arrow_schema import SCHEMA
from logtui.storage.listing import reason
from logtui.storage.segment_layout import in_order

SLICE_BYTES = 64 * 1024 * 1024
"""Of rows before compression, that are sorted together. Merging holds about three times as much."""


@dataclass(frozen=True, slots=True)
class _Group:
    """One row group and the times in it."""

    path: Path
    number: int
    rows: int
    oldest: int
    newest: int


def merged(paths: Sequence[Path], *, check: Callable[[], None], slice_bytes: int = SLICE_BYTES) -> Iterator[pa.Table]:
    """Yield all rows of the segments, newest first, in tables of a bounded size. Every page's checksum is verified.

    Args:
        check: called between row groups; may raise.

    Raises:
        SegmentError: a segment is damaged or has another schema; `path` names it.
        FileNotFoundError: a segment is gone.
    """
    groups: list[_Group] = []
    times: list[pa.Array] = []
    size = 0
    for path in paths:
        check()
        with _opened(path) as file:
            size += sum(file.metadata.row_group(at).total_byte_size for at in range(file.num_row_groups))
            for number in range(file.num_row_groups):
                of_group = _times(_read(file, path, number, ["event_time"]))
                times.append(of_group)
                bounds = pc.min_max(of_group)
                groups.append(_Group(path, number, len(of_group), bounds["min"].as_py(), bounds["max"].as_py()))
    if not times:
        return
    every = pa.concat_arrays(times)
    times.clear()
    rows = max(1, len(every) * slice_bytes // max(1, size))
    for oldest, newest in _slices(every, rows):
        yield _slice(
            [each for each in groups if each.oldest <= newest and each.newest >= oldest], oldest, newest, check
        )


def read_groups(path: Path, columns: list[str], *, check: Callable[[], None]) -> Iterator[pa.Table]:
    """Yield the row groups of one segment as they are. Every page's checksum is verified.

    Args:
        check: called between row groups; may raise.

    Raises:
        SegmentError: the segment is damaged or has another schema.
        FileNotFoundError: it is gone.
    """
    with _opened(path) as file:
        for number in range(file.num_row_groups):
            check()
            yield _read(file, path, number, columns)


def _slices(times: pa.Int64Array, rows: int) -> list[tuple[int, int]]:
    """Cut time, newest first, so that about `rows` events lie in each part; both ends belong to it."""
    ordered = times.take(pc.array_sort_indices(times, order="descending"))
    oldest = ordered[-1].as_py()
    slices = []
    newest = ordered[0].as_py()
    for at in range(rows, len(ordered), rows):
        cut = ordered[at - 1].as_py()
        # Events of one instant stay together.
        if cut <= newest:
            slices.append((cut, newest))
            newest = cut - 1
    if newest >= oldest:
        slices.append((oldest, newest))
    return slices


def _slice(groups: Sequence[_Group], oldest: int, newest: int, check: Callable[[], None]) -> pa.Table:
    parts: list[pa.Table] = []
    with ExitStack() as opened:
        files: dict[Path, pq.ParquetFile] = {}
        for group in groups:
            check()
            if group.path not in files:
                opened.close()
                files = {group.path: opened.enter_context(_opened(group.path))}
            table = _read(files[group.path], group.path, group.number, None)
            if group.oldest < oldest or group.newest > newest:
                times = _times(table)
                table = table.filter(pc.and_(pc.greater_equal(times, oldest), pc.less_equal(times, newest)))
            parts.append(table)
    return in_order(pa.concat_tables(parts))


@contextmanager
def _opened(path: Path) -> Iterator[pq.ParquetFile]:
    with _naming(path), pq.ParquetFile(path, page_checksum_verification=True, memory_map=False) as file:
        if not file.schema_arrow.equals(SCHEMA):
            raise SegmentError("has other columns than this logtui writes, so it is not merged", str(path))
        yield file


def _read(file: pq.ParquetFile, path: Path, number: int, columns: list[str] | None) -> pa.Table:
    with _naming(path):
        table = file.read_row_group(number, columns=columns).replace_schema_metadata(None)
        # A damaged page header has no checksum: its column then comes out shorter than the others.
        table.validate()
        if table.num_rows != file.metadata.row_group(number).num_rows:
            raise SegmentError("is damaged: a row group has too few or too many rows", str(path))
        return table


def _times(table: pa.Table) -> pa.Int64Array:
    return table["event_time"].combine_chunks().cast(pa.int64())


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Translate what pyarrow raises about one file; it raises OSError for damage too, then without a number."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (pa.ArrowException, OSError) as error:
        number = getattr(error, "errno", None)
        why = reason(error) if isinstance(error, OSError) and number else str(error).strip().partition("\n")[0]
        what = "cannot be read" if number else "is damaged"
        raise SegmentError(f"{what}: {why}", str(path)) from error
