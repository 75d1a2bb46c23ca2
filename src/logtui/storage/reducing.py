"""Taking most events out of a day: those that stay become one segment, which replaces the others at once.

The way of compaction: the new segment's side file names what it replaces, so that the moment the segment has its name,
readers see it alone. Its inputs are moved to the trash afterwards, never deleted here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from logtui.core.errors import StoreError
from logtui.core.event import Event
from logtui.storage.arrow_schema import table_of
from logtui.storage.control_files import flush_directory
from logtui.storage.partitions import left_name, replaces_name
from logtui.storage.publishing import TargetExistsError, as_store_error, flush, publish, staged
from logtui.storage.segment_layout import SegmentFile, in_order
from logtui.storage.sidecar_kinds import sidecars_for
from logtui.storage.sidecars import Identity, remove_sidecars


def publish_left(root: Path, partition: str, run: str, events: Iterable[Sequence[Event]], inputs: Sequence[str]) -> int:
    """Publish the events that stay, in place of the segments `inputs`; return how many there are.

    With no event nothing is published.

    Raises:
        StoreError: it could not be written; the day is as it was.
    """
    tables = [table_of(part) for part in events if part]
    if not tables:
        return 0
    table = in_order(pa.concat_tables(tables))
    target = root / partition / left_name(run)
    side = target.with_name(replaces_name(target.name))
    sidecars = sidecars_for(table.num_rows)
    with as_store_error(f"cannot write {target}"), staged(root) as temporary, staged(root) as note:
        with SegmentFile(temporary, target.name.removesuffix(".parquet"), table.num_rows, sidecars=sidecars) as file:
            file.write(table)
        flush(temporary)
        if pq.read_metadata(temporary).num_rows != table.num_rows:
            raise StoreError(f"{temporary}: what was written does not read back; check the disk")
        note.write_text(json.dumps({"inputs": list(inputs), "rows": table.num_rows}), "utf-8")
        flush(note)
        note.rename(side)
        flush_directory(target.parent)
        about = Identity(table.num_rows, temporary.stat().st_size)
        with (
            suppress(TargetExistsError),
            sidecars.published(root, f"{partition}/{target.name}", about, flush),
        ):
            publish(temporary, target, flush)
    return int(table.num_rows)


def is_committed(root: Path, partition: str, run: str) -> bool:
    """Tell whether a run's segment has taken the place of the others."""
    return (root / partition / left_name(run)).exists()


def remove_side_file(root: Path, partition: str, run: str) -> None:
    """Remove the side file, once the inputs are gone or if the segment was never published."""
    with suppress(FileNotFoundError):
        (root / partition / replaces_name(left_name(run))).unlink()
        flush_directory(root / partition)


def write_side_file(root: Path, partition: str, run: str, inputs: Sequence[str]) -> None:
    """Name again what the segment replaces, before its inputs come back beside it."""
    side = root / partition / replaces_name(left_name(run))
    with as_store_error(f"cannot write {side}"), staged(root) as note:
        note.write_text(json.dumps({"inputs": list(inputs)}), "utf-8")
        flush(note)
        note.rename(side)
        flush_directory(side.parent)


def remove_left(root: Path, partition: str, run: str) -> None:
    """Remove the segment itself: at this moment the inputs beside it are read again."""
    with suppress(FileNotFoundError):
        (root / partition / left_name(run)).unlink()
    remove_sidecars(root, [f"{partition}/{left_name(run)}"])
    flush_directory(root / partition)
