"""The plan: what a policy, the holds and a clock mean for the partitions that were found. Pure.

Apply carries out exactly a plan; its digest names what would go, file by file, so that a store that changed in
between shows.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from logtui.core.clock import DAY, HOUR
from logtui.core.retention.partition import Action, Hold, Partition, Planned, State
from logtui.core.retention.policy import NEVER_DROPPED_BY_SIZE, Policy
from logtui.core.times import day_of, format_instant

LONGEST_SILENCE = 7 * DAY
"""A clock this far after everything that the store knows of is not believed."""
_CLOCK_STEP = HOUR
"""A clock may be set back by so much, as time services do."""


@dataclass(frozen=True, slots=True)
class Reduced:
    """A partition that was reduced before: only these segments, with events of these types, are left of it."""

    segments: frozenset[str]
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """What the ledger tells the planner."""

    holds: tuple[Hold, ...] = ()
    reduced: Mapping[str, Reduced] = field(default_factory=dict)
    """Partition -> what was left of it."""
    last_run: int | None = None
    """The latest time that the ledger holds."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What apply would do, and why. Equal digests mean equal deeds."""

    policy: Policy
    now: int
    entries: tuple[Planned, ...]
    """Every directory entry of the store, oldest day first, then what is no partition."""
    refusals: tuple[str, ...]
    """Why apply refuses without `--force`."""

    @property
    def targets(self) -> tuple[Planned, ...]:
        """The partitions that go or are reduced, oldest first."""
        return tuple(each for each in self.entries if each.action is not Action.NONE)

    @property
    def digest(self) -> str:
        """Names the deeds: policy, partitions, their files, and the holds that are served first."""
        return hashlib.sha256(json.dumps([_deed(each) for each in self.targets]).encode()).hexdigest()

    def rows(self) -> int:
        """Events that would go."""
        return sum(each.partition.rows for each in self.targets)

    def byte_count(self) -> int:
        """Bytes that would go, of reduced days as well."""
        return sum(each.partition.byte_count for each in self.targets)


def make_plan(partitions: Iterable[Partition], policy: Policy, known: Known, now: int) -> Plan:
    """Decide about every directory entry of a store.

    Args:
        now: microseconds since the epoch, the only clock there is.
    """
    found = sorted(partitions, key=lambda each: (each.day is None, each.day or 0, each.name))
    entries = _by_size([_by_age(each, policy, known, now) for each in found], policy, known, now)
    return Plan(policy, now, tuple(entries), tuple(_refusals(entries, known, now)))


def _by_age(partition: Partition, policy: Policy, known: Known, now: int) -> Planned:
    if partition.day is None:
        return Planned(partition, State.NOT_A_DATE, reason=partition.problem)
    day = partition.day
    first_kept = policy.first_kept_day(now)
    keeping = tuple(hold for hold in known.holds if hold.covers(day) and not hold.query)
    if partition.problem:
        return Planned(partition, State.UNREADABLE, reason=partition.problem, holds=keeping)
    if keeping:
        reasons = "; ".join(f"{hold.name}: {hold.reason}" for hold in keeping)
        return Planned(partition, State.HELD, reason=reasons, holds=keeping)
    if day >= now // DAY * DAY:
        ahead = day > now + DAY
        return Planned(partition, State.OPEN, reason="lies in the future" if ahead else "")
    if first_kept is None or day >= first_kept:
        left = None if first_kept is None else (day - first_kept) // DAY + 1
        return Planned(partition, State.KEPT, expires_in=left)
    if partition.last is not None and partition.last >= first_kept:
        return Planned(partition, State.KEPT, reason=f"holds events until {day_of(partition.last)}")
    return _expired(partition, f"older than {policy.days} day{'s' * (policy.days != 1)}", policy, known, now)


def _expired(partition: Partition, reason: str, policy: Policy, known: Known, now: int) -> Planned:
    assert partition.day is not None
    serving = tuple(hold for hold in known.holds if hold.covers(partition.day) and hold.query)
    if partition.damaged and (serving or policy.kept_types(partition.day, now)):
        # Its events cannot be looked through, so nobody can tell what must be kept of it.
        names = f"{partition.damaged[0]} cannot be read"
        return Planned(partition, State.UNREADABLE, reason=f"{names}, and events of the day are to be kept")
    types = policy.kept_types(partition.day, now)
    if not types:
        return Planned(partition, State.EXPIRED, Action.DROP, reason, holds=serving)
    before = known.reduced.get(partition.name)
    if before is not None and before.segments == {segment.name for segment in partition.live} and before.types == types:
        return Planned(partition, State.KEPT, reason=f"only {', '.join(types)} are left", kept_types=types)
    return Planned(partition, State.EXPIRED, Action.REDUCE, reason, kept_types=types, holds=serving)


def _by_size(entries: Sequence[Planned], policy: Policy, known: Known, now: int) -> list[Planned]:
    """Let the oldest days go until what is left fits; held days count, but stay."""
    if policy.max_bytes is None:
        return list(entries)
    size = sum(each.partition.byte_count for each in entries if each.partition.day is not None)
    size -= sum(each.partition.byte_count for each in entries if each.action is not Action.NONE)
    dated = [each for each in entries if each.partition.day is not None]
    spared = {each.partition.name for each in dated[-NEVER_DROPPED_BY_SIZE:]}
    result = []
    for each in entries:
        is_candidate = each.state is State.KEPT and each.partition.name not in spared
        if size > policy.max_bytes and is_candidate:
            verdict = _expired(each.partition, "the store is over its size limit", policy, known, now)
            size -= each.partition.byte_count if verdict.action is not Action.NONE else 0
            result.append(verdict)
        else:
            result.append(each)
    return result


def _refusals(entries: Sequence[Planned], known: Known, now: int) -> Iterable[str]:
    days = [each.partition.day for each in entries if each.partition.day is not None]
    going = sum(each.action is not Action.NONE for each in entries)
    if known.last_run is not None and now < known.last_run - _CLOCK_STEP:
        yield (
            f"the clock says {format_instant(now)}, but the ledger has a record of {format_instant(known.last_run)}: "
            "it went backwards"
        )
    past = [day + DAY for day in days if day <= now]
    latest = max([*past, *([known.last_run] if known.last_run is not None else [])], default=now)
    if going and now - latest > LONGEST_SILENCE:
        yield (
            f"the clock says {day_of(now)}, but nothing in the store is newer than {day_of(latest - 1)}: "
            "it may lie in the future"
        )
    if going * 2 > len(days):
        yield f"{going} of {len(days)} partitions would go, which is more than half"


def _deed(planned: Planned) -> list[object]:
    partition = planned.partition
    files = [[file.name, file.size, file.changed_ns, file.inode] for file in partition.files]
    holds = [[hold.name, hold.query] for hold in planned.holds]
    return [partition.name, planned.action, list(planned.kept_types), holds, files]
