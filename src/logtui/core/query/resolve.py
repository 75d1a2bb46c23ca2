"""Resolving: relative times and event anchors become absolute, once per question.

Engines then see `Between` only, and the time range that the whole query implies, so that they can skip days.
"""

from __future__ import annotations

from collections.abc import Callable

from logtui.core.errors import QuerySyntaxError, UsageError
from logtui.core.page import ALL_TIME, Selection, TimeRange
from logtui.core.query.ast import And, Around, Between, Node, Not, On, Or, Since, TimeTerm, Until
from logtui.core.query.normal import all_of, any_of, conditions
from logtui.core.times import Period, is_time, parse_day, parse_duration, parse_period

FindTime = Callable[[str], int | None]
"""Time of the event with this id, None when it is not stored."""


def resolve(node: Node, *, now: int, find_time: FindTime) -> Selection:
    """Return the question with absolute times.

    The top-level time terms move into the range; what is left is the condition.

    Raises:
        QuerySyntaxError: `around:` names an event that is not stored.
    """
    absolute = _absolute(node, now, find_time)
    condition = all_of(part for part in conditions(absolute) if not isinstance(part, Between))
    return Selection(condition, implied_range(absolute))


def implied_range(node: Node) -> TimeRange:
    """Return a range that holds every event for which a resolved tree can be true."""
    match node:
        case Between(start, end):
            return TimeRange(start, end)
        case And(children):
            narrowed = ALL_TIME
            for child in children:
                narrowed = narrowed.intersect(implied_range(child))
            return narrowed
        case Or(children):
            ranges = [implied_range(child) for child in children]
            starts, ends = [part.start for part in ranges], [part.end for part in ranges]
            return TimeRange(
                None if None in starts else min(start for start in starts if start is not None),
                None if None in ends else max(end for end in ends if end is not None),
            )
        case _:
            return ALL_TIME


def _absolute(node: Node, now: int, find_time: FindTime) -> Node:
    match node:
        case And(children):
            return all_of(_absolute(child, now, find_time) for child in children)
        case Or(children):
            return any_of(_absolute(child, now, find_time) for child in children)
        case Not(child):
            return Not(_absolute(child, now, find_time))
        case Since() | Until() | On() | Around():
            try:
                return between(node, now=now, find_time=find_time)
            except UsageError as error:
                if isinstance(error, QuerySyntaxError):
                    raise
                raise QuerySyntaxError(str(error), node.span.start, width=node.span.end - node.span.start) from error
        case _:
            return node


def between(term: TimeTerm, *, now: int, find_time: FindTime) -> Between:
    """Return the absolute time of one term.

    Raises:
        QuerySyntaxError: `around:` names an event that is not stored.
        UsageError: the time is not a time; the parser lets none of these through.
    """
    match term:
        case Since(time):
            return Between(parse_period(time, now).start, None)
        case Until(time):
            return Between(None, parse_period(time, now).end)
        case On(day):
            start = parse_day(day, now)
            return Between(start, parse_period(day, now).end)
        case Around():
            period = _anchor(term, now, find_time)
            radius = parse_duration(term.radius)
            # Both ends of an instant's surroundings belong to it.
            return Between(period.start - radius, period.end + radius + (1 if period.is_instant else 0))


def _anchor(term: Around, now: int, find_time: FindTime) -> Period:
    if is_time(term.anchor):
        return parse_period(term.anchor, now)
    found = find_time(term.anchor)
    if found is None:
        raise QuerySyntaxError(
            f'no event with the id "{term.anchor}" is stored',
            term.span.start,
            width=term.span.end - term.span.start,
            expected="the id of a stored event, or a time",
        )
    return Period(found, found)
