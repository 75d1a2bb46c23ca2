"""What changed between two payloads: the leaves that differ, compared as they are written.

Both trees are walked side by side, so the cost is their size, however deep they are. Elements of arrays meet by
position once the equal ones at both ends are set aside: an element put in front of an array is one change.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from logtui.core.payload_tree import ROOT, Kind, PayloadTree

MAX_CHANGES = 2_000
MAX_CHARACTERS = 2_000_000
MAX_DEPTH = 200
"""Of one payload. Larger and deeper ones are not compared, which is said."""


class Change(StrEnum):
    """What happened to a leaf."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class LeafChange:
    """One leaf that differs. Values are JSON as written; an empty container is a leaf, too."""

    path: tuple[str | int, ...]
    before: str | None
    after: str | None

    @property
    def change(self) -> Change:
        if self.before is None:
            return Change.ADDED
        return Change.REMOVED if self.after is None else Change.CHANGED


@dataclass(frozen=True, slots=True)
class Difference:
    """The differing leaves in the order of the later payload, removed ones where they were missed.

    `problem` says why there is no comparison; `is_cut` that there are more changes than these.
    """

    changes: tuple[LeafChange, ...] = ()
    is_cut: bool = False
    problem: str = ""


def compare(before: str, after: str) -> Difference:
    """Return what the later payload text has that the earlier one has not, and the other way round."""
    trees: list[PayloadTree] = []
    for which, text in (("previous", before), ("present", after)):
        if len(text) > MAX_CHARACTERS:
            return Difference(
                problem=f"the payload of the {which} event is too large to compare: {len(text):,} characters"
            )
        tree = PayloadTree(text)
        tree.read(len(text) + 1)
        if tree.deepest > MAX_DEPTH:
            return Difference(problem=f"the payload of the {which} event is nested too deeply to compare")
        if tree.broken is not None:
            return Difference(problem=f"the payload of the {which} event is not JSON")
        trees.append(tree)
    changes: list[LeafChange] = []
    for change in _changes(trees[0], trees[1]):
        if len(changes) == MAX_CHANGES:
            return Difference(tuple(changes), is_cut=True)
        changes.append(change)
    return Difference(tuple(changes), is_cut=any(tree.is_cut for tree in trees))


_Pair = tuple[int | None, int | None]
"""A line of the earlier tree and the line of the later one that it meets; None where there is none."""


def _changes(before: PayloadTree, after: PayloadTree) -> Iterator[LeafChange]:
    if before.root is not after.root or before.root not in (Kind.OBJECT, Kind.ARRAY):
        if before.text.strip() != after.text.strip():
            yield LeafChange((), before.text.strip(), after.text.strip())
        return
    pending = [_pairs(before, ROOT, after, ROOT, before.root)]
    while pending:
        pair = next(pending[-1], None)
        if pair is None:
            pending.pop()
            continue
        old, new = pair
        if old is None or new is None:
            yield from _lost_or_gained(before, old, after, new)
        elif before.kind(old) is after.kind(new) and before.kind(old) >= Kind.OBJECT:
            pending.append(_pairs(before, old, after, new, before.kind(old)))
        elif before.has_children(old) or after.has_children(new):
            yield from _lost_or_gained(before, old, after, new)
        elif before.value(old) != after.value(new) or before.kind(old) is not after.kind(new):
            yield LeafChange(after.path(new), before.raw(old), after.raw(new))


def _lost_or_gained(before: PayloadTree, old: int | None, after: PayloadTree, new: int | None) -> Iterator[LeafChange]:
    if old is not None:
        yield from (LeafChange(before.path(leaf), before.raw(leaf), None) for leaf in _leaves(before, old))
    if new is not None:
        yield from (LeafChange(after.path(leaf), None, after.raw(leaf)) for leaf in _leaves(after, new))


def _leaves(tree: PayloadTree, line: int) -> Iterator[int]:
    return (leaf for leaf in range(line, tree.end(line)) if not tree.has_children(leaf))


def _pairs(before: PayloadTree, old: int, after: PayloadTree, new: int, kind: Kind) -> Iterator[_Pair]:
    """Yield what meets inside two containers of one kind, in the order of the later one, lost members last."""
    if kind is Kind.ARRAY:
        yield from _element_pairs(before, list(before.children(old)), after, list(after.children(new)))
        return
    by_key: dict[str | int, list[int]] = {}
    for line in before.children(old):
        by_key.setdefault(before.key(line), []).append(line)
    for line in after.children(new):
        same_key = by_key.get(after.key(line))
        yield (same_key.pop(0) if same_key else None, line)
    yield from ((line, None) for lines in by_key.values() for line in lines)


def _element_pairs(before: PayloadTree, old: list[int], after: PayloadTree, new: list[int]) -> Iterator[_Pair]:
    same = [before.raw(ours) == after.raw(theirs) for ours, theirs in zip(old, new, strict=False)]
    head = same.index(False) if False in same else len(same)
    old, new = old[head:], new[head:]
    while old and new and before.raw(old[-1]) == after.raw(new[-1]):
        del old[-1], new[-1]
    return zip_longest(old, new)
