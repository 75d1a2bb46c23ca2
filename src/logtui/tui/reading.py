"""Reading the rows of a selection, from the top or around a place. Runs in threads, knows no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from logtui.core.cancel import CancelToken
from logtui.core.event import NOWHERE, Cursor
from logtui.core.page import Order, Page, Selection, TimeRange
from logtui.core.query.ast import ColumnRef, Compare, Literal, Term
from logtui.core.query.normal import all_of
from logtui.session import Session
from logtui.storage.engine import Position
from logtui.tui.opening import FIRST_PAGE


@dataclass(frozen=True, slots=True)
class Began:
    """The question is resolved; rows follow."""

    selection: Selection


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The events on both sides of a place, each side from the place outwards."""

    at: Cursor
    newer: Page
    older: Page


Part = Began | Page | Surroundings


def rows(
    session: Session, selection: Selection, at: Cursor | None, token: CancelToken
) -> Iterator[Page | Surroundings]:
    """Yield the newest events, or those around a place."""
    if at is None:
        yield from session.search.pages(selection, limit=FIRST_PAGE, token=token)
    else:
        yield surroundings(session, selection, at, token)


def surroundings(session: Session, selection: Selection, at: Cursor, token: CancelToken) -> Surroundings:
    """Read the events around a place: one page that precedes it, and one that begins with it."""
    newer = session.search.page(selection, limit=FIRST_PAGE, token=token, order=Order.OLDEST_FIRST, after=at)
    # No id lies between an id and itself with U+0001 appended but ids that begin with both.
    just_above = Cursor(at.event_time, at.event_id + "\x01")
    older = session.search.page(selection, limit=FIRST_PAGE, token=token, after=just_above)
    return Surroundings(at, newer, older)


def count_above(session: Session, selection: Selection, at: Cursor, within: Position | None, token: CancelToken) -> int:
    """Return how many events are newer than a place; see `Engine.summary` about `within`."""
    later = TimeRange(at.event_time + 1, None)
    same = TimeRange(at.event_time, at.event_time + 1)
    larger_id = Term(ColumnRef("event_id"), (Compare(">", at.event_id),))
    parts = (
        Selection(selection.condition, selection.range.intersect(later)),
        Selection(all_of((selection.condition, larger_id)), selection.range.intersect(same)),
    )
    counted = sum(
        max(found.total for found in session.search.summary(part, bucket=None, token=token, within=within))
        for part in parts
    )
    return counted if at.place == NOWHERE else counted + _tied_above(session, parts[1].range, selection, at, token)


def _tied_above(session: Session, moment: TimeRange, selection: Selection, at: Cursor, token: CancelToken) -> int:
    """Return how many rows of the same time and id are newer than a place."""
    same_id = Term(ColumnRef("event_id"), (Literal(at.event_id, is_quoted=True),))
    tied = Selection(all_of((selection.condition, same_id)), moment)
    parts = session.search.pages(tied, limit=None, token=token, order=Order.OLDEST_FIRST, after=at)
    return sum(len(part.events) for part in parts)
