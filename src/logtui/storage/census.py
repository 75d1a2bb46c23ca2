"""Looking over a store before anything is deleted: every entry of its directory, and what each partition holds.

Nothing is followed. Whatever is not exactly a partition with regular files in it gets a problem that says why it is
left alone. Rows and times come from the footers, which are not hashed or decoded here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from logtui.core.cancel import CancelToken
from logtui.core.errors import SegmentError, StoreError
from logtui.core.retention.partition import File, Live, Partition
from logtui.storage.file_times import time_range
from logtui.storage.footers import Footer, group_ranges, read_footer
from logtui.storage.listing import SUFFIX, day_start, reason
from logtui.storage.mount_points import mounted_names
from logtui.storage.own_listing import OwnListing
from logtui.storage.partitions import CONTROL_DIRECTORY, is_replaces, is_segment
from logtui.storage.thrift import ThriftError

_TIME = "event_time"
NOTHING_KNOWN: Mapping[str, Partition] = MappingProxyType({})


def take_census(
    root: Path,
    *,
    is_own: bool = True,
    known: Mapping[str, Partition] = NOTHING_KNOWN,
    only: str | None = None,
    token: CancelToken | None = None,
) -> Iterator[Partition]:
    """Yield every entry of a store's directory but the control directory, in no order.

    Args:
        is_own: whether segments have logtui's names; in adopted stores every Parquet file is one.
        only: the one entry to look at; None for all.
        known: what was found before, by name; footers of partitions whose files are the same are not read again.

    Raises:
        StoreError: the directory cannot be listed.
        Cancelled: the token was cancelled.
    """
    place = str(root.resolve())
    mounted = mounted_names(place)
    with directory_fd(root) as descriptor:
        device = os.fstat(descriptor).st_dev
        try:
            names = os.listdir(descriptor) if only is None else _if_there(only, descriptor)
        except OSError as error:
            raise StoreError(f"the store {root} cannot be read: {reason(error)}") from error
        for name in names:
            if token is not None:
                token.check()
            if name != CONTROL_DIRECTORY:
                found = _entry(place, descriptor, name, device, is_mounted=name in mounted)
                if found.day is not None and not is_own:
                    found = _as_adopted(found)
                before = known.get(name)
                if before is not None and before.files == found.files and before.problem == found.problem:
                    yield before
                else:
                    yield _with_rows(f"{place}/{name}", found)


def _if_there(name: str, descriptor: int) -> list[str]:
    try:
        os.stat(name, dir_fd=descriptor, follow_symlinks=False)
    except FileNotFoundError:
        return []
    return [name]


@contextmanager
def directory_fd(path: Path | str, *, within: int | None = None) -> Iterator[int]:
    """Open a directory, which must not be a link, and close it in the end.

    Raises:
        StoreError: it cannot be opened.
    """
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (os.O_NOFOLLOW if within is not None else 0)
    try:
        descriptor = os.open(path, flags, dir_fd=within)
    except OSError as error:
        raise StoreError(f"{path}: cannot be opened as a directory: {reason(error)}") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def look_into(path: str, segment: Live) -> Live:
    """Return a segment with what its footer says.

    Raises:
        SegmentError: it is damaged or cannot be read.
        FileNotFoundError: it is gone.
    """
    footer = read_footer(path)
    try:
        return _with_span(segment, footer)
    except (ThriftError, ValueError) as error:
        raise SegmentError("the Parquet footer is damaged", path) from error


def _entry(root: str, descriptor: int, name: str, device: int, *, is_mounted: bool) -> Partition:
    day = day_start(name)
    if day is None:
        return Partition(name, problem=_not_a_date(name))
    try:
        state = os.stat(name, dir_fd=descriptor, follow_symlinks=False)
        if stat.S_ISLNK(state.st_mode):
            return Partition(name, day, problem="is a link; links are not followed")
        if not stat.S_ISDIR(state.st_mode):
            return Partition(name, day, problem="is not a directory")
        if state.st_dev != device or is_mounted:
            return Partition(name, day, problem="is or holds a mount of another file system or directory")
        return _partition(root, descriptor, name, day, device)
    except OSError as error:
        return Partition(name, day, problem=f"cannot be read: {reason(error)}")


def _not_a_date(name: str) -> str:
    if name.startswith("date="):
        return "is not a calendar day written as date=YYYY-MM-DD"
    return "is no partition"


def _partition(root: str, descriptor: int, name: str, day: int, device: int) -> Partition:
    files: list[File] = []
    problem = ""
    inner = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=descriptor)
    try:
        with os.scandir(inner) as entries:
            for entry in entries:
                state = entry.stat(follow_symlinks=False)
                if stat.S_ISREG(state.st_mode) and state.st_dev == device:
                    files.append(File(entry.name, state.st_size, state.st_mtime_ns, state.st_ino))
                else:
                    problem = f"holds {entry.name}, which is {_kind(state.st_mode)}; move it away"
    finally:
        os.close(inner)
    files.sort(key=lambda file: file.name)
    found = Partition(name, day, tuple(files), problem=problem)
    return replace(found, live=_live(root, found), others=_others(files))


def _as_adopted(partition: Partition) -> Partition:
    live = tuple(file for file in partition.files if file.name.endswith(SUFFIX) and file.name[0] not in "._")
    others = tuple(file.name for file in partition.files if file not in live)
    return replace(partition, live=tuple(Live(file.name, file.size) for file in live), others=others)


def _kind(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return "a link"
    if stat.S_ISDIR(mode):
        return "a directory"
    return "a file of another file system" if stat.S_ISREG(mode) else "no regular file"


def _others(files: list[File]) -> tuple[str, ...]:
    return tuple(file.name for file in files if not is_segment(file.name) and not is_replaces(file.name))


def _live(root: str, partition: Partition) -> tuple[Live, ...]:
    segments = tuple(Live(file.name, file.size) for file in partition.files if is_segment(file.name))
    if not any(is_replaces(file.name) for file in partition.files):
        return segments
    listing = OwnListing(Path(root))
    directory = next(iter(listing.directories_of(f"{root}/{partition.name}") or ()))
    live = {each.name.rpartition("/")[2] for each in listing.contents(directory).segments}
    return tuple(segment for segment in segments if segment.name in live)


def _with_rows(path: str, partition: Partition) -> Partition:
    if not partition.live:
        return partition
    found = []
    for segment in partition.live:
        try:
            found.append(look_into(f"{path}/{segment.name}", segment))
        except (FileNotFoundError, SegmentError):
            found.append(segment)
    return replace(partition, live=tuple(found))


def _with_span(segment: Live, footer: Footer) -> Live:
    name, size, rows = segment.name, segment.size, footer.rows
    column = next((column for column in footer.columns if column.name == _TIME), None)
    if column is None or not rows:
        return Live(name, size, rows)
    ranges = [time_range(column, group) for group in group_ranges(footer, column)]
    firsts = [each.start for each in ranges if each.start is not None]
    lasts = [each.end - 1 for each in ranges if each.end is not None]
    if len(firsts) < len(ranges) or len(lasts) < len(ranges):
        return Live(name, size, rows)
    return Live(name, size, rows, min(firsts), max(lasts))
