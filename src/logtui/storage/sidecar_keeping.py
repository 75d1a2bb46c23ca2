"""Keeping sidecars in step with segments: which are missing, damaged, or of segments that are gone."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from logtui.storage.listing import SUFFIX
from logtui.storage.partitions import CONTROL_DIRECTORY, is_segment, partition_day
from logtui.storage.sidecars import (
    DIRECTORY,
    HEADER_SIZE,
    LEAST_SETTLED,
    Identity,
    Kind,
    content_of,
    is_of_another_version,
    is_whole,
    said,
    sidecar_path,
)

_SUFFIXES = frozenset(kind.value for kind in Kind)
_SURELY_OLD = 60.0
"""Seconds after which a sidecar without its segment belongs to none that is being published: that takes moments."""


@dataclass(frozen=True, slots=True)
class Orphan:
    """A sidecar without its segment."""

    path: str
    """Relative to the store."""
    size: int
    age: float
    """Seconds since it got its name."""


def index_directory(root: str | Path) -> str:
    """Return the directory under which all sidecars are."""
    return f"{root}/{CONTROL_DIRECTORY}/{DIRECTORY}"


def missing_kinds(root: str | Path, segment: str, about: Identity, wanted: Iterable[Kind]) -> tuple[Kind, ...]:
    """Return the sidecars that a segment should have and has not, as far as their beginnings tell."""
    if about.rows < LEAST_SETTLED:
        return ()
    return tuple(kind for kind in wanted if _said(root, segment, kind) != about)


def orphans(root: str | Path, *, now: float | None = None) -> Iterator[Orphan]:
    """Yield the sidecars whose segments are not there.

    Args:
        now: seconds since the epoch; the machine's clock without it.
    """
    now = time.time() if now is None else now
    place = index_directory(root)
    for day in _names(place):
        segments = _segments(f"{root}/{day}") if partition_day(day) else ()
        for name in _names(f"{place}/{day}"):
            stem, _, suffix = name.rpartition(".")
            if segments is not None and (suffix not in _SUFFIXES or stem + SUFFIX not in segments):
                with suppress(OSError):
                    state = os.lstat(f"{place}/{day}/{name}")
                    path = f"{CONTROL_DIRECTORY}/{DIRECTORY}/{day}/{name}"
                    yield Orphan(path, state.st_size, now - state.st_ctime)


def sweep_orphans(root: Path) -> int:
    """Remove the sidecars whose segments are gone, and return how many that were. Never raises `OSError`."""
    swept = 0
    for orphan in list(orphans(root)):
        # A segment gets its sidecars before it gets its name.
        if orphan.age > _SURELY_OLD:
            with suppress(OSError):
                (root / orphan.path).unlink()
                swept += 1
    place = Path(index_directory(root))
    for day in _names(place):
        if not (root / day).is_dir():
            with suppress(OSError):
                (place / day).rmdir()
    return swept


def damaged_kinds(root: str | Path, segment: str, size: int) -> tuple[Kind, ...]:
    """Return the sidecars of a segment that are there and not as they were written. Reads all of them.

    One of another version is passed over: it counts as missing, and nobody can tell.
    """
    found = ((kind, content_of(root, segment, kind)) for kind in Kind)
    ours = ((kind, content) for kind, content in found if content and not is_of_another_version(content, kind))
    return tuple(kind for kind, content in ours if not is_whole(content, kind, size))


def _said(root: str | Path, segment: str, kind: Kind) -> Identity | None:
    try:
        descriptor = os.open(sidecar_path(root, segment, kind), os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        return said(os.pread(descriptor, HEADER_SIZE, 0), kind)
    except OSError:
        return None
    finally:
        os.close(descriptor)


def _names(place: str | Path) -> list[str]:
    try:
        return sorted(os.listdir(place))  # noqa: PTH208 - names are enough
    except OSError:
        return []


def _segments(place: str) -> Collection[str] | None:
    """Return the names of the segments of a partition; None where it cannot be listed, which proves nothing."""
    try:
        return {name for name in os.listdir(place) if is_segment(name)}  # noqa: PTH208 - names are enough
    except FileNotFoundError:
        return ()
    except OSError:
        return None
