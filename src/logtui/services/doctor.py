"""What is wrong with a store, and what to do about it. Pure: a condition and a time in, findings out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, MINUTE
from logtui.core.condition import Condition, Finding, Grade, Leftover, PartitionCondition
from logtui.core.page import Problem
from logtui.core.sizes import size_text, span_text
from logtui.core.times import day_start
from logtui.services.damage import find_damage, find_damaged_sidecars

_MOST_SMALL = 64
"""Small segments in one day beyond which reading it is slow: each costs an open of its own."""
_ABANDONED = HOUR
"""A staged file that nobody holds and that did not change for so long has no writer any more."""
_UNFINISHED = 15 * MINUTE
"""A compaction's side file older than this belongs to one that did not end: its grace is a minute."""
_SKEW = 5 * MINUTE
_LITTLE_SPACE = 1 << 30
_LITTLE_SHARE = 0.05
_FEW_FILES = 10_000
_OTHERS_READ, _OTHERS_WRITE = 0o004, 0o002


def examine(condition: Condition, now: int) -> list[Finding]:
    """Return what is wrong, the worst first."""
    found = [finding for check in _CHECKS for finding in check(condition, now)]
    order = list(Grade)
    return sorted(found, key=lambda finding: order.index(finding.grade))


def examine_pages(store: Path, *, token: CancelToken) -> Iterator[Finding]:
    """Read every file whole, and yield a finding for each that is damaged inside.

    Raises:
        StoreError: the store cannot be listed.
        Cancelled: the token was cancelled.
    """
    for problem in find_damage(store, token=token):
        yield Finding(Grade.ERROR, "files", problem.message, _RESTORE, (problem.path,))
    for path in find_damaged_sidecars(store, token=token):
        what = "is damaged and not used: no event is missing, but questions about them are slower"
        yield Finding(Grade.WARNING, "index", what, "delete it, then run logtui compact on the store", (path,))


_RESTORE = "restore the file from a backup, or move it out of the store to be told no more"


def _files(condition: Condition, _: int) -> Iterator[Finding]:
    for problem in condition.problems:
        grade = Grade.ERROR if problem.is_loss else Grade.NOTE
        yield Finding(grade, "files", problem.message, _advice(problem), problem.paths)


def _advice(problem: Problem) -> str:
    if "permission" in problem.message:
        return "give the reading user permission (chmod, chgrp, setfacl), or read as a user who has it"
    if not problem.is_loss:
        return "nothing to do, unless it is read wrongly: then say how with --map"
    if "--map" in problem.message:
        return "name the column with --map, or in the configuration file"
    if "is no partition" in problem.message or "calendar day" in problem.message or "is no segment" in problem.message:
        return "move it out of the store, or bring its events in with logtui ingest"
    return _RESTORE


def _layout(condition: Condition, _: int) -> Iterator[Finding]:
    crowded = [each for each in condition.partitions if each.small > _MOST_SMALL]
    if crowded:
        worst = max(crowded, key=lambda each: each.small)
        what = f"{_days(crowded)} in many small files, up to {worst.small:,} in one, which makes reading slow"
        yield Finding(Grade.WARNING, "layout", what, _compact(condition), _names(crowded))


def _compact(condition: Condition) -> str:
    if condition.is_own:
        return "run logtui compact on the store, now or from cron"
    return "merge them with the tool that writes them, or bring them into a store of logtui's own with logtui ingest"


def _days(partitions: list[PartitionCondition]) -> str:
    return "1 directory holds its events" if len(partitions) == 1 else f"{len(partitions):,} directories hold theirs"


def _names(partitions: list[PartitionCondition]) -> tuple[str, ...]:
    return tuple(each.name or "." for each in partitions)


def _leftovers(condition: Condition, now: int) -> Iterator[Finding]:
    stray = [each for each in condition.staged if not each.is_held and now - each.changed_at > _ABANDONED]
    if stray:
        what = f"{_files_of(stray)} left by writers that died; no events of the store are in them"
        advice = "nothing is lost: the next writer or logtui compact removes them; delete them by hand if none runs"
        yield Finding(Grade.WARNING, "leftovers", what, advice, tuple(each.path for each in stray))
    ended = [each for part in condition.partitions for each in part.unfinished if now - each.changed_at > _UNFINISHED]
    if ended:
        what = f"{_files_of(ended)} of compactions that did not end; events are read right, once each, meanwhile"
        yield Finding(Grade.WARNING, "leftovers", what, _compact(condition), tuple(each.path for each in ended))
    if condition.rejects:
        what = f"{_files_of(condition.rejects)} of events that were rejected when they came in"
        advice = "look at the reasons in them, mend and ingest what matters, then delete them"
        yield Finding(Grade.WARNING, "rejects", what, advice, tuple(each.path for each in condition.rejects))


def _index(condition: Condition, now: int) -> Iterator[Finding]:
    # What comes in today will be merged, and gets them then.
    over = (each for each in condition.partitions if day_start(each.name.removeprefix("date=")) + DAY + HOUR < now)
    lacking = [name for each in over for name in each.unindexed] if condition.is_own else []
    if lacking:
        count = f"{len(lacking):,} segment" + ("" if len(lacking) == 1 else "s")
        what = f"{count} without what makes searching them fast: answers are right, but come more slowly"
        yield Finding(Grade.NOTE, "index", what, _compact(condition), tuple(lacking))
    stray = [each for each in condition.orphans if now - each.changed_at > _ABANDONED]
    if stray:
        what = f"{_files_of(stray)} about events that are gone"
        yield Finding(Grade.WARNING, "index", what, _compact(condition), tuple(each.path for each in stray))


