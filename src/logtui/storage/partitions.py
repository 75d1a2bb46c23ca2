"""Names in a store: `date=YYYY-MM-DD` partitions, and `i-…` and `c-…` segments in them.

Pure. Deletion and reading both go by these rules, so they are strict: ASCII digits only (`\\d` would take full-width
ones), real calendar dates, nothing before or after the pattern.
"""

from __future__ import annotations

import re
from datetime import date

CONTROL_DIRECTORY = ".logtui"
"""Holds everything in a store that is not an event."""

_PREFIX = "date="
_PARTITION = re.compile(r"date=([0-9]{4})-([0-9]{2})-([0-9]{2})")
_BATCH = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SEGMENT = re.compile(r"([ic])-([A-Za-z0-9_-]{1,96})\.parquet")
_REPLACES = re.compile(r"c-[A-Za-z0-9_-]{1,96}\.replaces")


def partition_name(day: str) -> str:
    """Return the directory name of a UTC day: `2026-10-04` is in `date=2026-10-04`.

    Raises:
        ValueError: there is no such day.
    """
    name = _PREFIX + day
    if partition_day(name) is None:
        raise ValueError(f"{day!r} is not a calendar day written as YYYY-MM-DD")
    return name


def partition_day(name: str) -> str | None:
    """Return the day `YYYY-MM-DD` of a partition's directory name; None if it is no partition's."""
    match = _PARTITION.fullmatch(name)
    if match is None:
        return None
    try:
        date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None
    return name.removeprefix(_PREFIX)


def published_name(batch: str) -> str:
    """Return the file name of the segment that holds one batch as it was published.

    Raises:
        ValueError: `batch` is not 1 to 64 ASCII letters, digits, `_` or `-`.
    """
    if _BATCH.fullmatch(batch) is None:
        raise ValueError(f"{batch!r} is not a batch name: 1 to 64 ASCII letters, digits, _ or -")
    return f"i-{batch}.parquet"


def compacted_name(batch: str) -> str:
    """Return the file name of the segment that holds a merged batch.

    Raises:
        ValueError: `batch` is not 1 to 64 ASCII letters, digits, `_` or `-`.
    """
    return published_name(batch).replace("i-", "c-", 1)


def is_segment(name: str) -> bool:
    """Tell whether a file of this name in a partition may hold events."""
    return _SEGMENT.fullmatch(name) is not None


def is_compacted(name: str) -> bool:
    """Tell whether the segment of this name was merged from others."""
    return is_segment(name) and name.startswith("c-")


def left_name(run: str) -> str:
    """Return the name of the segment that a run of retention leaves in a day of which it takes the other events."""
    return f"c-kept-{run}.parquet"


def is_left(name: str) -> bool:
    """Tell whether the segment of this name was left by retention, which alone may remove what it replaces."""
    return is_segment(name) and name.startswith("c-kept-")


def is_replaces(name: str) -> bool:
    """Tell whether a file of this name lists the segments that a compacted one replaces."""
    return _REPLACES.fullmatch(name) is not None


def replaces_name(segment: str) -> str:
    """Return the name of the file that lists what the compacted `segment` replaces.

    Raises:
        ValueError: `segment` is not the name of a compacted segment.
    """
    if not is_compacted(segment):
        raise ValueError(f"{segment!r} is not the name of a compacted segment")
    return segment.removesuffix(".parquet") + ".replaces"
