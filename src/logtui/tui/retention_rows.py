"""Partitions, holds and ledger entries as rows of the retention screen. Pure; every text is made visible here."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.clock import DAY
from logtui.core.retention.partition import Action, Hold, Planned, State
from logtui.core.retention.plan import Plan
from logtui.core.retention.policy import size_text
from logtui.core.sanitise import narrow, visible
from logtui.core.times import day_of, format_instant
from logtui.services.retention.entry_text import sentence
from logtui.storage.ledger import Entry
from logtui.tui.widgets.lines import Part

_BAR = 8
_EIGHTHS = " ▏▎▍▌▋▊▉█"
_STATE_STYLES = {
    State.OPEN: "label",
    State.KEPT: "plain",
    State.EXPIRED: "warn",
    State.HELD: "good",
    State.UNREADABLE: "bad",
    State.NOT_A_DATE: "bad",
}


def partition_rows(plan: Plan) -> list[list[Part]]:
    """Return a row for every directory entry, newest day first: mark, day, events as a bar, size, age, state, why."""
    most = max((each.partition.rows for each in plan.entries), default=0)
    return [_partition(each, plan.now, most) for each in newest_first(plan)]


def newest_first(plan: Plan) -> list[Planned]:
    """Return the entries in the order of the rows: newest day first, then what is no partition."""
    dated = [each for each in plan.entries if each.partition.day is not None]
    return [*reversed(dated), *(each for each in plan.entries if each.partition.day is None)]


def hold_rows(holds: Sequence[Hold]) -> list[list[Part]]:
    """Return a row for every hold."""
    return [
        [
            (f"{visible(hold.name, 24):<16} ", "key"),
            (f"{_day(hold.first, 'the beginning')} to {_day(hold.last, 'the end')}  ", "plain"),
            (f"{narrow(visible(hold.query, 120))}  " if hold.query else "", "string"),
            (narrow(visible(hold.reason, 200)), "good"),
        ]
        for hold in holds
    ]


def entry_rows(entries: Sequence[Entry]) -> list[list[Part]]:
    """Return a paragraph for every entry of the ledger, newest first."""
    return [
        [
            (f"{format_instant(entry.at)[:16].replace('T', ' ')} ", "label"),
            (f"{narrow(visible(entry.who, 60))} ", "key"),
            (narrow(visible(sentence(entry), 2_000)), "plain"),
        ]
        for entry in reversed(entries)
    ]


def bar(value: int, most: int) -> str:
    """Return a bar of eight cells; anything but nothing shows at least an eighth of a cell."""
    eighths = max(1, value * _BAR * 8 // most) if value and most else 0
    whole, rest = divmod(eighths, 8)
    return ("█" * whole + (_EIGHTHS[rest] if rest else "")).ljust(_BAR)


def _partition(planned: Planned, now: int, most: int) -> list[Part]:
    partition = planned.partition
    if partition.day is None:
        name = narrow(visible(partition.name, 40))
        return [("  ", "plain"), (f"{name}  ", "bad"), (f"{planned.label}: {partition.problem}", "dim")]
    mark = {Action.DROP: "✗ ", Action.REDUCE: "~ "}.get(planned.action, "  ")
    age = now // DAY - partition.day // DAY
    style = _STATE_STYLES[planned.state]
    return [
        (mark, "warn"),
        (f"{day_of(partition.day)} ", "head" if planned.action is not Action.NONE else "plain"),
        (f"{bar(partition.rows, most)} ", "number"),
        (f"{partition.rows:>12,} ", "plain"),
        (f"{size_text(partition.byte_count):>10} ", "dim"),
        (f"{age:>5}d ", "dim"),
        (f"{planned.label:<18} ", style),
        (narrow(visible(_why(planned), 300)), "dim"),
    ]


def _why(planned: Planned) -> str:
    parts = [planned.reason] if planned.reason else []
    if planned.action is Action.REDUCE:
        parts.append(f"{', '.join(planned.kept_types)} stay")
    parts += [f"events of hold {hold.name} are copied" for hold in planned.holds if hold.query]
    return "; ".join(parts)


def _day(day: int | None, otherwise: str) -> str:
    return otherwise if day is None else day_of(day)
