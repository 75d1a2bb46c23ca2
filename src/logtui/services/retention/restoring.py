"""Undo: bringing back what a run dropped, as long as it is in the trash."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError
from logtui.core.retention.plan import Plan
from logtui.core.times import parse_instant
from logtui.services.retention import finishing
from logtui.services.retention.ground import RetainedStore
from logtui.storage import trash
from logtui.storage.ledger_state import Dropped
from logtui.storage.locks import MAINTENANCE, holding


@dataclass(frozen=True, slots=True)
class Restorable:
    """One run that can be undone, wholly or for some days."""

    run: str
    until: int
    """When it is deleted for good, by the next apply after that."""
    dropped: tuple[Dropped, ...]


def restorable(store: RetainedStore) -> tuple[Restorable, ...]:
    """Return the runs that can be undone, oldest first."""
    standing = store.standing()
    found = []
    for run in trash.runs(store.root):
        intent = trash.read_note(store.root, run)
        if intent is not None and standing.runs.get(run):
            found.append(Restorable(run, parse_instant(intent["until"], 0), standing.runs[run]))
    return tuple(found)


def restore(
    store: RetainedStore, *, run: str = "", days: Collection[str] = (), token: CancelToken
) -> tuple[Dropped, ...]:
    """Bring days back, whole; the newest run's without `run`, all of its days without `days`.

    Raises:
        StoreError: there is nothing to restore, or a day was written to meanwhile.
    """
    store.marker()
    with holding(store.root, MAINTENANCE, is_patient=False):
        finishing.finish_runs(store, token=token)
        chosen = _choose(restorable(store), run, frozenset(days))
        names = [dropped.day for dropped in chosen]
        trash.write_note(store.root, chosen[0].run, trash.RESTORING, {"days": names})
        finishing.finish_restore(store, chosen[0].run, names)
    return chosen


def goes_again(plan: Plan, restored: Collection[Dropped]) -> bool:
    """Tell whether the next apply would drop what was just restored."""
    days = {f"date={dropped.day}" for dropped in restored}
    return any(target.partition.name in days for target in plan.targets)


def _choose(runs: tuple[Restorable, ...], run: str, days: frozenset[str]) -> tuple[Dropped, ...]:
    if not runs:
        raise StoreError("there is nothing to restore: the trash is empty")
    if run:
        runs = tuple(each for each in runs if each.run == run)
        if not runs:
            raise StoreError(f"there is no run {run} in the trash; `logtui retention log` shows the runs")
    for each in reversed(runs):
        chosen = tuple(dropped for dropped in each.dropped if not days or dropped.day in days)
        if chosen and (not days or {dropped.day for dropped in chosen} == days):
            return chosen
    raise StoreError(f"no single run in the trash has {', '.join(sorted(days))}; restore them one by one")
