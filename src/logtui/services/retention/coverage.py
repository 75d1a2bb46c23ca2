"""What the days of a store are, in the words of people: what the engine sees, and what the ledger remembers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from logtui.core.clock import DAY
from logtui.core.errors import StoreError
from logtui.core.page import Coverage, Day, DayState, Problem
from logtui.core.times import day_of, day_start
from logtui.storage.engine import Engine
from logtui.storage.ledger import read_ledger
from logtui.storage.ledger_state import Dropped, Standing, standing_of
from logtui.storage.listing import open_listing

_LONGEST_GAP = 3660
"""Days that are shown as missing between two that are there; a longer gap is a wrong clock's work."""


def coverage(store: Path, engine: Engine, now: int) -> Coverage:
    """Return what the engine knows of the store's days, with what the ledger tells. Reads every footer."""
    known = engine.coverage()
    return Coverage(annotated(known.days, _standing(store), now), known.problems)


def days(store: Path, problems: Iterable[Problem], now: int) -> tuple[Day, ...]:
    """Return the same from names alone, which is quick; none for a store without directories of days.

    Args:
        problems: what was found wrong so far, which makes days unreadable.
    """
    try:
        directories = open_listing(store).directories()
    except StoreError:
        return ()
    lost = {problem.path for problem in problems if problem.is_loss}
    present = {each.day: each.name in lost for each in directories if each.day is not None}
    states = [
        Day(day, DayState.UNREADABLE if is_lost else DayState.PRESENT) for day, is_lost in sorted(present.items())
    ]
    return annotated(_with_gaps(states), _standing(store), now)


def annotated(known: Sequence[Day], standing: Standing, now: int) -> tuple[Day, ...]:
    """Say of each day what the ledger and the clock tell; dropped days that nobody sees any more are added. Pure."""
    by_start = {day.start: day for day in known}
    for text in standing.dropped:
        by_start.setdefault(day_start(text), Day(day_start(text), DayState.MISSING))
    return tuple(_annotated(by_start[start], standing, now) for start in sorted(by_start))


def dropped_text(dropped: Dropped) -> str:
    """Say when and why a day went."""
    what = "reduced" if dropped.is_reduced else "dropped"
    return f"{what} by retention on {day_of(dropped.at)} ({dropped.reason})"


def _annotated(day: Day, standing: Standing, now: int) -> Day:
    dropped = standing.dropped.get(day_of(day.start))
    if day.state is DayState.MISSING:
        return day if dropped is None else replace(day, state=DayState.EXPIRED, note=dropped_text(dropped))
    if day.state is not DayState.PRESENT:
        return day
    holds = [hold for hold in standing.holds.values() if hold.covers(day.start) and not hold.query]
    if holds:
        return replace(day, state=DayState.HELD, note="held: " + "; ".join(hold.reason for hold in holds))
    if day.start >= now // DAY * DAY:
        return replace(day, state=DayState.OPEN)
    return day if dropped is None else replace(day, note=dropped_text(dropped))


def _with_gaps(present: Sequence[Day]) -> list[Day]:
    filled: list[Day] = []
    for day in present:
        if filled and day.start - filled[-1].start <= _LONGEST_GAP * DAY:
            gaps = range(filled[-1].start + DAY, day.start, DAY)
            filled.extend(Day(start, DayState.MISSING) for start in gaps)
        filled.append(day)
    return filled


def _standing(store: Path) -> Standing:
    """Return what the ledger amounts to; a damaged one tells nothing here, `verify` and the plan say so."""
    try:
        return standing_of(read_ledger(store))
    except StoreError:
        return Standing()
