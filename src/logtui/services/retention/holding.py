"""Holds: named reasons why days, or the events that match a query, must outlive the policy."""

from __future__ import annotations

from dataclasses import replace

from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError, UsageError
from logtui.core.page import ALL_TIME
from logtui.core.query.parser import parse
from logtui.core.query.resolve import resolve
from logtui.core.query.text import to_text
from logtui.core.retention.partition import Hold
from logtui.services.retention import finishing
from logtui.services.retention.ground import RetainedStore
from logtui.services.retention.held_rows import is_hold_name
from logtui.storage.ledger import Op, append
from logtui.storage.ledger_state import hold_body
from logtui.storage.locks import MAINTENANCE, holding


def add_hold(store: RetainedStore, hold: Hold) -> Hold:
    """Record a hold. From then on nothing that it covers goes.

    Raises:
        UsageError: its name, reason, days or query are wrong.
        StoreError: there is one of this name, or it cannot be recorded.
    """
    checked = _checked(hold)
    store.marker()
    # Not while apply is at work: it has already read which holds there are.
    with holding(store.root, MAINTENANCE):
        if checked.name in store.standing().holds:
            raise StoreError(f"there is a hold {checked.name} already; release it first, or choose another name")
        append(store.root, Op.HOLD, hold_body(checked), clock=store.clock)
    return checked


def release_hold(store: RetainedStore, name: str, reason: str, *, keep_trash: int, token: CancelToken) -> Hold:
    """End a hold; events that were copied for it go to the trash.

    Raises:
        StoreError: there is no such hold.
    """
    store.marker()
    with holding(store.root, MAINTENANCE):
        finishing.finish_runs(store, token=token)
        held = store.standing().holds.get(name)
        if held is None:
            raise StoreError(f"there is no hold {name!r}; `logtui retention log` shows which there are")
        append(store.root, Op.RELEASE, {"name": name, "reason": reason}, clock=store.clock)
        finishing.put_away(store, name, keep_trash)
    return held


def new_hold_name(taken: frozenset[str] | set[str]) -> str:
    """Return a name for a hold that was given none: `hold-1`."""
    number = 1
    while f"hold-{number}" in taken:
        number += 1
    return f"hold-{number}"


def _checked(hold: Hold) -> Hold:
    if not is_hold_name(hold.name):
        raise UsageError(f"hold {hold.name!r}: expected a name of ASCII letters, digits, _ . and -")
    if not hold.reason.strip():
        raise UsageError("a hold needs its reason: --reason 'case 4711'")
    if hold.first is not None and hold.last is not None and hold.last < hold.first:
        raise UsageError("a hold ends before it begins")
    if hold.query:
        return _with_checked_query(hold)
    if hold.first is None and hold.last is None:
        raise UsageError("a hold needs days (--from, --to) or a query (--query)")
    return hold


def _with_checked_query(hold: Hold) -> Hold:
    tree = parse(hold.query)
    selection = resolve(tree, now=0, find_time=lambda _: 0)
    if selection.range != ALL_TIME or "around:" in hold.query:
        raise UsageError("the query of a hold has a time in it; give days with --from and --to instead")
    if not to_text(tree):
        raise UsageError("the query of a hold is empty; hold whole days with --from and --to")
    return replace(hold, query=to_text(tree))
