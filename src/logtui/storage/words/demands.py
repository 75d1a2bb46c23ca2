"""What a query demands of the pieces of text in some rows. Pure.

A demand is a necessary condition: rows that do not meet it hold no matching event. Negations and everything
that the filter does not know demand nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from logtui.core.query.ast import And, Around, Between, Node, Not, On, Or, PayloadRef, Since, Term, Until, Word
from logtui.core.query.fold import fold
from logtui.core.query.normal import conditions
from logtui.storage.telltales import pieces_of, telltales
from logtui.storage.words.anchors import anchored_pieces
from logtui.storage.words.pieces import Table, slots_of


@dataclass(frozen=True, slots=True)
class Holds:
    """All these pieces are there."""

    table: Table
    slots: frozenset[int]


@dataclass(frozen=True, slots=True)
class Hidden:
    """Payloads spell characters by their numbers, so that they may hold what the filter does not know."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Several demands."""

    parts: tuple[Demand, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several demands."""

    parts: tuple[Demand, ...]


Demand = Holds | Hidden | AllOf | AnyOf


def demand_of(node: Node) -> Demand | None:
    """Return what a resolved tree demands; None for nothing."""
    match node:
        case And(children):
            return _all(map(demand_of, children))
        case Or(children):
            return _any(map(demand_of, children))
        case Word(text, is_quoted):
            return _all(map(text_demand, pieces_of(text, is_quoted=is_quoted)))
        case Term(PayloadRef(), values):
            texts = telltales(values)
            found = _any(text_demand(fold(text)) for text in texts) if texts else None
            return None if found is None else AnyOf((Hidden(), found))
        case _:
            return None


def text_demand(folded: str) -> Demand | None:
    """Return what a folded text demands that is looked for anywhere; None if its pieces are not in the filters."""
    # What is no ASCII is in no piece, and may take another number of bytes where it is stored in another case.
    return _all(map(_ascii_demand, _ASCII.findall(folded)))


def _ascii_demand(text: str) -> Demand | None:
    anchored = anchored_pieces(text)
    # What leaves most out comes first: where nothing is left, no more is read.
    first = Holds(Table.ANCHORED, anchored.slots()) if anchored else None
    ways = [(table, slots_of(text, table)) for table in (Table.PLAIN, Table.HEX)]
    return _all((first, *(_any([Holds(table, way) for way in each]) if each else None for table, each in ways)))


_ASCII = re.compile(r"[\x00-\x7f]+")


def _all(demands: Iterable[Demand | None]) -> Demand | None:
    parts = tuple(each for each in demands if each is not None)
    if len(parts) < 2:
        return parts[0] if parts else None
    return AllOf(parts)


def _any(demands: Iterable[Demand | None]) -> Demand | None:
    parts = tuple(demands)
    known = tuple(each for each in parts if each is not None)
    if not known or len(known) < len(parts):
        return None
    return known[0] if len(known) == 1 else AnyOf(known)


def reads_all_payloads(node: Node) -> bool:
    """Tell whether nothing in a query, resolved or not, saves reading the payload of each event of its times."""
    terms = [term for term in conditions(node) if not isinstance(term, _TIMES)]
    return bool(terms) and all(map(_is_text, terms)) and demand_of(node) is None


_TIMES = (Since, Until, On, Around, Between)


def _is_text(node: Node) -> bool:
    """Tell whether only the payload can say whether a condition holds."""
    match node:
        case And(children) | Or(children):
            return any(map(_is_text, children))
        case Not(child):
            return _is_text(child)
        case Term(PayloadRef()) | Word():
            return True
        case _:
            return False
