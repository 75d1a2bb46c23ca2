"""Carrying out a plan: exactly the one that was shown, one partition after the other, recorded before it is final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.page import Problem
from logtui.core.retention.partition import Action, Planned
from logtui.core.retention.plan import Plan
from logtui.core.times import day_of, format_instant
from logtui.services.progress import Progress, no_progress
from logtui.services.retention import finishing
from logtui.services.retention.ground import RetainedStore, Rows
from logtui.services.retention.held_rows import hold_store, types_query
from logtui.services.retention.planning import NO_OVERRIDE, Override, plan_store
from logtui.storage import reserve, trash
from logtui.storage.ledger import person
from logtui.storage.ledger_state import Standing
from logtui.storage.locks import MAINTENANCE, day_lock, holding
from logtui.storage.manifests import Manifest, make_manifests, manifest_name
from logtui.storage.policy_file import policy_body
from logtui.storage.reducing import publish_left


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a plan."""

    run: str = ""
    """Names it in the ledger and in the trash; "" when there was nothing to do."""
    dropped: int = 0
    reduced: int = 0
    rows: int = 0
    """Events in the partitions that went, those that were kept or held included."""
    byte_count: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    """Hold -> events copied for it."""
    restorable_until: int | None = None
    problems: tuple[Problem, ...] = ()
    """What could not be done; those partitions are as they were."""


def apply_plan(
    store: RetainedStore,
    plan: Plan,
    override: Override = NO_OVERRIDE,
    *,
    keep_trash: int,
    is_forced: bool = False,
    progress: Progress = no_progress,
    token: CancelToken,
) -> Applied:
    """Do what a plan says.

    Args:
        keep_trash: how long what goes can be restored, in microseconds; 0 deletes it at once.
        is_forced: whether to go on in spite of the plan's refusals.

    Raises:
        StoreError: the store changed since the plan was made, another process maintains it, or the plan refuses.
    """
    if plan.refusals and not is_forced:
        raise StoreError("; ".join(plan.refusals) + "; if that is right, pass --force")
    with holding(store.root, MAINTENANCE, is_patient=False):
        reserve.use_if_full(store.root)
        problems = finishing.finish_runs(store, token=token)
        fresh = plan_store(store, override, known={each.partition.name: each.partition for each in plan.entries})
        if fresh.digest != plan.digest:
            raise StoreError("the store changed since the plan was shown, so nothing was done; look at a new plan")
        applied = _Run(store, fresh, keep_trash, progress, token).carry_out() if fresh.targets else Applied()
        problems += finishing.purge(store, token=token)
        reserve.set_aside(store.root)
    return replace(applied, problems=(*applied.problems, *problems))


