"""Which sidecars a segment gets, when it is written and afterwards."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from types import MappingProxyType

from logtui.storage.footers import read_footer
from logtui.storage.merging import read_groups
from logtui.storage.needle_building import NeedleBuilder
from logtui.storage.publishing import flush
from logtui.storage.sidecar_keeping import missing_kinds
from logtui.storage.sidecar_writing import Builder, Sidecars
from logtui.storage.sidecars import LEAST_SETTLED, Identity, Kind
from logtui.storage.summary_building import SummaryBuilder
from logtui.storage.words.building import ids_builder, words_builder

BUILDERS: Mapping[Kind, Callable[[], Builder]] = MappingProxyType(
    {
        Kind.SUMMARY: SummaryBuilder,
        Kind.NEEDLES: NeedleBuilder,
        Kind.WORDS: words_builder,
        Kind.IDS: ids_builder,
    }
)
"""Kind -> what makes one."""

QUICK = (Kind.SUMMARY, Kind.NEEDLES, Kind.WORDS)
"""What is made while somebody waits for an import. Compaction makes the others, when there is time."""


def sidecars_for(rows: int, least: int = LEAST_SETTLED, kinds: Collection[Kind] = tuple(Kind)) -> Sidecars:
    """Return the sidecars that a segment of so many rows gets; none where they are fewer than `least`."""
    return Sidecars([make() for kind, make in BUILDERS.items() if kind in kinds] if rows >= least else [])


def lacking(root: str | Path, segment: str, about: Identity) -> tuple[Kind, ...]:
    """Return the sidecars that a segment should have and has not.

    Args:
        segment: its name relative to the store.
    """
    return missing_kinds(root, segment, about, BUILDERS)


def make_lacking(root: Path, segment: str, *, check: Callable[[], None]) -> bool:
    """Make the sidecars that a published segment has not, and tell whether it has all of them now.

    Args:
        check: called between row groups; may raise.

    Raises:
        SegmentError: the segment is damaged, or has other columns than logtui writes.
        FileNotFoundError: it is gone.
    """
    path = root / segment
    about = Identity(read_footer(str(path)).rows, path.stat().st_size)
    kinds = lacking(root, segment, about)
    if not kinds:
        return True
    sidecars = Sidecars([BUILDERS[kind]() for kind in kinds])
    for group in read_groups(path, sidecars.columns, check=check):
        sidecars.add(group)
    sidecars.publish(root, segment, about, flush)
    return not lacking(root, segment, about)
