"""Merges segments of a partition, so that no reader ever sees an event twice or misses one.

The order is what makes it so. The merged segment is staged and flushed; its side file, which names the inputs, is
published and flushed; then the segment gets its name, which is the one moment of change: readers that list the
directory before see the inputs, those that list it after see the merged segment and, by the side file, no inputs. The
inputs stay for a grace period, for readers that listed before; then they go, then the side file.

A process may die anywhere: a side file without its segment was never committed and is removed; one with its segment
is finished by whoever comes next.
"""

from __future__ import annotations

import json
import shutil
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, Clock
from logtui.core.errors import StoreError
from logtui.core.page import Problem
from logtui.core.times import day_start
from logtui.storage.compactor import DayState, Mergeable, Merged, Unfinished
from logtui.storage.day_state import day_state, with_damaged_side_files
from logtui.storage.late_changes import record_compaction
from logtui.storage.lineage import lineage_metadata, lineage_of
from logtui.storage.listing import Contents, Directory
from logtui.storage.locks import MAINTENANCE, day_lock, holding, require_file_system
from logtui.storage.merging import merged
from logtui.storage.own_listing import OwnListing
from logtui.storage.partitions import (
    compacted_name,
    is_left,
    is_replaces,
    is_segment,
    partition_day,
    partition_name,
    replaces_name,
)
from logtui.storage.publishing import as_store_error, flush, publish, require_store, staged, sweep_staging
from logtui.storage.segment_layout import SegmentFile
from logtui.storage.sidecar_keeping import sweep_orphans
from logtui.storage.sidecar_kinds import lacking, make_lacking, sidecars_for
from logtui.storage.sidecar_writing import Sidecars
from logtui.storage.sidecars import Identity, remove_sidecars

_FREE_SPACE = 1.2
"""Times the size of the inputs, that must be free on the disk."""