class _Run:
    """One run of apply. The lock is held around it."""

    def __init__(
        self, store: RetainedStore, plan: Plan, keep_trash: int, progress: Progress, token: CancelToken
    ) -> None:
        self._store = store
        self._plan = plan
        self._until = store.clock() + keep_trash
        self._keep_trash = keep_trash
        self._progress = progress
        self._token = token
        self._problems: list[Problem] = []
        self._held: dict[tuple[str, str], int] = {}
        self._id = finishing.run_id(store.clock())

    def carry_out(self) -> Applied:
        targets = self._plan.targets
        if any(each.holds or each.kept_types for each in targets):
            with self._store.open_rows() as rows:
                return self._go(self._serve_holds(targets, rows), rows)
        return self._go(list(targets), None)

    def _go(self, targets: list[Planned], rows: Rows | None) -> Applied:
        bodies = self._bodies(targets)
        going = [each for each in targets if each.partition.name in bodies]
        if not going:
            return Applied(problems=tuple(self._problems))
        trash.begin_run(self._store.root, self._id, self._intent(list(bodies.values())))
        for count, target in enumerate(going):
            if self._token.is_cancelled:
                # What was moved so far is recorded before this ends.
                break
            self._progress(count, len(going), target.partition.name)
            try:
                self._take(target, rows)
            except StoreError as error:
                self._problems.append(Problem(target.partition.name, f"was not dropped: {error}"))
        taken = finishing.record_run(self._store, self._id, token=CancelToken())
        self._token.check()
        self._progress(len(going), len(going), "recorded")
        if self._keep_trash <= 0:
            self._problems += finishing.purge_run(self._store, self._id)
        return Applied(
            self._id,
            sum(each["action"] == Action.DROP for each in taken),
            sum(each["action"] == Action.REDUCE for each in taken),
            sum(each["rows"] for each in taken),
            sum(each["bytes"] for each in taken),
            self._copied({each["day"] for each in taken}),
            self._until if self._keep_trash > 0 else None,
            tuple(self._problems),
        )

    def _copied(self, days: set[str]) -> dict[str, int]:
        copied: dict[str, int] = {}
        for (day, hold), count in self._held.items():
            if day in days:
                copied[hold] = copied.get(hold, 0) + count
        return copied

    def _serve_holds(self, targets: tuple[Planned, ...], rows: Rows) -> list[Planned]:
        """Copy what holds by query ask for, before anything goes; a day where that fails stays."""
        served = []
        for target in targets:
            day = target.partition.day
            assert day is not None
            try:
                for hold in target.holds:
                    events = rows.matching(day, hold.query, token=self._token)
                    count = rows.store(hold_store(self._store.root, hold.name), events)
                    self._held[day_of(day), hold.name] = count
                served.append(target)
            except StoreError as error:
                self._problems.append(Problem(target.partition.name, f"was not dropped: {error}"))
        return served

    def _bodies(self, targets: list[Planned]) -> dict[str, dict[str, Any]]:
        """Return what the ledger will say of each target; one that cannot be read whole stays."""
        standing = self._store.standing()
        known = {each.partition.name: digest for each in targets if (digest := _sealed_digest(standing, each))}
        unknown = [each.partition for each in targets if each.partition.name not in known]
        for count, (partition, manifest) in enumerate(make_manifests(self._store.root, unknown, token=self._token)):
            self._progress(count, len(unknown), f"{partition.name}: digest")
            if isinstance(manifest, Manifest):
                known[partition.name] = manifest.digest
            else:
                self._problems.append(Problem(partition.name, f"was not dropped: {manifest}"))
        return {
            each.partition.name: self._body(each, known[each.partition.name])
            for each in targets
            if each.partition.name in known
        }

    def _body(self, target: Planned, digest: str) -> dict[str, Any]:
        partition = target.partition
        assert partition.day is not None
        day = day_of(partition.day)
        return {
            "day": day,
            "action": target.action.value,
            "reason": target.reason,
            "rows": partition.rows,
            "bytes": partition.byte_count,
            "segments": len(partition.live),
            "first": None if partition.first is None else format_instant(partition.first),
            "last": None if partition.last is None else format_instant(partition.last),
            "digest": digest,
            "types": list(target.kept_types),
            "removed": [file.name for file in partition.files] if target.kept_types else [],
            "held": {hold.name: self._held.get((day, hold.name), 0) for hold in target.holds},
        }

    def _intent(self, bodies: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": self._id,
            "by": person(),
            "until": format_instant(self._until),
            "policy": policy_body(self._plan.policy),
            "plan": self._plan.digest,
            "partitions": bodies,
        }

    def _take(self, target: Planned, rows: Rows | None) -> None:
        root, partition = self._store.root, target.partition
        assert partition.day is not None
        with holding(root, day_lock(partition.day // DAY)):
            if target.action is Action.REDUCE and rows is not None:
                events = rows.matching(partition.day, types_query(target.kept_types), token=self._token)
                inputs = [file.name for file in partition.files]
                if publish_left(root, partition.name, self._id, events, inputs):
                    finishing.finish_reduced(root, self._id, partition.name, inputs)
                    return
            trash.move_out(root, self._id, partition)
            trash.move_manifest(root, self._id, manifest_name(day_of(partition.day)))
            trash.move_sidecars(root, self._id, partition.name)


def _sealed_digest(standing: Standing, target: Planned) -> str:
    """Return the digest of the day's manifest, if the day was sealed and nothing was recorded to have changed since."""
    assert target.partition.day is not None
    sealed = standing.sealed.get(day_of(target.partition.day))
    return sealed.manifest if sealed is not None and not sealed.added and not sealed.removed else ""
