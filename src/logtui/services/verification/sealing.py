"""Sealing closed days: each gets a manifest of what it holds, and the ledger the manifest's digest.

A day is sealed once. What happens to it later is recorded by whoever does it (`late_changes`), so that sealing again,
which could make a forged file look right, is never needed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, Clock
from logtui.core.errors import StoreError
from logtui.core.page import Problem
from logtui.core.retention.partition import Partition
from logtui.core.times import day_of
from logtui.services.progress import Progress, no_progress
from logtui.services.retention.ground import RetainedStore
from logtui.services.retention.held_rows import hold_stores
from logtui.storage.census import take_census
from logtui.storage.ledger import Body, Op, append_all, read_ledger
from logtui.storage.ledger_state import Standing, standing_of
from logtui.storage.locks import MAINTENANCE, day_lock, holding
from logtui.storage.manifests import Manifest, make_manifests, write_manifest
from logtui.storage.marker import read_marker
from logtui.storage.partitions import is_replaces

_TOGETHER = 128
"""Days that are recorded at once, to flush the ledger less often."""


@dataclass(frozen=True, slots=True)
class SealedDays:
    """What was sealed, and what could not be."""

    days: tuple[str, ...] = ()
    byte_count: int = 0
    problems: tuple[Problem, ...] = ()


def seal_closed_days(
    root: Path,
    clock: Clock,
    *,
    only: Collection[str] | None = None,
    progress: Progress = no_progress,
    token: CancelToken,
) -> SealedDays:
    """Seal every day that is over and has no seal. The maintenance lock is held by the caller.

    Args:
        only: days such as `2026-10-04`; None for all.

    Raises:
        StoreError: the store or its ledger cannot be read or written.
        Cancelled: the token was cancelled; what was sealed so far is recorded.
    """
    ledger = read_ledger(root)
    ledger.require_whole()
    standing = standing_of(ledger)
    waiting = [each for each in _census(root) if _may_be_sealed(each, standing, clock(), only)]
    waiting.sort(key=lambda each: each.day or 0)
    problems: list[Problem] = []
    days: list[str] = []
    size = 0
    previous = standing.last_manifest
    for start in range(0, len(waiting), _TOGETHER):
        token.check()
        records: list[tuple[Op, Body]] = []
        for count, partition in enumerate(waiting[start : start + _TOGETHER], start):
            progress(count, len(waiting), partition.name)
            sealed = _seal(root, partition, previous, token)
            if isinstance(sealed, Problem):
                problems.append(sealed)
                continue
            records.append((Op.SEAL, _body(sealed)))
            previous = sealed.digest
            days.append(sealed.day)
            size += sealed.byte_count
        if records:
            append_all(root, records, clock=clock)
    return SealedDays(tuple(days), size, tuple(problems))


def unsealed_days(root: Path, clock: Clock, standing: Standing) -> Iterator[Partition]:
    """Yield the partitions that are closed and have no seal."""
    return (each for each in _census(root) if _may_be_sealed(each, standing, clock(), None))


def _census(root: Path, one: Partition | None = None) -> Iterator[Partition]:
    marker = read_marker(root)
    is_own = marker is not None and not marker.is_foreign
    if one is None:
        return take_census(root, is_own=is_own)
    return take_census(root, is_own=is_own, known={one.name: one}, only=one.name)


def _may_be_sealed(partition: Partition, standing: Standing, now: int, only: Collection[str] | None) -> bool:
    if partition.day is None or partition.day >= now // DAY * DAY or not partition.live or partition.problem:
        return False
    if any(is_replaces(file.name) for file in partition.files):
        # A compaction is under way; what it leaves is sealed the next time.
        return False
    day = day_of(partition.day)
    return day not in standing.sealed and (only is None or day in only)


def _seal(root: Path, partition: Partition, previous: str, token: CancelToken) -> Manifest | Problem:
    assert partition.day is not None
    try:
        # Writers publish under the day's lock, and look there whether the day is sealed.
        with holding(root, day_lock(partition.day // DAY)):
            fresh = next(_census(root, partition), None)
            if fresh is None:
                return Problem(partition.name, "went away before it was sealed", is_loss=False)
            manifest = next(made for _, made in make_manifests(root, [fresh], token=token))
            if not isinstance(manifest, Manifest):
                return Problem(partition.name, f"was not sealed: {manifest}")
            manifest = replace(manifest, previous=previous)
            write_manifest(root, manifest)
            return manifest
    except StoreError as error:
        return Problem(partition.name, f"was not sealed: {error}")


def _body(manifest: Manifest) -> Body:
    return {
        "day": manifest.day,
        "manifest": manifest.digest,
        "previous_manifest": manifest.previous,
        "segments": len(manifest.segments),
        "rows": manifest.rows,
        "bytes": manifest.byte_count,
    }


def seal_store(store: RetainedStore, *, progress: Progress = no_progress, token: CancelToken) -> SealedDays:
    """Seal the closed days that stay, and the events that were copied for holds.

    Raises:
        StoreError: another process maintains the store, or something cannot be read or written.
    """
    with holding(store.root, MAINTENANCE):
        sealed = seal_closed_days(store.root, store.clock, progress=progress, token=token)
        return _with_holds(store, sealed, token)


def _with_holds(store: RetainedStore, sealed: SealedDays, token: CancelToken) -> SealedDays:
    problems = list(sealed.problems)
    heads = store.standing().held_heads
    for name, place in hold_stores(store.root).items():
        held = seal_closed_days(place, store.clock, token=token)
        problems += [Problem(f".logtui/holds/{name}/{each.path}", each.message) for each in held.problems]
        head = read_ledger(place).head
        if heads.get(name) != head:
            append_all(store.root, [(Op.SEAL_HOLD, {"name": name, "head": head})], clock=store.clock)
    return replace(sealed, problems=tuple(problems))