class LocalCompactor:
    """The `Compactor` of a store on this machine."""

    def __init__(self, store: Path, *, clock: Clock) -> None:
        """Open a store that was made before.

        Raises:
            StoreError: it is no store, or its file system cannot keep one whole.
        """
        require_store(store)
        require_file_system(store)
        self._store = store
        self._clock = clock
        self._listing = OwnListing(store.resolve())
        self._seen: dict[str, int] = {}
        """Unfinished merges, and when they were first seen, in nanoseconds of a clock that nobody sets."""
        self._looks: dict[str, tuple[Contents, DayState]] = {}

    @contextmanager
    def maintaining(self) -> Iterator[None]:
        """See `Compactor.maintaining`."""
        with holding(self._store, MAINTENANCE, is_patient=False):
            yield

    def recover(self) -> None:
        """See `Compactor.recover`."""
        sweep_staging(self._store)
        sweep_orphans(self._store)
        for day in self.days():
            partition = self._partition(day)
            for side_file in _side_files(partition):
                if not side_file.with_suffix(".parquet").exists():
                    with as_store_error(f"cannot remove {side_file}"):
                        # Whatever took the segment's name back must be on the disk before the side file goes.
                        flush(partition)
                        side_file.unlink(missing_ok=True)

    def days(self) -> Sequence[str]:
        """See `Compactor.days`."""
        days = [partition_day(each.name) for each in self._listing.directories()]
        return [day for day in days if day is not None]

    def look(self, day: str) -> DayState:
        """See `Compactor.look`."""
        contents = self._listing.contents(self._directory(day))
        known = self._looks.get(day)
        if known is None or known[0] is not contents:
            state = day_state(day, contents)
            unindexed = (
                each.name
                for each in state.segments
                if lacking(self._store, f"{partition_name(day)}/{each.name}", Identity(each.rows, each.size))
            )
            known = self._looks[day] = contents, replace(state, unindexed=tuple(unindexed))
        return known[1]

    def merge(
        self, day: str, inputs: Sequence[Mergeable], *, token: CancelToken, tell_rows: Callable[[int], None]
    ) -> Merged | None:
        """See `Compactor.merge`."""
        partition = self._partition(day)
        live = {Path(each.path).name for each in self._listing.contents(self._directory(day)).segments}
        if not live.issuperset(each.name for each in inputs):
            return None
        size = sum(each.size for each in inputs)
        self._require_space(size)
        batch = f"{self._clock():020d}-{uuid.uuid4().hex[:8]}"
        target = partition / compacted_name(batch)
        rows = sum(each.rows for each in inputs)
        paths = [partition / each.name for each in inputs]
        try:
            with as_store_error(f"cannot write {target}"), staged(self._store) as temporary:
                sidecars = sidecars_for(rows)
                self._write(temporary, batch, paths, rows, token, tell_rows, sidecars)
                size_after = temporary.stat().st_size
                about = Identity(rows, size_after)
                with sidecars.published(self._store, f"{partition.name}/{target.name}", about, flush):
                    self._commit(temporary, target, [each.name for each in inputs], rows)
            self._record(day, target.name, [each.name for each in inputs])
        except _GoneError:
            return None
        return Merged(day, target.name, rows, len(inputs), size, size_after)

    def index(self, day: str, name: str, *, token: CancelToken) -> bool:
        """See `Compactor.index`."""
        self._looks.pop(day, None)
        try:
            return make_lacking(self._store, f"{partition_name(day)}/{name}", check=token.check)
        except FileNotFoundError:
            return True

    def unfinished(self) -> tuple[Unfinished, ...]:
        """See `Compactor.unfinished`."""
        found = []
        for day in self.days():
            contents = self._listing.contents(self._directory(day))
            damaged = with_damaged_side_files(contents)
            names = damaged.union(Path(each).name for each in contents.inputs)
            for name in sorted(name for name in names if not is_left(name)):
                with suppress(FileNotFoundError):
                    found.append(Unfinished(day, name, self._age(self._partition(day) / name)))
        return tuple(found)

    def finish(self, merge: Unfinished) -> Problem | None:
        """See `Compactor.finish`."""
        segment = self._partition(merge.day) / merge.name
        side_file = segment.with_name(replaces_name(merge.name))
        try:
            inputs = _reliable_inputs(segment, side_file)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
            why = f"cannot be relied on, so the segments that it replaces are kept: {error}"
            return Problem(f"{segment.parent.name}/{merge.name}", why)
        # Also done by `merge`, but it may have been cut off before it came to that.
        self._record(merge.day, merge.name, inputs)
        with as_store_error(f"cannot remove what {segment} replaces"):
            for name in inputs:
                segment.with_name(name).unlink(missing_ok=True)
            flush(segment.parent)
            side_file.unlink(missing_ok=True)
        remove_sidecars(self._store, [f"{segment.parent.name}/{name}" for name in inputs])
        self._seen.pop(merge.name, None)
        return None

    def _write(
        self,
        path: Path,
        batch: str,
        inputs: Sequence[Path],
        rows: int,
        token: CancelToken,
        tell: Callable[[int], None],
        sidecars: Sidecars,
    ) -> None:
        written = 0
        with SegmentFile(path, batch, rows, lineage_metadata(inputs), sidecars=sidecars) as file:
            for table in _merged(inputs, token):
                file.write(table)
                written += table.num_rows
                tell(table.num_rows)
        flush(path)
        if written != rows or pq.read_metadata(path).num_rows != rows:
            raise StoreError(f"{path}: {written:,} events came out of {rows:,}; nothing was changed")

    def _commit(self, temporary: Path, target: Path, inputs: Sequence[str], rows: int) -> None:
        with staged(self._store) as side_file:
            side_file.write_text(json.dumps({"inputs": list(inputs), "rows": rows}), "utf-8")
            flush(side_file)
            publish(side_file, target.with_name(replaces_name(target.name)), flush)
        publish(temporary, target, flush)

    def _record(self, day: str, name: str, inputs: Sequence[str]) -> None:
        """Tell the ledger, if the day is sealed; writers do so for the same day."""
        with holding(self._store, day_lock(day_start(day) // DAY)):
            record_compaction(self._store, day, [name], inputs, clock=self._clock)

    def _require_space(self, size: int) -> None:
        needed = int(size * _FREE_SPACE)
        free = shutil.disk_usage(self._store).free
        if free < needed:
            raise StoreError(f"{self._store}: merging needs {needed:,} free bytes, {free:,} are there; free some space")

    def _age(self, segment: Path) -> int:
        """Return how long ago a segment got its name; at least since it was first seen, if the clock was set back."""
        seen_at = self._seen.setdefault(segment.name, time.monotonic_ns())
        named_at = segment.lstat().st_ctime_ns // 1000
        return max(self._clock() - named_at, (time.monotonic_ns() - seen_at) // 1000)

    def _partition(self, day: str) -> Path:
        return self._store / partition_name(day)

    def _directory(self, day: str) -> Directory:
        (directory,) = self._listing.directories_of(f"{self._listing.root}/{partition_name(day)}") or ()
        return directory


class _GoneError(Exception):
    """An input is gone."""


def _merged(inputs: Sequence[Path], token: CancelToken) -> Iterator[pa.Table]:
    try:
        yield from merged(inputs, check=token.check)
    except FileNotFoundError as error:
        raise _GoneError from error


def _side_files(partition: Path) -> list[Path]:
    with as_store_error(f"{partition} cannot be listed"):
        try:
            return [path for path in partition.iterdir() if is_replaces(path.name)]
        except FileNotFoundError:
            return []


def _reliable_inputs(segment: Path, side_file: Path) -> list[str]:
    """Return what a merged segment replaces, once it is certain that it does.

    Raises:
        FileNotFoundError: the side file or the segment is gone.
        OSError, ValueError, KeyError, TypeError, ArrowException: it is not certain.
    """
    metadata = pq.read_metadata(segment)
    try:
        said = json.loads(side_file.read_text("utf-8"))
        inputs, rows = said["inputs"], said["rows"]
    except ValueError:
        # It is damaged, but the segment itself knows.
        inputs, rows = list(lineage_of(metadata)), metadata.num_rows
    if not inputs or not all(is_segment(name) and name != segment.name for name in inputs):
        raise ValueError(f"{side_file.name} names files that are no segments")
    if metadata.num_rows != rows:
        raise ValueError(f"it has {metadata.num_rows:,} events in place of {rows:,}")
    return list(inputs)
