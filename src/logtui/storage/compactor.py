"""The port through which services merge segments. Adapter: `compaction`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from logtui.core.cancel import CancelToken
from logtui.core.page import Problem


@dataclass(frozen=True, slots=True)
class Mergeable:
    """A live segment that may become part of a larger one."""

    name: str
    """Its file name."""
    size: int
    rows: int
    newest: int
    """Time of its newest event, which orders segments."""


@dataclass(frozen=True, slots=True)
class DayState:
    """What one partition holds now."""

    day: str
    segments: tuple[Mergeable, ...]
    problems: tuple[Problem, ...] = ()
    """Files that cannot be merged, each with the reason; they are left alone."""
    unindexed: tuple[str, ...] = ()
    """Segments that lack sidecars, so that questions about them are slow."""


@dataclass(frozen=True, slots=True)
class Merged:
    """One merge that was committed."""

    day: str
    name: str
    rows: int
    inputs: int
    size_before: int
    size_after: int


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A committed merge whose inputs are still there, for the readers that began before."""

    day: str
    name: str
    age: int
    """Microseconds since it was committed."""


class Compactor(Protocol):
    """Merges segments of one store, while readers and writers go on. A crash at any point is repaired by `recover`."""

    def maintaining(self) -> AbstractContextManager[None]:
        """Be the only one that merges or removes segments.

        Raises:
            LockedError: another process is.
        """
        ...

    def recover(self) -> None:
        """Remove what a process left behind that died before it could commit. Only while maintaining."""
        ...

    def days(self) -> Sequence[str]:
        """Return the days that have a partition, newest first.

        Raises:
            StoreError: the store cannot be listed.
        """
        ...

    def look(self, day: str) -> DayState:
        """Return what may be merged in a day. Empty when the partition is gone."""
        ...

    def merge(
        self, day: str, inputs: Sequence[Mergeable], *, token: CancelToken, tell_rows: Callable[[int], None]
    ) -> Merged | None:
        """Publish one segment that replaces the inputs; None if one of them is gone. Only while maintaining.

        Raises:
            SegmentError: an input is damaged or unlike the others; nothing was changed.
            StoreError: it could not be written; nothing was changed.
            Cancelled: likewise.
        """
        ...

    def index(self, day: str, name: str, *, token: CancelToken) -> bool:
        """Make the sidecars that a segment lacks; tell whether it has all of them now. Only while maintaining.

        Raises:
            SegmentError: the segment is damaged.
            Cancelled: nothing was changed.
        """
        ...

    def unfinished(self) -> tuple[Unfinished, ...]:
        """Return the merges whose inputs are still there."""
        ...

    def finish(self, merge: Unfinished) -> Problem | None:
        """Remove the inputs of a committed merge. Only while maintaining, and after a grace period.

        Returns:
            why the inputs were left alone, where the merged segment cannot be relied on.

        Raises:
            StoreError: they could not be removed; the next run goes on.
        """
        ...
