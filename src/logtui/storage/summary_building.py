"""Counts a segment while it is written. The only part of summaries that needs pyarrow."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from logtui.core.page import TimeRange
from logtui.core.query.flags import LATE_AFTER
from logtui.storage.sidecars import Identity, Kind, sealed
from logtui.storage.summary import (
    ANONYMOUS,
    COUNT,
    KIND_COLUMNS,
    KIND_PARTS,
    LATE,
    WIDTHS,
    EventKind,
    Grid,
    Summary,
    encoded,
    grid_of,
    packed,
)
from logtui.storage.tops import MOST_VALUES, TOP_COLUMNS, Top, encoded_top

MOST_KINDS = 2_048
"""Of one segment; where there are more, fewer columns make a kind."""
MOST_CELLS = 65_536
"""Counts in one grid. A finer one makes the summary larger than the time it saves is worth."""
MOST_TEXT = 256 * 1024
"""Characters that the kinds of a segment, or the values of a column, may take. What is longer is somebody's joke."""
_ROWS_AT_ONCE = 262_144
"""Counted together: fewer take longer in all, more take more memory."""


class SummaryBuilder:
    """Counts the row groups of one segment, which come one after the other. Used by one thread."""

    kind = Kind.SUMMARY
    columns = ("event_time", "ingested_at", *KIND_COLUMNS, *TOP_COLUMNS)

    def __init__(self) -> None:
        self._waiting: list[pa.Table] = []
        self._pieces: list[pa.Table] = []
        self._values: dict[str, list[pa.StructArray]] = {name: [] for name in TOP_COLUMNS}

    def add(self, group: pa.Table) -> None:
        """Take in some rows."""
        self._waiting.append(group.select(self.columns))
        if sum(each.num_rows for each in self._waiting) >= _ROWS_AT_ONCE:
            self._count()

    def summary(self) -> Summary:
        """Return the summary of all rows; there must be some."""
        self._count()
        table = pa.concat_tables(self._pieces).unify_dictionaries().combine_chunks()
        times = table["time"].combine_chunks()
        ends = pc.min_max(times)
        span = TimeRange(ends["min"].as_py(), ends["max"].as_py() + 1)
        kinds = _kinds(table)
        return Summary(
            table.num_rows,
            span,
            kinds.parts,
            *packed(kinds.kinds),
            kinds.counts,
            _grid(times, None, 1, span),
            _grid(times, kinds.rows, len(kinds.kinds), span) if kinds.kinds else None,
        )

    def tops(self) -> list[Top]:
        """Return the most frequent values of each of `TOP_COLUMNS`."""
        self._count()
        return [_top(counted) for counted in self._values.values()]

    def write(self, file: IO[bytes], about: Identity) -> None:
        """See `Builder.write`: the summary, then the most frequent values of each column, which few questions need."""
        try:
            bodies = [encoded(self.summary()), *map(encoded_top, self.tops())]
        except UnicodeDecodeError as error:
            raise pa.ArrowInvalid(f"a text is not UTF-8: {error}") from error
        for part, body in enumerate(bodies):
            file.write(sealed(self.kind, about, body, part))

    def _count(self) -> None:
        if not self._waiting:
            return
        table = pa.concat_tables(self._waiting)
        self._waiting.clear()
        self._pieces.append(_piece(table))
        for name, counted in self._values.items():
            counted.append(pc.value_counts(table[name]))


def _piece(table: pa.Table) -> pa.Table:
    """Return what of a table is counted, in little memory."""
    times = table["event_time"].cast(pa.int64())
    delays = pc.subtract(table["ingested_at"].cast(pa.int64()), times)
    columns = [table[name].combine_chunks().dictionary_encode() for name in KIND_COLUMNS]
    flags = [pc.is_null(table["actor"]), pc.coalesce(pc.greater(delays, LATE_AFTER), False)]
    return pa.table([*columns, *flags, times], [*KIND_PARTS, "time"])


@dataclass(frozen=True, slots=True)
class _Kinds:
    """The kinds of a segment, and of which each row is."""

    parts: tuple[str, ...] = ()
    kinds: tuple[EventKind, ...] = ()
    counts: array[int] = field(default_factory=lambda: array(COUNT))
    rows: pa.Array | None = None
    """The number of its kind, for each row."""


