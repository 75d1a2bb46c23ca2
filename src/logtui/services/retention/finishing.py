"""What makes a run final, whether by the run itself or by the next one after a crash: both go through here.

A crash may come between any two steps. What tells how far a run had come is the disk alone: its intent, what is in its
place in the trash, and the ledger.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from logtui.core.cancel import CancelToken
from logtui.core.clock import SECOND
from logtui.core.page import Problem
from logtui.core.times import format_instant, parse_instant
from logtui.services.retention.ground import RetainedStore
from logtui.services.retention.held_rows import hold_store, hold_stores
from logtui.storage import trash
from logtui.storage.ledger import Op, append
from logtui.storage.manifests import manifest_name, seal_files
from logtui.storage.partitions import left_name, partition_name
from logtui.storage.policy_file import DEFAULT_KEEP_TRASH
from logtui.storage.reducing import is_committed, remove_left, remove_side_file, write_side_file
from logtui.storage.sidecars import remove_sidecars

Body = dict[str, Any]


def run_id(now: int) -> str:
    """Return a new id for a run: it begins with the time, and is part of file names."""
    moment = format_instant(now // SECOND * SECOND)
    return f"{moment.replace('-', '').replace(':', '')}-{secrets.token_hex(3)}"


def finish_runs(store: RetainedStore, *, token: CancelToken) -> list[Problem]:
    """Bring runs that a crash cut off to their end: what was moved is recorded, what was being deleted is deleted.

    The maintenance lock is held by the caller.
    """
    root = store.root
    problems: list[Problem] = []
    for run in trash.condemned(root):
        problems += _delete(store, run)
    for hold in hold_stores(root).keys() - store.standing().holds.keys():
        put_away(store, hold, DEFAULT_KEEP_TRASH)
    recorded = {str(entry.body["id"]) for entry in store.ledger().entries if entry.op == Op.DROP}
    for run in trash.runs(root):
        restoring = trash.read_note(root, run, trash.RESTORING)
        if run not in recorded:
            record_run(store, run, token=token, is_late=True)
        if restoring is not None:
            finish_restore(store, run, restoring["days"])
    return problems


def put_away(store: RetainedStore, hold: str, keep_trash: int) -> None:
    """Move the events of a hold that was released to the trash."""
    place = hold_store(store.root, hold)
    if not place.is_dir():
        return
    run = run_id(store.clock())
    until = format_instant(store.clock() + keep_trash)
    trash.begin_run(store.root, run, {"id": run, "until": until, "partitions": [], "hold": hold})
    trash.move_hold(store.root, run, place)
    if keep_trash <= 0:
        purge_run(store, run)


def record_run(store: RetainedStore, run: str, *, token: CancelToken, is_late: bool = False) -> list[Body]:
    """Flush what a run moved, and write it into the ledger; return the partitions that it says went.

    Args:
        is_late: whether the run itself was cut off.
    """
    root = store.root
    intent = trash.read_note(root, run)
    if intent is not None and intent.get("hold"):
        return []
    if intent is None:
        # It had not begun: nothing was moved before the intent was on the disk.
        _discard(root, run)
        return []
    moved = trash.moved(root, run)
    taken: list[Body] = []
    for body in intent["partitions"]:
        name = partition_name(body["day"])
        if body["types"] and is_committed(root, name, run):
            finish_reduced(root, run, name, body["removed"])
            left = seal_files(root / name, [left_name(run)], token=token)[0]
            taken.append({**body, "action": "reduce", "left": {**left, "types": body["types"]}})
            continue
        if body["types"]:
            remove_side_file(root, name, run)
        if name in moved:
            trash.move_manifest(root, run, manifest_name(body["day"]))
            trash.move_sidecars(root, run, name)
            taken.append({**body, "action": "drop", "removed": []})
    if not taken:
        _discard(root, run)
        return []
    trash.flush_run(root, run)
    note = {"note": "finished after an interruption"} if is_late else {}
    append(root, Op.DROP, {**intent, **note, "partitions": taken}, clock=store.clock)
    return taken


def finish_reduced(root: Path, run: str, name: str, inputs: Sequence[str]) -> None:
    """Move away what a run's segment replaces; readers do not see them any more."""
    trash.move_files(root, run, name, inputs)
    remove_sidecars(root, [f"{name}/{each}" for each in inputs])
    remove_side_file(root, name, run)


def finish_restore(store: RetainedStore, run: str, days: Sequence[str]) -> None:
    """Bring days of a run back and record it; those that are back already are passed over."""
    root = store.root
    moved = trash.moved(root, run)
    intent = trash.read_note(root, run) or {"partitions": []}
    removed = {body["day"]: body["removed"] for body in intent["partitions"]}
    for day in days:
        name = partition_name(day)
        if is_committed(root, name, run):
            _put_back(root, run, name, removed[day])
        elif name in moved and trash.has_files(root, run, name):
            trash.move_back(root, run, name)
        remove_side_file(root, name, run)
        trash.move_manifest(root, run, manifest_name(day), is_back=True)
        trash.move_sidecars(root, run, name, is_back=True)
    trash.flush_run(root, run)
    append(root, Op.RESTORE, {"id": run, "days": list(days)}, clock=store.clock)
    trash.remove_note(root, run, trash.RESTORING)
    if not any(trash.has_files(root, run, name) for name in trash.moved(root, run)):
        purge_run(store, run)


def purge(store: RetainedStore, *, token: CancelToken) -> list[Problem]:
    """Delete for good what can no longer be restored."""
    problems: list[Problem] = []
    for run in trash.runs(store.root):
        token.check()
        intent = trash.read_note(store.root, run)
        if intent is not None and parse_instant(intent["until"], 0) <= store.clock():
            problems += purge_run(store, run)
    return problems


def purge_run(store: RetainedStore, run: str) -> list[Problem]:
    """Delete for good what one run moved."""
    trash.condemn(store.root, run)
    return _delete(store, run)


def _delete(store: RetainedStore, run: str) -> list[Problem]:
    purged = {str(entry.body["id"]) for entry in store.ledger().entries if entry.op == Op.PURGE}
    if run not in purged:
        append(store.root, Op.PURGE, {"id": run}, clock=store.clock)
    return [Problem(f"trash of run {run}", text) for text in trash.delete(store.root, run)]


def _discard(root: Path, run: str) -> None:
    trash.condemn(root, run)
    for _ in trash.delete(root, run):
        pass


def _put_back(root: Path, run: str, name: str, inputs: Sequence[str]) -> None:
    """Exchange the segment that was left for what it replaced: the exchange is the moment it loses its name."""
    write_side_file(root, name, run, inputs)
    trash.move_files(root, run, name, inputs, is_back=True)
    remove_left(root, name, run)
