"""Which files of a store hold events now.

DuckDB's own globbing is not used: it takes temporary and hidden files too, follows links out of the store, and leaves
out a directory that it may not read without a word. Here every name is judged, and what is not read is reported.

A logtui store (`.logtui/root.json` present) is read by the strict names of `partitions`. Any other directory is read
as a tree of Parquet files, and a path to one file as that file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Protocol

from logtui.core.clock import DAY
from logtui.core.errors import SegmentError, StoreError
from logtui.core.page import ALL_TIME, Problem, TimeRange
from logtui.storage.footers import read_footer
from logtui.storage.marker import marker_path, read_marker
from logtui.storage.partitions import partition_day

SUFFIX = ".parquet"


@dataclass(frozen=True, slots=True)
class Directory:
    """One directory that holds segments itself."""

    path: str
    name: str
    """Relative to the store, as shown in problems."""
    day: int | None = None
    """First microsecond of the UTC day that its name gives."""
    bounds: TimeRange = ALL_TIME
    """What its name promises about the times of its events."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One file that holds events. Equal segments have equal content."""

    path: str
    name: str
    """Relative to the store, as shown in problems."""
    size: int
    inode: int
    changed_ns: int
    directory: Directory = field(compare=False)


@dataclass(frozen=True, slots=True)
class Contents:
    """What one directory holds."""

    segments: tuple[Segment, ...] = ()
    inputs: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Compacted segment -> the segments that it replaces; names relative to the store."""
    replaced: tuple[Segment, ...] = ()
    """Segments that are still there but no longer live, because a compacted one holds their events."""
    problems: tuple[Problem, ...] = ()
    is_readable: bool = True


class Listing(Protocol):
    """Lists one store. Not cached beyond what a change would show."""

    root: str
    """Absolute path of the store's directory, links resolved."""
    is_own: bool
    """Whether logtui wrote the store, so that names and layout can be relied on."""

    def directories(self) -> tuple[Directory, ...]:
        """Return the directories that may hold segments: those without a day, then the others, newest first.

        Raises:
            StoreError: the store itself cannot be listed.
        """
        ...

    def contents(self, directory: Directory) -> Contents:
        """List one directory; a directory that is gone is empty."""
        ...

    def directories_of(self, changed: str) -> tuple[Directory, ...] | None:
        """Return the directories that a change of this path may concern; None when only a full listing can tell."""
        ...

    def problems(self) -> tuple[Problem, ...]:
        """Return what the last call of `directories` found wrong."""
        ...


def open_listing(store: Path) -> Listing:
    """Look at `store` once and choose how it is read.

    Raises:
        StoreError: there is nothing to read, or no permission to.
    """
    from logtui.storage.foreign_listing import FileListing, ForeignListing
    from logtui.storage.own_listing import OwnListing

    path = store.resolve()
    try:
        if path.is_dir():
            marker = read_marker(path)
            if marker is not None and not marker.is_foreign:
                return OwnListing(path)
            os.scandir(path).close()
            listing = ForeignListing(path)
            if marker is None:
                listing.require_files()
            return listing
        path.stat()
    except FileNotFoundError:
        raise StoreError(f"there is no store at {store}: check the path, or make one with logtui demo --out") from None
    except PermissionError:
        raise StoreError(f"no permission to read the store {store}: ask its owner, or run as a user who may") from None
    except OSError as error:
        raise StoreError(f"the store {store} cannot be read: {reason(error)}") from error
    try:
        read_footer(str(path))
    except (SegmentError, FileNotFoundError) as error:
        raise StoreError(f"{store} {error}: logtui reads directories of Parquet files, and single ones") from error
    return FileListing(path)


def is_own_store(directory: Path) -> bool:
    """Tell whether a directory carries the mark of a store that logtui wrote, readable or not."""
    return os.path.lexists(marker_path(directory))


def reason(error: OSError) -> str:
    """Return why the system refused, in lower case."""
    return (error.strerror or str(error)).lower()


def day_start(name: str) -> int | None:
    """Return the first microsecond of the day that a directory's name gives; None if it is no partition's name."""
    day = partition_day(name)
    return None if day is None else (date.fromisoformat(day).toordinal() - date(1970, 1, 1).toordinal()) * DAY


def newest_first(directories: list[Directory]) -> tuple[Directory, ...]:
    """Order directories: those without a day, then the others, newest first."""
    return tuple(sorted(directories, key=lambda each: (each.day is not None, -(each.day or 0), each.name)))
