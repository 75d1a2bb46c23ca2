"""Which questions can be answered by kinds of events alone, and the kinds that are known. Pure."""

from __future__ import annotations

import threading
from array import array

from logtui.core.query.ast import And, Between, ColumnRef, Everything, Exists, Flag, Node, Not, Or, Term
from logtui.core.query.normal import all_of, conditions
from logtui.storage.summary import ANONYMOUS, KIND_COLUMNS, LATE, EventKind, Summary, kinds_of

MOST_KINDS = 100_000
"""That are kept in memory. Summaries that bring more are not used."""

_FLAG_PARTS = {
    "failure": frozenset({"event_type", "severity"}),
    "success": frozenset({"severity"}),
    "warning": frozenset({"severity"}),
    "error": frozenset({"severity"}),
    "anonymous": frozenset({ANONYMOUS}),
    "unknown": frozenset({"event_type"}),
    "late": frozenset({LATE}),
}
"""Flag -> the parts of a kind that it depends on."""

_NO_PARTS = frozenset[str]()


def timeless(condition: Node) -> Node:
    """Return what a condition asks beside the range of time that it is about."""
    return all_of(each for each in conditions(condition) if not isinstance(each, Between))


def is_decidable(condition: Node) -> bool:
    """Tell whether an event's kind and time decide whether it matches."""
    return parts_of(timeless(condition)) is not None


def decidable(condition: Node) -> Node:
    """Return what of a condition must be true of an event's kind, whatever else is asked; `Everything` for nothing."""
    return all_of(each for each in conditions(condition) if parts_of(each))


def parts_of(condition: Node) -> frozenset[str] | None:
    """Return the parts of a kind that decide whether an event matches; None where others decide too."""
    match condition:
        case Everything():
            return _NO_PARTS
        case And(children) | Or(children):
            parts = [parts_of(child) for child in children]
            known = [each for each in parts if each is not None]
            return _NO_PARTS.union(*known) if len(known) == len(parts) else None
        case Not(child):
            return parts_of(child)
        case Term(ColumnRef("actor"), values) if all(isinstance(value, Exists) for value in values):
            return frozenset({ANONYMOUS})
        case Term(ColumnRef(name)) if name in KIND_COLUMNS:
            return frozenset({name})
        case Flag(name):
            return _FLAG_PARTS.get(name)
        case _:
            return None


class KnownKinds:
    """The kinds that the summaries of a store have, each with a number. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[bytes, int] = {}
        self._kinds: list[EventKind] = []

    def __len__(self) -> int:
        return len(self._kinds)

    def numbers(self, summary: Summary) -> array[int] | None:
        """Return the number of each kind of a summary, new ones for new kinds; None where they become too many.

        Raises:
            SummaryError: the kinds are damaged.
        """
        try:
            return array("I", map(self._numbers.__getitem__, summary.kinds))
        except KeyError:
            pass
        with self._lock:
            new = [digest for digest in summary.kinds if digest not in self._numbers]
            if len(self._kinds) + len(new) > MOST_KINDS:
                return None
            if new:
                for digest, kind in kinds_of(summary, new).items():
                    self._numbers[digest] = len(self._kinds)
                    self._kinds.append(kind)
            return array("I", map(self._numbers.__getitem__, summary.kinds))

    def values(self, part: str, start: int, end: int) -> list[str | int | None]:
        """Return a part of the kinds numbered from `start` to before `end`, None for those that do not have it."""
        return [kind.get(part) for kind in self._kinds[start:end]]