def _kinds(table: pa.Table) -> _Kinds:
    columns = {name: table[name].combine_chunks() for name in KIND_COLUMNS}
    names = [name for name, column in columns.items() if len(column.dictionary) < MOST_KINDS]
    while names:
        found = _kinds_of(table, {name: columns[name] for name in names})
        if found is not None:
            return found
        names.pop()
    return _Kinds()


def _kinds_of(table: pa.Table, columns: dict[str, pa.DictionaryArray]) -> _Kinds | None:
    """Return the kinds that these columns and the flags make, None if they are too many."""
    codes = pc.add(pc.multiply(_flag(table, ANONYMOUS), 2), _flag(table, LATE))
    for column in columns.values():
        # At most 4 * 2048 ** 5, which is far from the largest number there is.
        places = column.indices.cast(pa.int64()).fill_null(len(column.dictionary))
        codes = pc.add(pc.multiply(codes, len(column.dictionary) + 1), places)
    encoded = codes.dictionary_encode()
    if len(encoded.dictionary) > MOST_KINDS:
        return None
    values = {name: [*column.dictionary.to_pylist(), None] for name, column in columns.items()}
    kinds = tuple(_decoded(code, values) for code in encoded.dictionary.to_pylist())
    if sum(len(str(text)) for kind in kinds for text in kind.values()) > MOST_TEXT:
        return None
    counts = array(COUNT, bytes(8 * len(kinds)))
    for place, count in _counted(encoded.indices):
        counts[place] = count
    return _Kinds((*columns, ANONYMOUS, LATE), kinds, counts, encoded.indices)


def _flag(table: pa.Table, name: str) -> pa.Int64Array:
    return table[name].combine_chunks().cast(pa.int64())


def _decoded(code: int, values: dict[str, list[str | None]]) -> EventKind:
    kind: EventKind = {}
    for name, texts in reversed(values.items()):
        code, place = divmod(code, len(texts))
        kind[name] = texts[place]
    kind[ANONYMOUS], kind[LATE] = divmod(code, 2)
    return kind


def _grid(times: pa.Int64Array, rows: pa.Array | None, row_count: int, times_are: TimeRange) -> Grid | None:
    """Return the counts in the narrowest bins that do not make too many of them; None if all do."""
    first, end = times_are.start or 0, times_are.end or 0
    for width in WIDTHS:
        bins = (end - 1) // width - first // width + 1
        if bins * row_count <= min(MOST_CELLS, len(times)):
            break
    else:
        return None
    cells = pc.divide(pc.subtract(times, first // width * width), width)
    if rows is not None:
        cells = pc.add(pc.multiply(rows.cast(pa.int64()), bins), cells)
    counts = [0] * (bins * row_count)
    for cell, count in _counted(cells):
        counts[cell] = count
    return grid_of(width, first // width, bins, counts)


def _counted(numbers: pa.Array) -> Iterator[tuple[int, int]]:
    found = pc.value_counts(numbers)
    return zip(found.field("values").to_pylist(), found.field("counts").to_pylist(), strict=True)


def _top(counted: list[pa.StructArray]) -> Top:
    """Return the most frequent values among those of all tables."""
    found = pa.table({"value": pa.chunked_array([each.field("values") for each in counted]),
                      "count": pa.chunked_array([each.field("counts") for each in counted])})  # fmt: skip
    if len(counted) > 1:
        found = found.group_by("value").aggregate([("count", "sum")]).rename_columns(["value", "count"])
    is_null = pc.is_null(found["value"])
    nulls = pc.sum(found["count"].filter(is_null)).as_py() or 0
    found = found.filter(pc.invert(is_null))
    most_other = 0
    if found.num_rows > MOST_VALUES:
        order = [("count", "descending")]
        chosen = found.take(pc.select_k_unstable(found, k=MOST_VALUES + 1, sort_keys=order))
        most_other = chosen["count"][-1].as_py()
        found = chosen.slice(0, MOST_VALUES)
    pairs = sorted(zip(found["value"].to_pylist(), found["count"].to_pylist(), strict=True), key=_by_count)
    fitting = sum(length <= MOST_TEXT for length in accumulate(len(value) for value, _ in pairs))
    if fitting < len(pairs):
        most_other = pairs[fitting][1]
    return Top.of(nulls, pairs[:fitting], most_other)


def _by_count(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
