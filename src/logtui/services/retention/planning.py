"""From a store to a plan: policy, holds and what was done before, what is there, and the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from logtui.core.cancel import CancelToken
from logtui.core.errors import UsageError
from logtui.core.retention.partition import Partition
from logtui.core.retention.plan import Plan, make_plan
from logtui.core.retention.policy import Policy
from logtui.services.retention.ground import RetainedStore
from logtui.storage.census import NOTHING_KNOWN, take_census
from logtui.storage.policy_file import StoredPolicy, read_policy


@dataclass(frozen=True, slots=True)
class Override:
    """What a command line says in place of the store's own policy; None leaves it."""

    days: int | None = None
    plan: str = ""
    max_bytes: int | None = None

    def over(self, policy: Policy) -> Policy:
        """Return the policy with this put over it."""
        if self.days is not None:
            policy = replace(policy, days=self.days, plan=self.plan, keep=_longer(policy, self.days))
        return policy if self.max_bytes is None else replace(policy, max_bytes=self.max_bytes)


NO_OVERRIDE = Override()


def stored_policy(store: RetainedStore, override: Override = NO_OVERRIDE) -> StoredPolicy:
    """Return the policy that counts, and the store's undo window.

    Raises:
        UsageError: the store's file is wrong, or asks for what an adopted store cannot do.
    """
    stored = read_policy(store.root)
    policy = override.over(stored.policy)
    if policy.keep and store.marker().is_foreign:
        raise UsageError("keeping some types longer rewrites days, which a store of other tools does not allow")
    return replace(stored, policy=policy)


def plan_store(
    store: RetainedStore,
    override: Override = NO_OVERRIDE,
    *,
    known: Mapping[str, Partition] = NOTHING_KNOWN,
    token: CancelToken | None = None,
) -> Plan:
    """Look over the store and decide about every partition. Changes nothing.

    Args:
        known: partitions of an earlier plan, by name, whose footers need not be read again if nothing changed.

    Raises:
        StoreError: it is no store of ours, cannot be read, or its ledger is damaged.
        UsageError: its policy is wrong.
    """
    marker = store.marker()
    policy = stored_policy(store, override).policy
    standing = store.standing()
    partitions = take_census(store.root, is_own=not marker.is_foreign, known=known, token=token)
    return make_plan(partitions, policy, standing.known, store.clock())


def _longer(policy: Policy, days: int) -> tuple[tuple[str, int], ...]:
    """Leave out the types that are kept no longer than all events are."""
    return tuple((pattern, kept) for pattern, kept in policy.keep if kept > days)
