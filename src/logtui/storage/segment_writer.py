"""Writes segments: the layout that makes reading fast, and the publishing that keeps a store whole.

Publishing is: write under `.logtui/tmp`, flush to the disk, read the footer back, link under the final name, flush the
directory. Linking never replaces a file. A process that dies anywhere in between leaves the whole segment or nothing
of it; a call that returns has made it durable. Each flush is load-bearing, and a failed one is never repeated on the
same file: the kernel may have dropped the pages, and the second flush would then succeed without them.
"""

from __future__ import annotations

import json
import os
import stat
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from logtui import __version__
from logtui.core.clock import DAY
from logtui.core.columns import COLUMNS, Kind
from logtui.core.errors import StoreError
from logtui.core.event import SCHEMA_VERSION, Event
from logtui.core.times import day_start
from logtui.storage.arrow_schema import SCHEMA, table_of
from logtui.storage.marker import FORMAT, marker_path, read_marker
from logtui.storage.partitions import CONTROL_DIRECTORY, partition_name, published_name

ROW_GROUP_ROWS = 16_384
PAGE_ROWS = 2_048
"""A page of a column is decompressed whole, so small ones make the newest events cheap: two thirds of the time for one
percent more bytes."""
BLOOM_FALSE_POSITIVES = 0.01
METADATA_PREFIX = "logtui."
"""Before the keys `schema_version`, `batch`, `writer` and `rows` in a segment's key-value metadata."""

_DICTIONARY_COLUMNS = [column.name for column in COLUMNS if column.kind is Kind.NAME]
_BLOOM_COLUMNS = [column.name for column in COLUMNS if column.has_bloom]
_ORDER = [("event_time", "descending"), ("event_id", "descending")]
_FILE_MODE = 0o640
_DIRECTORY_MODE = 0o750


class SegmentExistsError(StoreError):
    """A segment of this name is there already; nothing was written."""


@dataclass(frozen=True, slots=True)
class SegmentWriter:
    """The `SegmentSink` of a store on this machine."""

    store: Path
    is_durable: bool = True
    """False for throw-away stores: nothing is flushed, which a power cut, but no crash of a process, can tell."""

    def publish(self, day: str, events: Sequence[Event] | pa.Table, *, name: str | None = None) -> Path:
        """See `write_segment`."""
        return write_segment(self.store, day, events, name=name, is_durable=self.is_durable)


def init_store(root: Path) -> None:
    """Make `root` a store: the directory if it is missing (its parent is not made), and the marker in it.

    A store is left as it is.

    Raises:
        StoreError: the place cannot be written to.
    """
    with _as_store_error(f"cannot make a store in {root}"):
        with suppress(FileExistsError):
            root.mkdir(_DIRECTORY_MODE)
            _flush(root.parent)
        staging = _staging(root)
        staging.mkdir(_DIRECTORY_MODE, parents=True, exist_ok=True)
        marker = marker_path(root)
        if not marker.exists():
            content = json.dumps({"format": FORMAT, "uuid": str(uuid.uuid4())}).encode() + b"\n"
            with _staged(root) as temporary:
                temporary.write_bytes(content)
                _flush(temporary)
                with suppress(FileExistsError):
                    os.link(temporary, marker)
        _flush(marker.parent)
        _flush(root)


def write_segment(
    root: Path, day: str, events: Sequence[Event] | pa.Table, *, name: str | None = None, is_durable: bool = True
) -> Path:
    """Publish one segment and return its path; once this returns, it survives a power cut.

    Args:
        root: a store that `init_store` made.
        day: the UTC day of every event, `YYYY-MM-DD`.
        events: events, or a table of `SCHEMA`, in any order.
        name: the batch's name; a second one of the same name is refused. None makes one up.
        is_durable: see `SegmentWriter.is_durable`.

    Raises:
        SegmentExistsError: the batch was published before.
        StoreError: it could not be written; nothing of it is visible.
        ValueError: an event lies on another day, or lacks a required column.
    """
    batch = uuid.uuid4().hex if name is None else name
    target = root / partition_name(day) / published_name(batch)
    table = _in_order(_checked(events if isinstance(events, pa.Table) else table_of(events), day))
    _require_store(root)
    flush = _flush if is_durable else _leave_to_system
    with _as_store_error(f"cannot write {target}"), _staged(root) as temporary:
        _write_parquet(temporary, table, batch, flush)
        if pq.read_metadata(temporary).num_rows != table.num_rows:
            raise StoreError(f"{temporary}: what was written does not read back; check the disk")
        _publish(temporary, target, flush)
    return target


