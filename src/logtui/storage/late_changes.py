"""What happens to a day after it was sealed goes into the ledger, so that verification can tell it from tampering.

Called by writers and compaction under the day's lock, after the change and before it is reported as done. A day without
a seal needs no record: its seal will say what it holds.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.clock import Clock, system_clock
from logtui.storage.ledger import Op, append, read_ledger
from logtui.storage.ledger_state import standing_of
from logtui.storage.manifests import is_sealed, seal_files
from logtui.storage.partitions import partition_name


def record_ingest(root: Path, day: str, segments: Sequence[str], *, clock: Clock = system_clock) -> None:
    """Record that segments with new events came into a sealed day, by their file names.

    Raises:
        StoreError: it cannot be recorded.
    """
    if segments and is_sealed(root, day):
        files = seal_files(root / partition_name(day), segments, token=CancelToken())
        append(root, Op.INGEST, {"day": day, "files": files}, clock=clock)


def record_compaction(
    root: Path, day: str, segments: Sequence[str], removed: Collection[str], *, clock: Clock = system_clock
) -> None:
    """Record, once, that `segments` hold the events of the segments `removed` of a sealed day, by their file names.

    Raises:
        StoreError: it cannot be recorded.
    """
    if is_sealed(root, day):
        sealed = standing_of(read_ledger(root)).sealed.get(day)
        if sealed is not None and sealed.added.keys() >= set(segments):
            return
        files = seal_files(root / partition_name(day), segments, token=CancelToken())
        append(root, Op.COMPACT, {"day": day, "files": files, "removed": sorted(removed)}, clock=clock)
