"""The state that a store is in, beyond its events: what `logtui doctor` judges. Facts only, no judgement.

Times are microseconds since the epoch, sizes bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from logtui.core.page import Problem


@dataclass(frozen=True, slots=True)
class Leftover:
    """A file that belongs to no segment: staged by a writer, or left by a compaction that did not end."""

    path: str
    """Relative to the store."""
    size: int
    changed_at: int
    is_held: bool = False
    """A process that lives holds a lock on it."""


@dataclass(frozen=True, slots=True)
class PartitionCondition:
    """One directory with segments."""

    name: str
    """Relative to the store; "" for the store's own directory."""
    segments: int
    """Live ones."""
    size: int
    small: int
    """How many of them are small."""
    unfinished: tuple[Leftover, ...] = ()
    """Side files of compactions that did not end."""
    unindexed: tuple[str, ...] = ()
    """Segments that lack what questions are answered from faster."""


@dataclass(frozen=True, slots=True)
class SegmentTimes:
    """When a segment's newest event happened, when it was written, and when the file changed."""

    path: str
    latest_event: int | None
    latest_ingest: int | None
    changed_at: int


@dataclass(frozen=True, slots=True)
class Access:
    """Who may do what with one directory of the store, and whose it is."""

    path: str
    owner: int
    mode: int
    """Permission bits."""
    is_writable: bool
    """For the user who asks."""


@dataclass(frozen=True, slots=True)
class Disk:
    """The file system that holds the store."""

    kind: str
    """Such as `ext4` or `nfs4`; "" if the system does not say."""
    total: int
    free: int
    """For this user."""
    free_files: int | None
    """Inodes that are left; None where the file system has no fixed number."""
    is_notified: bool
    """Whether changes are told at once, or only found by looking now and then."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Everything that was looked at."""

    root: str
    is_own: bool
    problems: tuple[Problem, ...]
    """What could not be read or matched, file by file."""
    partitions: tuple[PartitionCondition, ...]
    times: tuple[SegmentTimes, ...]
    """Of the newest segments."""
    staged: tuple[Leftover, ...]
    rejects: tuple[Leftover, ...]
    orphans: tuple[Leftover, ...]
    """What is kept about segments that are gone."""
    access: tuple[Access, ...]
    disk: Disk


class Grade(StrEnum):
    """How much a finding matters."""

    ERROR = "error"
    """Events cannot be read, or may be lost."""
    WARNING = "warning"
    """It works, and will not do so for long, or not well."""
    NOTE = "note"
    """Good to know; nothing needs to be done."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and what to do about it."""

    grade: Grade
    area: str
    what: str
    advice: str
    paths: tuple[str, ...] = field(default=())
    """Where, relative to the store; empty for the store as a whole."""