def _checked(table: pa.Table, day: str) -> pa.Table:
    if not table.schema.equals(SCHEMA):
        raise ValueError("the table does not have the schema of events")
    if table.num_rows == 0:
        raise ValueError("a segment needs at least one event")
    for field in SCHEMA:
        if not field.nullable and table[field.name].null_count:
            raise ValueError(f"every event needs its {field.name}")
    start = day_start(day)
    times = pc.min_max(table["event_time"].cast(pa.int64())).as_py()
    if not start <= times["min"] <= times["max"] < start + DAY:
        raise ValueError(f"an event does not lie on {day} (UTC)")
    return table


def _in_order(table: pa.Table) -> pa.Table:
    """Return the rows newest first; rows that are in order already are not copied."""
    times = table["event_time"]
    newer, older = times.slice(0, table.num_rows - 1), times.slice(1)
    if table.num_rows < 2 or pc.all(pc.greater(newer, older)).as_py():
        return table
    keys = table.select([column for column, _ in _ORDER])
    return table.take(pc.sort_indices(keys, sort_keys=_ORDER))


def _write_parquet(path: Path, table: pa.Table, batch: str, flush: Callable[[Path], None]) -> None:
    metadata = {"schema_version": SCHEMA_VERSION, "batch": batch, "writer": f"logtui {__version__}"}
    metadata["rows"] = table.num_rows
    distinct = min(table.num_rows, ROW_GROUP_ROWS)
    with path.open("r+b") as file:
        pq.write_table(
            table.replace_schema_metadata({METADATA_PREFIX + key: str(value) for key, value in metadata.items()}),
            file,
            compression="zstd",
            row_group_size=ROW_GROUP_ROWS,
            max_rows_per_page=PAGE_ROWS,
            use_dictionary=_DICTIONARY_COLUMNS,
            sorting_columns=pq.SortingColumn.from_ordering(SCHEMA, _ORDER),
            bloom_filter_options={name: {"ndv": distinct, "fpp": BLOOM_FALSE_POSITIVES} for name in _BLOOM_COLUMNS},
            write_page_checksum=True,
        )
    flush(path)


def _publish(temporary: Path, target: Path, flush: Callable[[Path], None]) -> None:
    partition = target.parent
    with suppress(FileExistsError):
        partition.mkdir(_DIRECTORY_MODE)
    if not stat.S_ISDIR(partition.lstat().st_mode):
        raise StoreError(f"{partition}: not a directory; move it away")
    # Also when the directory was there: its maker may have died before it was flushed.
    flush(partition.parent)
    try:
        os.link(temporary, target, follow_symlinks=False)
    except FileExistsError as error:
        raise SegmentExistsError(f"{target}: this batch was published before; nothing was written") from error
    try:
        flush(partition)
        # Retention may have moved the partition away between the two lines; the link then went with it.
        if not target.samefile(temporary):
            raise StoreError(f"{target}: another file took its place while it was written; write again")
    except BaseException:
        with suppress(OSError):
            target.unlink()
        raise


@contextmanager
def _staged(root: Path) -> Iterator[Path]:
    """Give the path of a new, empty file in the staging directory, and remove it in the end.

    Its suffix keeps it out of every `*.parquet` glob that other tools may use.
    """
    staging = _staging(root)
    staging.mkdir(_DIRECTORY_MODE, exist_ok=True)
    path = staging / f"{uuid.uuid4().hex}.tmp"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE))
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink()


def _staging(root: Path) -> Path:
    return root / CONTROL_DIRECTORY / "tmp"


def _require_store(root: Path) -> None:
    try:
        marker = read_marker(root)
    except PermissionError as error:
        raise StoreError(f"{marker_path(root)}: no permission to read it; nothing is written into the store") from error
    if marker is None:
        raise StoreError(f"{root}: not a store that logtui made; nothing is written into it")


def _flush(path: Path) -> None:
    """Bring a file or the names in a directory to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _leave_to_system(path: Path) -> None:
    """Flush nothing."""


@contextmanager
def _as_store_error(doing: str) -> Iterator[None]:
    """Translate what the system and pyarrow raise."""
    try:
        yield
    except pa.ArrowException as error:
        raise StoreError(f"{doing}: {error}") from error
    except OSError as error:
        raise StoreError(f"{doing}: {(error.strerror or str(error)).lower()}") from error