def _files_of(leftovers: list[Leftover] | tuple[Leftover, ...]) -> str:
    count, size = len(leftovers), sum(each.size for each in leftovers)
    return f"{count:,} file{'' if count == 1 else 's'} ({size_text(size)})"


def _clocks(condition: Condition, now: int) -> Iterator[Finding]:
    ahead = [each for each in condition.times if each.latest_event is not None and each.latest_event > now + _SKEW]
    if ahead:
        latest = max(each.latest_event or 0 for each in ahead)
        what = f"events lie in the future, up to {span_text(latest - now)} from now"
        advice = "set the clock of the machine that produces them, or of this one (timedatectl)"
        yield Finding(Grade.WARNING, "clocks", what, advice, tuple(each.path for each in ahead))
    early = [
        (each.latest_event - each.latest_ingest, each.path)
        for each in condition.times
        if each.latest_event is not None and each.latest_ingest is not None
        if each.latest_event - each.latest_ingest > _SKEW and each.latest_event <= now + _SKEW
    ]
    if early:
        what = f"events were written up to {span_text(max(early)[0])} before they happened, by their own times"
        advice = "the producer's clock ran ahead, or the writer's was behind: compare both with timedatectl"
        yield Finding(Grade.WARNING, "clocks", what, advice, tuple(path for _, path in early))
    written = [each.path for each in condition.times if each.changed_at > now + _SKEW]
    if written:
        what = "files were changed in the future, by this machine's clock"
        advice = "set the clock of this machine, or of the file server (timedatectl)"
        yield Finding(Grade.WARNING, "clocks", what, advice, tuple(written))


def _permissions(condition: Condition, _: int) -> Iterator[Finding]:
    open_to_write = [each for each in condition.access if each.mode & _OTHERS_WRITE]
    if open_to_write:
        what = "every user of this machine may add, replace and delete event files"
        advice = "chmod o-w on the store's directories"
        yield Finding(Grade.ERROR, "permissions", what, advice, tuple(each.path or "." for each in open_to_write))
    root = next((each for each in condition.access if not each.path), None)
    if root is not None and root.mode & _OTHERS_READ:
        what = "every user of this machine may read the events"
        yield Finding(Grade.NOTE, "permissions", what, "chmod o-rx on the store's directory, if that is not meant", ())
    if root is None or not condition.is_own:
        return
    closed = [each for each in condition.access if not each.is_writable]
    if closed and root.is_writable:
        what = "the store can be written to by this user, but not all of its days"
        advice = "give the days the owner and mode of the store's directory (chown, chmod)"
        yield Finding(Grade.WARNING, "permissions", what, advice, tuple(each.path for each in closed))
    elif closed:
        what = "this user may read the store, not write to it"
        yield Finding(Grade.NOTE, "permissions", what, "run ingest, receive, compact and retention as its owner", ())


def _space(condition: Condition, _: int) -> Iterator[Finding]:
    disk = condition.disk
    largest = max((each.size for each in condition.partitions), default=0)
    is_little = disk.free < min(_LITTLE_SPACE, int(disk.total * _LITTLE_SHARE))
    if is_little:
        what = f"{size_text(disk.free)} of {size_text(disk.total)} are free on the disk: writing will fail soon"
        advice = "delete expired days with logtui retention, or make room on the disk"
        yield Finding(Grade.WARNING, "space", what, advice)
    elif condition.is_own and disk.free < largest * 1.2:
        what = f"{size_text(disk.free)} are free, less than compacting the largest day needs ({size_text(largest)})"
        yield Finding(Grade.WARNING, "space", what, "make room on the disk before logtui compact")
    if disk.free_files is not None and disk.free_files < _FEW_FILES:
        what = f"the file system can hold only {disk.free_files:,} more files"
        yield Finding(Grade.WARNING, "space", what, "run logtui compact, and delete files that nobody needs")


def _live(condition: Condition, _: int) -> Iterator[Finding]:
    if not condition.disk.is_notified:
        what = f"the file system ({condition.disk.kind}) does not tell of changes by other machines"
        advice = "nothing to do: the live feed looks twice a second instead"
        yield Finding(Grade.NOTE, "live", what, advice)


def _future_days(condition: Condition, now: int) -> Iterator[Finding]:
    # Own partitions promise their day: one beyond tomorrow is wrong whatever its footers say.
    ahead = [
        each.name
        for each in condition.partitions
        if condition.is_own and day_start(each.name.removeprefix("date=")) > now
    ]
    if ahead:
        what = "days in the future hold events"
        yield Finding(Grade.WARNING, "clocks", what, "set the clock of the machine that produced them", tuple(ahead))


_CHECKS: tuple[Callable[[Condition, int], Iterator[Finding]], ...] = (
    _files,
    _permissions,
    _space,
    _clocks,
    _future_days,
    _layout,
    _leftovers,
    _index,
    _live,
)
