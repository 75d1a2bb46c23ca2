"""Verifying a store: are the sealed days, byte for byte, what manifests and ledger say they should be?

It proves that nothing changed since the sealing but what the ledger records, to somebody who trusts the ledger's head:
because it was kept elsewhere (`expected_head`) or is signed. Whoever can write to the store can also write a ledger
that fits whatever they like.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, Clock
from logtui.core.errors import StoreError
from logtui.core.times import day_of, day_start, format_instant
from logtui.services.progress import Progress, no_progress
from logtui.services.retention.held_rows import hold_store, hold_stores
from logtui.services.verification.day_check import DayCheck, files_to_hash
from logtui.services.verification.findings import Finding, Kind
from logtui.storage.census import take_census
from logtui.storage.control_files import control
from logtui.storage.hashing import hash_files
from logtui.storage.ledger import NAME, NOTHING, Ledger, Op, read_ledger
from logtui.storage.ledger_state import Standing, standing_of
from logtui.storage.manifests import DIRECTORY as MANIFESTS
from logtui.storage.marker import read_marker
from logtui.storage.partitions import partition_name

_LEDGER = f".logtui/{NAME}"


def verify_store(
    root: Path,
    clock: Clock,
    *,
    only: Collection[str] | None = None,
    expected_head: str = "",
    progress: Progress = no_progress,
    token: CancelToken,
) -> Iterator[Finding]:
    """Check a store and yield what is to be said, problems as they are found.

    Args:
        progress: gets bytes.
        only: days such as `2026-10-04`, whose files are read; the ledger is checked whole. None for all days.
        expected_head: a head digest that was kept elsewhere: it must be in the ledger.

    Raises:
        StoreError: the store or its ledger cannot be read at all.
        Cancelled: the token was cancelled.
    """
    ledger = read_ledger(root)
    yield from _of_ledger(root, ledger, expected_head)
    try:
        standing = standing_of(ledger)
    except StoreError as error:
        yield Finding(_LEDGER, Kind.CHAIN, str(error))
        return
    yield from _of_manifests(root, ledger, standing)
    yield from _of_days(root, standing, clock(), only, progress, token)
    if only is None:
        yield from _of_holds(root, standing, clock, token)


def _of_ledger(root: Path, ledger: Ledger, expected_head: str) -> Iterator[Finding]:
    for damage in ledger.damage:
        yield Finding(_LEDGER, Kind.CHAIN, damage)
    if ledger.torn:
        message = f"ends in an unfinished line of {ledger.torn} bytes, as a crash leaves it; the next entry removes it"
        yield Finding(_LEDGER, Kind.NOTE, message)
    marker = read_marker(root)
    if ledger.entries and marker is not None and ledger.entries[0].body.get("store") != marker.uuid:
        yield Finding(".logtui/root.json", Kind.CHAIN, "does not have the id of the store that the ledger is about")
    if not expected_head:
        return
    place = [entry.number for entry in ledger.entries if entry.digest == expected_head]
    if expected_head == NOTHING or place:
        added = len(ledger.entries) - (place[0] if place else 0)
        message = f"the expected head is line {place[0] if place else 0}; {added} entries came after it"
        yield Finding(_LEDGER, Kind.NOTE, message)
    else:
        message = "the expected head is not in it: it was rolled back, rewritten, or is of another store"
        yield Finding(_LEDGER, Kind.CHAIN, message)


def _of_manifests(root: Path, ledger: Ledger, standing: Standing) -> Iterator[Finding]:
    """Check that seals follow each other, and that no manifest lies there that no seal knows."""
    previous = NOTHING
    for entry in ledger.entries:
        if entry.op == Op.SEAL:
            if entry.body.get("previous_manifest") != previous:
                message = f"line {entry.number}: the manifest does not follow the one that was sealed before it"
                yield Finding(_LEDGER, Kind.CHAIN, message)
            previous = str(entry.body["manifest"])
    known = {f"{day}.json" for day in standing.sealed}
    try:
        names = sorted(path.name for path in control(root, MANIFESTS).iterdir())
    except FileNotFoundError:
        names = []
    for name in names:
        if name not in known:
            message = "is no manifest that the ledger knows: sealing was cut off (seal again), or it was put there"
            yield Finding(f".logtui/{MANIFESTS}/{name}", Kind.UNEXPECTED, message)


def _of_days(
    root: Path, standing: Standing, now: int, only: Collection[str] | None, progress: Progress, token: CancelToken
) -> Iterator[Finding]:
    marker = read_marker(root)
    found = {each.name: each for each in take_census(root, is_own=marker is None or not marker.is_foreign, token=token)}
    checks = [
        DayCheck(root, day, standing.sealed[day], found.get(partition_name(day)))
        for day in sorted(standing.sealed)
        if only is None or day in only
    ]
    for check in _checked(checks, progress, token):
        # A day that compaction, a writer or retention changed meanwhile is looked at again, with what they recorded.
        yield from _again(root, check, token) if check.has_problem else check.findings
    for name, partition in sorted(found.items()):
        day = name.removeprefix("date=")
        if partition.day is None or day in standing.sealed or (only is not None and day not in only):
            continue
        if partition.day < now // DAY * DAY:
            message = f"{len(partition.live)} segments, not sealed yet: nothing can be said about them"
            yield Finding(name, Kind.UNSEALED, message, len(partition.live), partition.byte_count)
    for day, dropped in sorted(standing.dropped.items()):
        if only is None or day in only:
            what = "reduced" if dropped.is_reduced else "dropped"
            message = f"{what} by retention on {day_of(dropped.at)} ({dropped.reason}), {dropped.rows:,} events"
            yield Finding(partition_name(day), Kind.EXPECTED, message)


def _checked(checks: list[DayCheck], progress: Progress, token: CancelToken) -> Iterator[DayCheck]:
    """Yield each check when its files were read; all are read by the same two threads."""
    paths = [path for check in checks for path in files_to_hash(check)]
    total, done = sum(size for _, size in paths), 0
    digests = hash_files(paths, token=token) if paths else iter(())
    for check in checks:
        for name, size in check.to_read:
            check.compare(name, next(digests))
            done += size
            progress(done, total, check.name)
        check.conclude()
        yield check


def _again(root: Path, check: DayCheck, token: CancelToken) -> Iterator[Finding]:
    standing = standing_of(read_ledger(root))
    sealed = standing.sealed.get(check.day)
    if sealed is None:
        return
    marker = read_marker(root)
    is_own = marker is None or not marker.is_foreign
    found = next(take_census(root, is_own=is_own, only=check.name, token=token), None)
    for again in _checked([DayCheck(root, check.day, sealed, found)], no_progress, token):
        yield from again.findings


def _of_holds(root: Path, standing: Standing, clock: Clock, token: CancelToken) -> Iterator[Finding]:
    stores = hold_stores(root)
    for name, rows in standing.held_rows.items():
        if rows and name not in stores:
            message = f"{rows:,} events were copied for this hold, and they are gone"
            yield Finding(f".logtui/holds/{name}", Kind.MISSING, message)
    for name, path in stores.items():
        prefix = f".logtui/holds/{name}/"
        head = standing.held_heads.get(name, "")
        if name not in standing.holds:
            yield Finding(prefix.rstrip("/"), Kind.UNEXPECTED, "holds events, but there is no such hold")
        try:
            for finding in verify_store(hold_store(root, name), clock, expected_head=head, token=token):
                if finding.kind is Kind.NOTE:
                    continue
                yield Finding(
                    prefix + finding.path, finding.kind, finding.message, finding.segments, finding.byte_count
                )
        except StoreError as error:
            yield Finding(str(path.relative_to(root)), Kind.UNREADABLE, str(error))


def head_text(ledger: Ledger) -> str:
    """Return the head as a line to keep elsewhere: digest, number of entries, time of the last."""
    at = format_instant(ledger.entries[-1].at) if ledger.entries else "-"
    return f"{ledger.head} {len(ledger.entries)} {at}"


def days_of_range(first: str, last: str) -> frozenset[str]:
    """Return the days from `first` to `last`, both included."""
    start, end = day_start(first), day_start(last)
    return frozenset(day_of(day) for day in range(start, end + DAY, DAY))
