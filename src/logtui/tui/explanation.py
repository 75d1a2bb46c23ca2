"""Why there are no events: nothing stored, nothing stored then, files that cannot be read, or conditions.

Each reason costs a question of its own, so they come one after the other; the screen shows those that are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.page import Coverage, Day, DayState, Selection, TimeRange
from logtui.core.query.ast import Node
from logtui.core.query.normal import conditions
from logtui.core.query.text import to_text
from logtui.core.sanitise import visible
from logtui.core.times import day_of
from logtui.services.absent_types import absent_types
from logtui.session import Session

KeyOf = Callable[[str], str]
"""Action id -> the key that does it, as people read it."""

_MOST_CONDITIONS = 8


def explanation(
    session: Session, selection: Selection, query: Node, key_of: KeyOf, token: CancelToken
) -> Iterator[tuple[str, ...]]:
    """Yield lines that say why no event matches, each time with all that is known so far. Runs in a thread."""
    lines: tuple[str, ...] = ("No events match.",)
    for line in _reasons(session, selection, query, key_of, token):
        lines += (line,)
        yield lines


def _reasons(session: Session, selection: Selection, query: Node, key_of: KeyOf, token: CancelToken) -> Iterator[str]:
    if selection.range.contradiction:
        yield f"{selection.range.contradiction[0].upper()}{selection.range.contradiction[1:]}."
        return
    bounds = session.search.time_bounds(token=token)
    all_time = f"{key_of('explorer.all_time')} shows all of it"
    if bounds is None:
        gap = _gap(session.coverage(), selection.range)
        yield f"The store holds no events{gap or ' yet'}; new ones show here as they are written."
    elif _is_outside(selection.range, bounds):
        first, last = day_of(bounds[0]), day_of(bounds[1])
        gap = _gap(session.coverage(), selection.range)
        yield f"The store holds events from {first} to {last}{gap}{';' if gap else ':'} {all_time}."
    elif not session.search.page(Selection(range=selection.range), limit=1, token=token).events:
        yield f"Nothing is stored for this time{_gap(session.coverage(), selection.range)}; {all_time}."
    else:
        drop, drop_all = key_of("explorer.drop_condition"), key_of("explorer.drop_all")
        yield (
            "There are events in this time, but the conditions leave them out: "
            f"{drop} drops the last one, {drop_all} all of them."
        )
        for absent in absent_types(query, session.search, token=token):
            hint = f"; did you mean {visible(' or '.join(absent.near))}?" if absent.near else ""
            yield f"No event in the store has the type {visible(absent.name)}{hint}"
        yield from _guilty(session, selection, token)
    lost = sum(len(problem.paths) for problem in session.engine.problems() if problem.is_loss)
    if lost:
        yield (
            f"Events may be missing: {lost} {'file' if lost == 1 else 'files'} could not be read; "
            f"{key_of('explorer.problems')} tells which."
        )


def _is_outside(times: TimeRange, bounds: tuple[int, int]) -> bool:
    first, last = bounds
    return (times.start is not None and times.start > last) or (times.end is not None and times.end <= first)


def _gap(coverage: Coverage, times: TimeRange) -> str:
    """Name the days of the range that the store does not hold."""
    days = [
        day
        for day in coverage.days
        if (times.end is None or day.start < times.end) and (times.start is None or day.start + DAY > times.start)
    ]
    parts = [
        f"{_span(found)} {'was' if len(found) == 1 else 'were'} {note}"
        for note, found in _by_note([day for day in days if day.state is DayState.EXPIRED]).items()
    ]
    for state, words in ((DayState.MISSING, "there are no files for"), (DayState.UNREADABLE, "no file can be read of")):
        found = [day_of(day.start) for day in days if day.state is state]
        if found:
            parts.append(f"{words} {_span(found)}")
    return f": {' and '.join(parts)}" if parts else ""


def _by_note(days: Iterable[Day]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for day in days:
        found.setdefault(visible(day.note, 200), []).append(day_of(day.start))
    return found


def _span(days: Sequence[str]) -> str:
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"


def _guilty(session: Session, selection: Selection, token: CancelToken) -> Iterator[str]:
    """Name the conditions that no event of this time meets, if there are several."""
    parts = conditions(selection.condition)
    if len(parts) < 2:
        return
    for part in parts[:_MOST_CONDITIONS]:
        if not session.search.page(Selection(part, selection.range), limit=1, token=token).events:
            yield f"No event in this time matches {visible(to_text(part), 200)}"
