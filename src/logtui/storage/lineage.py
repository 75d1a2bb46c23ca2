"""What a compacted segment was made from, kept in the segment itself.

Side files go once the inputs are gone; a follower that slept meanwhile would not know whether the merged segment holds
events that it has not given out. So the names of the inputs, and of their inputs, are in the key-value metadata.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from logtui.storage.partitions import is_compacted, is_segment

if TYPE_CHECKING:
    import pyarrow.parquet as pq

KEY = "inputs"
METADATA_KEY = b"logtui.inputs"
"""As it is in the file."""
MOST_NAMES = 4096
"""Of the names that one segment carries, about 160 kB; a file's footer is read for every question."""

Lineage: TypeAlias = "Mapping[str, Lineage]"
"""File name of an input -> its own inputs; empty for those that were published, and where they are not known."""


def lineage_metadata(inputs: Sequence[Path]) -> dict[str, str]:
    """Return the metadata for a segment that is merged from `inputs`; empty when there are too many of them."""
    whole: Lineage = {path.name: _lineage_in(path) if is_compacted(path.name) else {} for path in inputs}
    direct: Lineage = {name: {} for name in whole}
    lineage = whole if _count(whole) <= MOST_NAMES else direct
    return {KEY: json.dumps(lineage, separators=(",", ":"))} if _count(lineage) <= MOST_NAMES else {}


def read_lineage(text: bytes) -> Lineage:
    """Return what metadata says; nothing where it is damaged."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if _is_lineage(found) else {}


def is_covered(lineage: Lineage, known: Collection[str]) -> bool:
    """Tell whether all events of a segment are in known ones.

    Args:
        known: file names of segments whose events are known.
    """
    return bool(lineage) and all(name in known or is_covered(inputs, known) for name, inputs in lineage.items())


def names_in(lineage: Lineage) -> frozenset[str]:
    """Return every name in it."""
    return frozenset(lineage).union(*map(names_in, lineage.values()))


def lineage_of(metadata: pq.FileMetaData) -> Lineage:
    """Return what a segment was made from; empty for one that was published, or where that is not known."""
    text = (metadata.metadata or {}).get(METADATA_KEY)
    return read_lineage(text) if text else {}


def _lineage_in(path: Path) -> Lineage:
    import pyarrow.parquet as pq

    return lineage_of(pq.read_metadata(path))


def _count(lineage: Lineage) -> int:
    return sum(1 + _count(inputs) for inputs in lineage.values())


def _is_lineage(found: object) -> bool:
    return isinstance(found, dict) and all(
        isinstance(name, str) and is_segment(name) and _is_lineage(inputs) for name, inputs in found.items()
    )
