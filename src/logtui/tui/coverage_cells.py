"""The days of a store as one line of cells below the histogram: what is there, what is not, and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from logtui.core.clock import DAY
from logtui.core.page import Day, DayState

_SIGNS = {
    DayState.PRESENT: "─",
    DayState.OPEN: "╌",
    DayState.HELD: "◆",
    DayState.MISSING: "·",
    DayState.EXPIRED: "░",
    DayState.UNREADABLE: "✗",
}
_ASCII_SIGNS = {
    DayState.PRESENT: "-",
    DayState.OPEN: "~",
    DayState.HELD: "H",
    DayState.MISSING: ".",
    DayState.EXPIRED: ":",
    DayState.UNREADABLE: "X",
}
_WORDS = {
    DayState.HELD: ("held",),
    DayState.MISSING: ("nothing stored", "missing"),
    DayState.EXPIRED: ("dropped by retention", "dropped"),
    DayState.UNREADABLE: ("unreadable",),
}
"""The longest that has room is written into a run of cells, so that nobody has to know the signs."""
_STYLES = {
    DayState.HELD: "good",
    DayState.MISSING: "dim",
    DayState.EXPIRED: "warn",
    DayState.UNREADABLE: "bad",
}
_WORST_FIRST = (
    DayState.UNREADABLE,
    DayState.EXPIRED,
    DayState.MISSING,
    DayState.HELD,
    DayState.OPEN,
    DayState.PRESENT,
)

Part = tuple[str, str]
"""Text and its style, as in a status line."""


def is_telling(days: Sequence[Day], start: int, end: int) -> bool:
    """Whether there is more to tell of this time than that all days are there."""
    plain = (DayState.PRESENT, DayState.OPEN)
    return any(day.state not in plain for day in days if day.start < end and day.start + DAY > start)


def cells(days: Sequence[Day], start: int, end: int, width: int, *, is_ascii: bool = False) -> tuple[Part, ...]:
    """Return `width` cells that share the time from `start` to `end` evenly, as the bars above them do.

    A cell shows the worst of its days; a time without any day is blank.
    """
    if width <= 0 or end <= start:
        return ()
    states = _states(days, start, end, width)
    signs = _ASCII_SIGNS if is_ascii else _SIGNS
    parts: list[Part] = []
    for state, run in groupby(states):
        length = len(list(run))
        if state is None:
            parts.append((" " * length, "plain"))
        else:
            parts.append((_labelled(signs[state], length, _WORDS.get(state, ())), _STYLES.get(state, "dim")))
    return tuple(parts)


def _states(days: Sequence[Day], start: int, end: int, width: int) -> list[DayState | None]:
    states: list[DayState | None] = [None] * width
    rank = {state: number for number, state in enumerate(_WORST_FIRST)}
    for day in days:
        if day.start >= end or day.start + DAY <= start:
            continue
        first = max(0, (day.start - start) * width // (end - start))
        last = min(width - 1, (day.start + DAY - 1 - start) * width // (end - start))
        for cell in range(first, last + 1):
            known = states[cell]
            if known is None or rank[day.state] < rank[known]:
                states[cell] = day.state
    return states


def _labelled(sign: str, length: int, words: Sequence[str]) -> str:
    word = next((word for word in words if len(word) + 4 <= length), "")
    return f" {word} ".center(length, sign) if word else sign * length
