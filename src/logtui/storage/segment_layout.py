"""How a segment looks inside: order, row groups, pages, encodings, filters, checksums, metadata.

One place, because published and compacted segments must read alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from logtui import __version__
from logtui.core.columns import COLUMNS, Kind
from logtui.core.event import SCHEMA_VERSION
from logtui.storage.arrow_schema import SCHEMA
from logtui.storage.sidecar_writing import Sidecars

ROW_GROUP_ROWS = 16_384
ROW_GROUP_BYTES = 32 * 1024 * 1024
"""Of payload, before compression. Readers decode 2,048 values of one row group at once, so where payloads are large,
fewer of them are put into one."""
PAGE_ROWS = 2_048
"""A page of a column is decompressed whole, so small ones make the newest events cheap: two thirds of the time for one
percent more bytes."""
BLOOM_FALSE_POSITIVES = 0.01
METADATA_PREFIX = "logtui."
"""Before the keys `schema_version`, `batch`, `writer` and `rows` in a segment's key-value metadata."""

_DICTIONARY_COLUMNS = [column.name for column in COLUMNS if column.kind is Kind.NAME]
_BLOOM_COLUMNS = [column.name for column in COLUMNS if column.has_bloom]
_ORDER = [("event_time", "descending"), ("event_id", "descending")]


class SegmentFile:
    """A Parquet file that is being written. Rows come newest first, in any number of pieces.

    Not flushed: that is the caller's, after it is closed.
    """

    def __init__(
        self, path: Path, batch: str, rows: int, more: Mapping[str, str] | None = None, *, sidecars: Sidecars
    ) -> None:
        metadata = {"schema_version": SCHEMA_VERSION, "batch": batch, "writer": f"logtui {__version__}", "rows": rows}
        # Arrow's own: each write to a file of Python's waits for Python's lock, which a reader of text is holding.
        self._file = pa.OSFile(str(path), "wb")
        self._rest = SCHEMA.empty_table()
        self._sidecars = sidecars
        distinct = max(1, min(rows, ROW_GROUP_ROWS))
        try:
            self._writer = pq.ParquetWriter(
                self._file,
                SCHEMA.with_metadata({METADATA_PREFIX + key: str(value) for key, value in metadata.items()}),
                compression="zstd",
                max_rows_per_page=PAGE_ROWS,
                use_dictionary=_DICTIONARY_COLUMNS,
                sorting_columns=pq.SortingColumn.from_ordering(SCHEMA, _ORDER),
                bloom_filter_options={name: {"ndv": distinct, "fpp": BLOOM_FALSE_POSITIVES} for name in _BLOOM_COLUMNS},
                write_page_checksum=True,
            )
            # Not in the schema's metadata, which Arrow stores a second time.
            self._writer.add_key_value_metadata({METADATA_PREFIX + key: text for key, text in (more or {}).items()})
        except BaseException:
            self._file.close()
            raise

    def write(self, table: pa.Table) -> None:
        """Write the rows of a table of `SCHEMA` that follow those before; the last ones wait for a full row group."""
        *full, self._rest = row_groups(pa.concat_tables([self._rest, table]))
        for group in full:
            self._write_group(group)

    def close(self) -> None:
        """Write what waits, and the footer."""
        try:
            try:
                if self._rest.num_rows:
                    self._write_group(self._rest)
            finally:
                self._writer.close()
        finally:
            self._file.close()

    def _write_group(self, group: pa.Table) -> None:
        with self._sidecars.adding(group):
            self._writer.write_table(group, row_group_size=group.num_rows)

    def __enter__(self) -> SegmentFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        if error is None:
            self.close()
            return
        self._rest = SCHEMA.empty_table()
        # The first error is the one that tells why.
        with suppress(OSError, pa.ArrowException):
            self.close()


def in_order(table: pa.Table) -> pa.Table:
    """Return the rows newest first; rows that are in order already are not copied."""
    return table if is_newest_first(table) else table.take(order_of(table))


def is_newest_first(table: pa.Table) -> bool:
    """Tell whether the rows are in a segment's order."""
    if table.num_rows < 2:
        return True
    times = table["event_time"].combine_chunks()
    newer, older = times[:-1], times[1:]
    if pc.all(pc.greater(newer, older)).as_py():
        return True
    if pc.any(pc.less(newer, older)).as_py():
        return False
    ids = table["event_id"].combine_chunks()
    return bool(pc.all(pc.or_(pc.greater(newer, older), pc.greater_equal(ids[:-1], ids[1:]))).as_py())


def order_of(table: pa.Table) -> pa.UInt64Array:
    """Return the places of the rows, newest first."""
    return pc.sort_indices(table.select([column for column, _ in _ORDER]), sort_keys=_ORDER)


def row_groups(table: pa.Table) -> Iterator[pa.Table]:
    """Cut a table into what one row group holds: by rows, and where payloads are large, by their bytes."""
    if table.num_rows == 0:
        yield table
    start = 0
    while start < table.num_rows:
        group = table.slice(start, ROW_GROUP_ROWS)
        if group["payload"].nbytes > ROW_GROUP_BYTES:
            group = group.slice(0, _rows_that_fit(group["payload"]))
        yield group
        start += group.num_rows


def _rows_that_fit(payloads: pa.ChunkedArray) -> int:
    lengths = pc.cast(pc.binary_length(payloads), pa.int64())
    # The rows whose sum is within the bound; one that is larger by itself has a row group of its own.
    fitting = pc.sum(pc.less_equal(pc.cumulative_sum(lengths), ROW_GROUP_BYTES)).as_py()
    return max(1, fitting or 0)
