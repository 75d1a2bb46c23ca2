"""Writes segments: the layout that makes reading fast, published so that a store stays whole.

A segment is staged, flushed to the disk, read back at its footer, then published (`publishing`). A process that dies
anywhere in between leaves the whole segment or nothing of it; a call that returns has made it durable.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.core.times import day_start
from logtui.storage.arrow_schema import SCHEMA, table_of
from logtui.storage.marker import FORMAT, marker_path
from logtui.storage.partitions import partition_name, published_name
from logtui.storage.publishing import (
    DIRECTORY_MODE,
    TargetExistsError,
    as_store_error,
    flush,
    leave_to_system,
    publish,
    require_store,
    staged,
    staging_directory,
)
from logtui.storage.segment_layout import ROW_GROUP_ROWS, SegmentFile, in_order
from logtui.storage.sidecar_kinds import sidecars_for
from logtui.storage.sidecars import LEAST_ROWS, Identity, Kind

__all__ = ["ROW_GROUP_ROWS", "SegmentExistsError", "SegmentWriter", "init_store", "write_segment"]


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
    with as_store_error(f"cannot make a store in {root}"):
        with suppress(FileExistsError):
            root.mkdir(DIRECTORY_MODE)
            flush(root.parent)
        staging = staging_directory(root)
        staging.mkdir(DIRECTORY_MODE, parents=True, exist_ok=True)
        marker = marker_path(root)
        if not marker.exists():
            content = json.dumps({"format": FORMAT, "uuid": str(uuid.uuid4())}).encode() + b"\n"
            with staged(root) as temporary:
                temporary.write_bytes(content)
                flush(temporary)
                with suppress(FileExistsError):
                    os.link(temporary, marker)
        flush(marker.parent)
        flush(root)


def write_segment(
    root: Path,
    day: str,
    events: Sequence[Event] | pa.Table,
    *,
    name: str | None = None,
    is_durable: bool = True,
    sidecars: Collection[Kind] = tuple(Kind),
) -> Path:
    """Publish one segment and return its path; once this returns, it survives a power cut.

    Args:
        root: a store that `init_store` made.
        day: the UTC day of every event, `YYYY-MM-DD`.
        events: events, or a table of `SCHEMA`, in any order.
        name: the batch's name; a second one of the same name is refused. None makes one up.
        is_durable: see `SegmentWriter.is_durable`.
        sidecars: which to make, if a segment of its size gets any.

    Raises:
        SegmentExistsError: the batch was published before.
        StoreError: it could not be written; nothing of it is visible.
        ValueError: an event lies on another day, or lacks a required column.
    """
    batch = uuid.uuid4().hex if name is None else name
    target = root / partition_name(day) / published_name(batch)
    table = in_order(_checked(events if isinstance(events, pa.Table) else table_of(events), day))
    require_store(root)
    bring_to_disk = flush if is_durable else leave_to_system
    made = sidecars_for(table.num_rows, LEAST_ROWS, sidecars)
    with as_store_error(f"cannot write {target}"), staged(root) as temporary:
        with SegmentFile(temporary, batch, table.num_rows, sidecars=made) as file:
            file.write(table)
        bring_to_disk(temporary)
        if pq.read_metadata(temporary).num_rows != table.num_rows:
            raise StoreError(f"{temporary}: what was written does not read back; check the disk")
        about = Identity(table.num_rows, temporary.stat().st_size)
        try:
            with made.published(root, f"{target.parent.name}/{target.name}", about, bring_to_disk):
                publish(temporary, target, bring_to_disk)
        except TargetExistsError as error:
            raise SegmentExistsError(f"{target}: this batch was published before; nothing was written") from error
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
