"""Finishing what a crash cut off, before anything new is planned."""

from __future__ import annotations

from logtui.core.cancel import CancelToken
from logtui.services.retention import finishing
from logtui.services.retention.ground import RetainedStore
from logtui.services.retention.held_rows import hold_stores
from logtui.storage import reserve, trash
from logtui.storage.locks import MAINTENANCE, holding


def recover(store: RetainedStore, *, token: CancelToken) -> None:
    """Bring runs that a crash cut off to their end; does nothing where there are none.

    Raises:
        StoreError: another process maintains the store, or the ledger is damaged.
    """
    store.marker()
    root = store.root
    orphaned = hold_stores(root).keys() - store.standing().holds.keys()
    if orphaned or trash.runs(root) or trash.condemned(root):
        with holding(root, MAINTENANCE, is_patient=False):
            reserve.use_if_full(root)
            finishing.finish_runs(store, token=token)
