"""Finishing what a crash cut off, before anything new is planned."""

from __future__ import annotations

from logtui.core.cancel import CancelToken
from logtui.services.retention import finishing
from logtui.services.retention.ground import RetainedStore
from logtui.storage import reserve, trash
from logtui.storage.locks import MAINTENANCE, holding


def recover(store: RetainedStore, *, token: CancelToken) -> None:
    """Bring runs that a crash cut off to their end; does nothing where there are none.

    Raises:
        StoreError: another process maintains the store, or the ledger is damaged.
    """
    store.marker()
    if trash.runs(store.root) or trash.condemned(store.root):
        with holding(store.root, MAINTENANCE, is_patient=False):
            reserve.use_if_full(store.root)
            finishing.finish_runs(store, token=token)
