"""Fitting columns into the width there is: which are shown, where, and how wide. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from logtui.core.columns import BY_NAME

GUTTER = 4
"""Cells before the first column: mark, late, severity, space."""

GAP = 1
"""Cells between two columns."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A column's place in a line."""

    column: str
    x: int
    width: int

    @property
    def end(self) -> int:
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns that are shown, from left to right, and those for which there is no room."""

    slots: tuple[Slot, ...]
    hidden: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(slot.column for slot in self.slots)


@dataclass(frozen=True, slots=True)
class _Need:
    """How many cells a column needs to be of use, and how many show nearly all its values whole."""

    least: int
    whole: int


# Most worth keeping first; from the end they are hidden.
_NEEDS: Mapping[str, _Need] = {
    "event_type": _Need(20, 46),
    "event_time": _Need(14, 23),
    "actor": _Need(14, 32),
    "subject": _Need(12, 32),
    "severity": _Need(7, 8),
    "ip": _Need(9, 39),
    "source": _Need(8, 20),
    "trace_id": _Need(10, 36),
    "device_id": _Need(10, 36),
    "actor_type": _Need(7, 16),
    "subject_type": _Need(7, 20),
    "event_id": _Need(10, 36),
    "ingested_at": _Need(14, 23),
}
_PRIORITY = tuple(_NEEDS)
_OTHER = _Need(8, 40)

# A time between two of its forms would only be blanks: it grows to the next one or not at all.
_TIME_WITHOUT_YEAR = {"event_time": 18, "ingested_at": 18}


def fit(columns: Sequence[str], widths: Mapping[str, int], available: int) -> Layout:
    """Return where the columns go in a line of `available` cells.

    Where even the least widths have no room, columns of low priority are hidden: trace before source, source before
    subject, subject before actor; at 80 cells only the trace is. Widths that the person chose are kept. The others grow
    together, to their usual width and then until they show nearly all values whole. What is still left goes to the
    last column: room between columns would only make a line harder to follow.
    """
    room = max(1, available - GUTTER)
    kept = _kept(columns, widths, room)
    cells = {column: _least(column, widths) for column in kept}
    spare = room - sum(cells.values()) - GAP * (len(kept) - 1)
    for target in (_usual, _whole):
        wanted = {column: max(0, target(column) - cells[column]) for column in kept if column not in widths}
        for column, growth in _shared(wanted, spare).items():
            cells[column] += growth
            spare -= growth
    if kept and (spare < 0 or kept[-1] not in widths):
        cells[kept[-1]] += spare
    return Layout(_slots(cells), tuple(column for column in columns if column not in kept))


def _shared(wanted: Mapping[str, int], spare: int) -> dict[str, int]:
    """Return how much each column grows when `spare` cells are shared by need."""
    shares: dict[str, int] = {}
    for column in _TIME_WITHOUT_YEAR:
        if column in wanted:
            shares[column] = wanted[column] if wanted[column] <= spare else 0
            spare -= shares[column]
    rest = {column: growth for column, growth in wanted.items() if column not in shares}
    total = sum(rest.values())
    return shares | {
        column: growth if total <= spare else growth * max(0, spare) // total for column, growth in rest.items()
    }


def _kept(columns: Sequence[str], widths: Mapping[str, int], room: int) -> list[str]:
    """Return the columns that can have at least their least width; always one."""
    kept = list(dict.fromkeys(column for column in columns if column in BY_NAME))
    while len(kept) > 1 and sum(_least(column, widths) + GAP for column in kept) - GAP > room:
        kept.remove(max(kept, key=_priority))
    return kept


def _slots(cells: Mapping[str, int]) -> tuple[Slot, ...]:
    slots: list[Slot] = []
    x = GUTTER
    for column, width in cells.items():
        slots.append(Slot(column, x, width))
        x += width + GAP
    return tuple(slots)


def _priority(column: str) -> int:
    return _PRIORITY.index(column) if column in _NEEDS else len(_PRIORITY)


def _least(column: str, widths: Mapping[str, int]) -> int:
    return max(1, widths[column]) if column in widths else _NEEDS.get(column, _OTHER).least


def _usual(column: str) -> int:
    return _TIME_WITHOUT_YEAR.get(column, BY_NAME[column].width)


def _whole(column: str) -> int:
    return _NEEDS.get(column, _OTHER).whole
