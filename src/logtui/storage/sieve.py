"""Which segments a condition can leave out by their filters of ids alone, before anything of them is opened.

Conservative: what the filters do not know may hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from logtui.core.query.ast import And, ColumnRef, Literal, Node, Or, Term, Value
from logtui.storage.needles import LETTERS, Filter, Needle


@dataclass(frozen=True, slots=True)
class Sieve:
    """Needles of which some must be in a segment that holds what matches."""

    needs: tuple[tuple[Needle, ...], ...]
    """At least one of each group."""

    def passes(self, root: str, segment: str, size: int) -> bool:
        """Tell whether a segment may hold events that match.

        Args:
            segment: its name relative to the store.
            size: its size in bytes as it is now.
        """
        filter_ = Filter.of(root, segment, size)
        if filter_ is None:
            return True
        try:
            return all(any(map(filter_.may_have, group)) for group in self.needs)
        finally:
            filter_.close()


_MOST_NEEDLES = 64
"""In one group: with so many alternatives hardly a segment is left out."""


def sieve_of(node: Node) -> Sieve | None:
    """Return what a resolved condition needs; None where the filters can tell nothing."""
    needs = _needs(node)
    return Sieve(needs) if needs else None


def _needs(node: Node) -> tuple[tuple[Needle, ...], ...]:
    match node:
        case Term(ColumnRef(name), values) if name in LETTERS:
            group = _group(name, values)
            return (group,) if group else ()
        case And(children):
            return tuple(group for child in children for group in _needs(child))
        case Or(children):
            return _alternatives([_needs(child) for child in children])
        case _:
            # That something does not match can never be told from what may be there.
            return ()


def _alternatives(children: Sequence[tuple[tuple[Needle, ...], ...]]) -> tuple[tuple[Needle, ...], ...]:
    """Return what one of several conditions needs: of each its narrowest group, all of them together."""
    if not all(children):
        return ()
    merged = tuple(needle for child in children for needle in min(child, key=len))
    return (merged,) if len(merged) <= _MOST_NEEDLES else ()


def _group(column: str, values: Sequence[Value]) -> tuple[Needle, ...]:
    texts = [value.text for value in values if isinstance(value, Literal)]
    if not len(texts) == len(values) <= _MOST_NEEDLES:
        return ()
    try:
        return tuple(Needle.of(column, text) for text in texts)
    except UnicodeEncodeError:
        return ()
