"""What is new in a directory since the last look. Pure.

Only ingested segments bring new events, also after a compacted one replaced them: while they are on the disk they are
read themselves. A compacted segment is never new; if it holds events that nobody saw, that takes a new search.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from logtui.storage.listing import Contents, Segment
from logtui.storage.partitions import is_compacted


@dataclass(frozen=True, slots=True)
class Known:
    """What a follower knows of one directory. Names are relative to the store."""

    given: Mapping[str, Segment | None] = field(default_factory=dict)
    """Segments whose events were given out; None where only the name is known, from a checkpoint."""
    merged: frozenset[str] = frozenset()
    """Those of them that a compacted segment replaces, so that they may go."""
    last: Contents | None = field(default=None, compare=False, repr=False)
    """What it was compared with last; most directories never change again."""


@dataclass(frozen=True, slots=True)
class Growth:
    """What one look at a directory found."""

    known: Known
    """What is known once `new` was given out."""
    new: tuple[Segment, ...] = ()
    is_reset: bool = False
    """Whether something changed that only a new search shows."""


def grow(known: Known, contents: Contents, *, is_own: bool, is_whole: Callable[[Segment], bool]) -> Growth:
    """Compare a directory with what is known of it.

    Args:
        is_own: whether the names have logtui's meaning.
        is_whole: whether a segment can be read; one that cannot yet is looked at again next time.
    """
    if contents is known.last or not contents.is_readable:
        return Growth(known)
    present = {each.name: each for each in (*contents.segments, *contents.replaced)}
    merged = known.merged.union(*contents.inputs.values())
    given: dict[str, Segment | None] = {}
    new: list[Segment] = []
    is_reset = False
    for name, segment in present.items():
        if name in known.given:
            is_reset |= known.given[name] not in (None, segment)
        elif is_own and is_compacted(name.rpartition("/")[2]):
            inputs = contents.inputs.get(name)
            is_reset |= inputs is None or not inputs <= known.given.keys() | present.keys()
        elif is_whole(segment):
            new.append(segment)
        else:
            continue
        given[name] = segment
    is_reset |= bool(known.given.keys() - present.keys() - merged)
    return Growth(
        Known(given, merged & present.keys(), contents if len(given) == len(present) else None), tuple(new), is_reset
    )
