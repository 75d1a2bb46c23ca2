"""What was found of one partition, what it means under a policy, and what is to happen to it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """What a directory of the store is to retention."""

    OPEN = "open"
    """Its day is not over."""
    KEPT = "kept"
    EXPIRED = "expired"
    HELD = "held"
    UNREADABLE = "unreadable"
    """It cannot be listed, or holds something that must not be deleted with it."""
    NOT_A_DATE = "not a date"


class Action(StrEnum):
    """What apply does with a partition."""

    NONE = ""
    DROP = "drop"
    REDUCE = "reduce"
    """Its events go, but for those of types that are kept longer."""


@dataclass(frozen=True, slots=True)
class File:
    """One regular file of a partition, as it was seen."""

    name: str
    size: int
    changed_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Live:
    """One segment that readers read. `rows` is None where its footer cannot be read."""

    name: str
    size: int
    rows: int | None = None
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Partition:
    """One directory entry of a store, as it was found."""

    name: str
    day: int | None = None
    """First microsecond of its UTC day; None where the name gives none."""
    files: tuple[File, ...] = ()
    """All regular files in it, by name."""
    live: tuple[Live, ...] = ()
    """The segments among them that readers read, by name."""
    problem: str = ""
    """Why it cannot be listed or must not be deleted; "" if it may."""
    others: tuple[str, ...] = ()
    """Regular files in it that are no segments; they go with the day."""

    @property
    def byte_count(self) -> int:
        """Size of all its files together."""
        return sum(file.size for file in self.files)

    @property
    def rows(self) -> int:
        """Events in its readable segments."""
        return sum(segment.rows or 0 for segment in self.live)

    @property
    def first(self) -> int | None:
        """Time of its first event, as far as known."""
        return min((segment.first for segment in self.live if segment.first is not None), default=None)

    @property
    def last(self) -> int | None:
        """Time of its last event, as far as known."""
        return max((segment.last for segment in self.live if segment.last is not None), default=None)

    @property
    def damaged(self) -> tuple[str, ...]:
        """Segments whose footer cannot be read: their rows are not counted."""
        return tuple(segment.name for segment in self.live if segment.rows is None)


@dataclass(frozen=True, slots=True)
class Hold:
    """A named reason why days, or the events that match a query, outlive the policy."""

    name: str
    reason: str
    first: int | None = None
    """First microsecond of the first UTC day; None: from the beginning."""
    last: int | None = None
    """First microsecond of the last UTC day, which is held too; None: without end."""
    query: str = ""
    """Of the events that are held; "" holds whole days."""

    def covers(self, day: int) -> bool:
        """Whether it is about this day (its first microsecond)."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, slots=True)
class Planned:
    """One directory entry with its verdict."""

    partition: Partition
    state: State
    action: Action = Action.NONE
    reason: str = ""
    """Why it is in this state, for people: `older than 7 days`, `held: case 4711`."""
    expires_in: int | None = None
    """Days until it expires, from 1 on; None where age does not decide."""
    kept_types: tuple[str, ...] = ()
    """With REDUCE: the types whose events stay."""
    holds: tuple[Hold, ...] = ()
    """Holds by query whose events are copied before it goes, or the holds that keep it."""

    @property
    def label(self) -> str:
        """The state in words: `expires in 3 days`."""
        if self.state is State.KEPT and self.expires_in is not None:
            return f"expires in {self.expires_in} day{'s' * (self.expires_in != 1)}"
        return str(self.state)
