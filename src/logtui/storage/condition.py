"""Looks a store over for `logtui doctor`: files, footers, leftovers, permissions, the disk. Changes nothing."""

from __future__ import annotations

import fcntl
import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.condition import Access, Condition, Disk, Leftover, PartitionCondition, SegmentTimes
from logtui.core.errors import SegmentError
from logtui.core.page import ALL_TIME
from logtui.storage.file_times import time_range
from logtui.storage.footers import group_ranges, read_footer
from logtui.storage.inventory import Candidate, Inventory
from logtui.storage.listing import Directory, Listing, Segment, open_listing
from logtui.storage.mapping import match_columns
from logtui.storage.mounts import file_system
from logtui.storage.partitions import CONTROL_DIRECTORY, is_replaces
from logtui.storage.sidecar_keeping import orphans
from logtui.storage.sidecars import Identity
from logtui.storage.thrift import ThriftError
from logtui.storage.views import Snapshot

SMALL = 8 * 1024 * 1024
"""A segment below this size costs more to open than to read."""
_MOST_TIMED = 400
"""Segments whose times are looked at, newest days first: a wrong clock shows there, and their footers take a while."""

Told = Callable[[int, int], None]
"""Told how many directories of how many were looked at."""


def condition_of(store: Path, mapping: Mapping[str, str], *, token: CancelToken, told: Told) -> Condition:
    """Look at every directory and every footer of a store.

    Raises:
        StoreError: there is no store, or it may not be read at all.
        Cancelled: the token was cancelled.
    """
    listing = open_listing(store)
    inventory = Inventory(listing, mapping)
    snapshot = Snapshot(inventory)
    directories = list(snapshot.directories())
    partitions: list[PartitionCondition] = []
    timed: list[Segment] = []
    for count, directory in enumerate(directories):
        token.check()
        told(count, len(directories))
        segments = snapshot.contents(directory).segments
        unindexed = _unindexed(listing, snapshot.within(directory, ALL_TIME))
        partitions.append(replace(_partition(directory, segments), unindexed=tuple(unindexed)))
        timed.extend(segments[: _MOST_TIMED - len(timed)])
    root = Path(listing.root)
    control = root / CONTROL_DIRECTORY
    return Condition(
        listing.root,
        listing.is_own,
        inventory.problems(),
        tuple(each for each in partitions if each.segments or each.unfinished),
        tuple(_times(timed, mapping)),
        tuple(_leftovers(control / "tmp", root)),
        tuple(_leftovers(control / "rejects", root)),
        tuple(_orphans(root)) if listing.is_own else (),
        tuple(_access(root, directories)),
        _disk(root),
    )


def _partition(directory: Directory, segments: Iterable[Segment]) -> PartitionCondition:
    sizes = [segment.size for segment in segments]
    small = sum(size < SMALL for size in sizes)
    return PartitionCondition(directory.name, len(sizes), sum(sizes), small, tuple(_unfinished(directory)))


def _unindexed(listing: Listing, candidates: Iterable[Candidate]) -> Iterator[str]:
    # Here, because it knows what writes segments, which takes long to import.
    from logtui.storage.sidecar_kinds import lacking

    for candidate in candidates if listing.is_own else ():
        segment = candidate.segment
        is_ours = candidate.facts.shape.match.is_canonical
        if is_ours and lacking(listing.root, segment.name, Identity(candidate.facts.rows, segment.size)):
            yield segment.name


def _orphans(root: Path) -> Iterator[Leftover]:
    now = time.time()
    for orphan in orphans(root, now=now):
        yield Leftover(orphan.path, orphan.size, int((now - orphan.age) * 1_000_000))


def _unfinished(directory: Directory) -> Iterator[Leftover]:
    for entry in _entries(Path(directory.path)):
        if is_replaces(entry.name):
            yield from _leftover(entry, f"{directory.name}/{entry.name}")


def _leftovers(directory: Path, root: Path) -> Iterator[Leftover]:
    for entry in _entries(directory):
        yield from _leftover(entry, str(Path(entry.path).relative_to(root)))


def _leftover(entry: os.DirEntry[str], name: str) -> Iterator[Leftover]:
    try:
        state = entry.stat(follow_symlinks=False)
    except OSError:
        return
    if stat.S_ISREG(state.st_mode):
        yield Leftover(name, state.st_size, state.st_mtime_ns // 1000, _is_held(entry.path))


def _is_held(path: str) -> bool:
    """Tell whether a process holds a lock on a file. Its own lock, if it gets one, ends with the look."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    else:
        return False
    finally:
        os.close(handle)


def _entries(directory: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(directory) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        # One that cannot be listed is among the store's problems already, or is not there.
        return []


def _times(segments: Iterable[Segment], mapping: Mapping[str, str]) -> Iterator[SegmentTimes]:
    for segment in segments:
        try:
            footer = read_footer(segment.path)
            match = match_columns(footer.columns, mapping)
            latest: list[int | None] = []
            for name in ("event_time", "ingested_at"):
                column = match.source(name)
                groups = () if column is None else group_ranges(footer, column)
                ends = [time_range(column, group).end for group in groups if column is not None]
                latest.append(max((end - 1 for end in ends if end is not None), default=None))
        except (SegmentError, ThriftError, FileNotFoundError):
            continue
        yield SegmentTimes(segment.name, latest[0], latest[1], segment.changed_ns // 1000)


def _access(root: Path, directories: Iterable[Directory]) -> Iterator[Access]:
    for path, name in ((root, ""), *((Path(each.path), each.name) for each in directories if each.name)):
        try:
            state = path.lstat()
        except OSError:
            continue
        is_writable = os.access(path, os.W_OK | os.X_OK)
        yield Access(name, state.st_uid, stat.S_IMODE(state.st_mode), is_writable)


def _disk(root: Path) -> Disk:
    state = os.statvfs(root)
    system = file_system(root)
    return Disk(
        system.kind,
        state.f_blocks * state.f_frsize,
        state.f_bavail * state.f_frsize,
        state.f_favail if state.f_files else None,
        is_notified=not system.is_remote,
    )
