"""Adopting a store that other tools made: look first, then put the marker there that allows retention."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass

from logtui.core.errors import StoreError
from logtui.core.retention.partition import Partition
from logtui.core.retention.policy import Policy
from logtui.services.retention.ground import RetainedStore
from logtui.storage import reserve
from logtui.storage.census import take_census
from logtui.storage.control_files import write_control
from logtui.storage.ledger import Op, append
from logtui.storage.listing import reason
from logtui.storage.marker import FORMAT, read_marker
from logtui.storage.partitions import is_segment
from logtui.storage.policy_file import policy_body, write_policy


@dataclass(frozen=True, slots=True)
class Found:
    """What is in a directory that might be adopted."""

    partitions: tuple[Partition, ...]
    """Directories of days, oldest first."""
    strays: tuple[Partition, ...]
    """Everything else in it, which retention never touches."""
    is_foreign: bool
    """Whether there are segments that do not have logtui's names."""
    is_adopted: bool = False


def look_over(store: RetainedStore) -> Found:
    """Return what is there. Changes nothing.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        marker = read_marker(store.root)
    except OSError as error:
        raise StoreError(f"{store.root}: cannot be read: {reason(error)}") from error
    found = sorted(take_census(store.root, is_own=False), key=lambda each: (each.day or 0, each.name))
    partitions = tuple(each for each in found if each.day is not None)
    strays = tuple(each for each in found if each.day is None)
    is_foreign = any(not is_segment(segment.name) for each in partitions for segment in each.live)
    return Found(partitions, strays, is_foreign if marker is None else marker.is_foreign, marker is not None)


def adopt(store: RetainedStore, found: Found) -> None:
    """Write the marker, and the ledger's first entry.

    Raises:
        StoreError: there are no partitions, or the store cannot be written to.
    """
    if found.is_adopted:
        raise StoreError(f"{store.root}: is a store of logtui already; there is nothing to adopt")
    if not found.partitions:
        raise StoreError(
            f"{store.root}: has no directories named date=YYYY-MM-DD; retention works on date partitions only"
        )
    marker: dict[str, object] = {"format": FORMAT, "uuid": str(uuid.uuid4())}
    if found.is_foreign:
        marker["layout"] = "foreign"
    write_control(store.root, "root.json", content=json.dumps(marker).encode() + b"\n")
    body = {
        "partitions": len(found.partitions),
        "rows": sum(each.rows for each in found.partitions),
        "bytes": sum(each.byte_count for each in found.partitions),
        "layout": "foreign" if found.is_foreign else "logtui",
    }
    append(store.root, Op.ADOPT, body, clock=store.clock)
    reserve.set_aside(store.root)


def set_policy(store: RetainedStore, policy: Policy) -> None:
    """Write the store's own policy, and record it.

    Raises:
        StoreError: it cannot be written.
    """
    store.marker()
    write_policy(store.root, policy)
    append(store.root, Op.POLICY, {"policy": policy_body(policy)}, clock=store.clock)
