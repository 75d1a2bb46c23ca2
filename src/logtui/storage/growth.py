"""What is new in a directory since the last look. Pure.

Only ingested segments bring new events, also after a compacted one replaced them: while they are on the disk they are
read themselves. A compacted segment is never new; if it holds events that nobody saw, that takes a new search. What it
was made from is in its side file, and after that has gone, in the segment itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from logtui.storage.lineage import Lineage, is_covered, names_in
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
    unseen: tuple[Segment, ...] = ()
    """Compacted segments with events that were not given out: their segments came and went between two looks."""


def grow(
    known: Known,
    contents: Contents,
    *,
    is_own: bool,
    is_whole: Callable[[Segment], bool],
    lineage_of: Callable[[Segment], Lineage],
) -> Growth:
    """Compare a directory with what is known of it.

    Args:
        lineage_of: what a compacted segment says that it was made from; asked where its side file does not tell.
        is_own: whether the names have logtui's meaning.
        is_whole: whether a segment can be read; one that cannot yet is looked at again next time.
    """
    if contents is known.last or not contents.is_readable:
        return Growth(known)
    present = {each.name: each for each in (*contents.segments, *contents.replaced)}
    merged = known.merged.union(*contents.inputs.values())
    given: dict[str, Segment | None] = {}
    new: list[Segment] = []
    unseen: list[Segment] = []
    is_reset = False
    for name, segment in present.items():
        if name in known.given:
            is_reset |= known.given[name] not in (None, segment)
        elif is_own and is_compacted(_file_name(name)):
            inputs = contents.inputs.get(name)
            if inputs is None or not inputs <= known.given.keys() | present.keys():
                lineage = lineage_of(segment)
                merged |= {_sibling(segment, each) for each in names_in(lineage)}
                if not is_covered(lineage, {_file_name(each) for each in (*known.given, *present) if each != name}):
                    unseen.append(segment)
        elif is_whole(segment):
            new.append(segment)
        else:
            continue
        given[name] = segment
    is_reset |= bool(unseen or known.given.keys() - present.keys() - merged)
    last = contents if len(given) == len(present) else None
    return Growth(Known(given, merged & present.keys(), last), tuple(new), is_reset, tuple(unseen))


def _file_name(name: str) -> str:
    return name.rpartition("/")[2]


def _sibling(segment: Segment, file_name: str) -> str:
    return f"{segment.name.rpartition('/')[0]}/{file_name}"
