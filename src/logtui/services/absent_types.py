"""Why a query for a type finds nothing: a type that no event has is named, with those that may have been meant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from logtui.core import catalogue
from logtui.core.cancel import CancelToken
from logtui.core.page import Selection
from logtui.core.query.ast import And, ColumnRef, Literal, Node, Or, Term
from logtui.core.query.fold import fold
from logtui.core.query.suggest import near_types
from logtui.services.search import Search

_MOST_TYPES = 10_000


@dataclass(frozen=True, slots=True)
class AbsentType:
    """A type that was asked for and that no event of the store has; `near` are values like it, the likeliest first."""

    name: str
    near: tuple[str, ...]


def absent_types(query: Node, search: Search, *, token: CancelToken) -> tuple[AbsentType, ...]:
    """Return the types that the query asks for by their whole name and that are nowhere in the store."""
    asked = tuple(dict.fromkeys(_asked_types(query)))
    if not asked:
        return ()
    facet = search.facet(Selection(), "event_type", limit=_MOST_TYPES, token=token)
    seen = tuple(value.value for value in facet.values if value.value is not None)
    present = {fold(name) for name in seen}
    candidates = (*seen, *catalogue.load().types)
    return tuple(AbsentType(name, near_types(name, candidates)) for name in asked if fold(name) not in present)


def _asked_types(node: Node) -> Iterator[str]:
    """Yield the literal types; those under a Not were asked to be absent."""
    match node:
        case And(children) | Or(children):
            for child in children:
                yield from _asked_types(child)
        case Term(ColumnRef("event_type"), values):
            yield from (value.text for value in values if isinstance(value, Literal))
