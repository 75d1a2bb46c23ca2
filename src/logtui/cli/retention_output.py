"""How plans, results and findings look on stdout, and in words on stderr."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from logtui.cli import diagnostics, output
from logtui.core.retention.partition import Action, Hold, Planned
from logtui.core.retention.plan import Plan
from logtui.core.retention.policy import size_text
from logtui.core.times import day_of, format_instant
from logtui.services.retention.adopting import Found
from logtui.services.retention.applying import Applied
from logtui.services.verification.sealing import SealedDays
from logtui.storage.ledger import Entry
from logtui.storage.policy_file import StoredPolicy, keep_trash_text, policy_body

_COLUMNS = ("partition", "state", "action", "events", "size", "first_event", "last_event", "age", "why")


def show_plan(plan: Plan, *, is_json: bool) -> None:
    """Print every partition with its verdict, and on stderr what apply would do."""
    if is_json:
        output.write_json(plan_fields(plan))
    else:
        output.write_rows([_row(each, plan.now) for each in plan.entries], output.shape(None, _COLUMNS))
    diagnostics.note(f"policy: {plan.policy.describe()}")
    _warn(plan)
    if plan.targets:
        diagnostics.note(f"apply would remove {amount(plan)}; plan {plan.digest[:16]}")
    else:
        diagnostics.note("apply would remove nothing")


def preview(plan: Plan) -> None:
    """Say on stderr what is about to go, before the person is asked."""
    diagnostics.note(f"policy: {plan.policy.describe()}")
    for each in plan.targets:
        partition = each.partition
        kept = f", but for {', '.join(each.kept_types)}" if each.kept_types else ""
        copied = "".join(f", events of hold {hold.name} are copied" for hold in each.holds)
        size = size_text(partition.byte_count)
        diagnostics.note(f"  {partition.name}  {partition.rows:,} events  {size}  {each.reason}{kept}{copied}")
    _warn(plan)


def amount(plan: Plan) -> str:
    """Say how much a plan removes: `3 of 30 partitions, 12,034 events, 1.2 GiB`."""
    dated = sum(each.partition.day is not None for each in plan.entries)
    count = len(plan.targets)
    return f"{count:,} of {dated:,} partitions, {plan.rows():,} events, {size_text(plan.byte_count())}"


def show_applied(applied: Applied, sealed: SealedDays | None, *, is_json: bool) -> None:
    """End with one line."""
    if is_json:
        output.write_json(
            {
                "run": applied.run,
                "dropped": applied.dropped,
                "reduced": applied.reduced,
                "events": applied.rows,
                "bytes": applied.byte_count,
                "held": dict(applied.held),
                "restorable_until": _time(applied.restorable_until),
                "sealed": list(sealed.days) if sealed else [],
                "problems": [{"path": each.path, "message": each.message} for each in applied.problems],
            }
        )
    diagnostics.note(_applied_text(applied) + (f"; sealed {len(sealed.days)} days" if sealed and sealed.days else ""))


def _applied_text(applied: Applied) -> str:
    if not applied.dropped and not applied.reduced:
        return "removed nothing"
    days = applied.dropped + applied.reduced
    text = f"removed {days:,} partition{'s' * (days != 1)}, {applied.rows:,} events, {size_text(applied.byte_count)}"
    if applied.reduced:
        text += f" ({applied.reduced} reduced)"
    for hold, rows in applied.held.items():
        text += f"; {rows:,} events copied for hold {hold}"
    if applied.restorable_until is not None:
        text += f"; `logtui retention restore` undoes it until {format_instant(applied.restorable_until)}"
    return text


def show_found(found: Found, *, is_json: bool) -> None:
    """Show what adopting would take on."""
    rows = sum(each.rows for each in found.partitions)
    size = sum(each.byte_count for each in found.partitions)
    if is_json:
        output.write_json(
            {
                "partitions": len(found.partitions),
                "events": rows,
                "bytes": size,
                "layout": "foreign" if found.is_foreign else "logtui",
                "problems": [{"path": each.name, "message": each.problem} for each in _doubtful(found)],
            }
        )
    if found.partitions:
        days = f"{found.partitions[0].name[5:]} to {found.partitions[-1].name[5:]}"
        diagnostics.note(f"{len(found.partitions):,} partitions, {days}, {rows:,} events, {size_text(size)}")
    if found.is_foreign:
        diagnostics.note("other tools name its files: logtui will keep its days, and not write into it")
    for each in _doubtful(found):
        diagnostics.note(f"{each.name}: {each.problem}; it stays whatever the policy says")


def _doubtful(found: Found) -> list[Any]:
    return [*(each for each in found.partitions if each.problem), *found.strays]


def plan_fields(plan: Plan) -> Mapping[str, Any]:
    """Return a plan for JSON."""
    return {
        "policy": policy_body(plan.policy),
        "at": format_instant(plan.now),
        "digest": plan.digest,
        "refusals": list(plan.refusals),
        "remove": {"partitions": len(plan.targets), "events": plan.rows(), "bytes": plan.byte_count()},
        "partitions": [_fields(each, plan.now) for each in plan.entries],
    }


def policy_fields(stored: StoredPolicy) -> Mapping[str, Any]:
    """Return a policy for JSON."""
    return {**policy_body(stored.policy), "keep_trash": keep_trash_text(stored.keep_trash)}


def hold_fields(hold: Hold) -> Mapping[str, Any]:
    """Return a hold for JSON."""
    return {
        "name": hold.name,
        "reason": hold.reason,
        "from": None if hold.first is None else day_of(hold.first),
        "to": None if hold.last is None else day_of(hold.last),
        "query": hold.query,
    }


def hold_text(hold: Hold) -> str:
    """Say what a hold keeps."""
    first = "the beginning" if hold.first is None else day_of(hold.first)
    last = "the end" if hold.last is None else day_of(hold.last)
    what = f"the events that match {hold.query}, " if hold.query else ""
    return f"{what}{first} to {last} ({hold.reason})"


def days_text(days: Sequence[str]) -> str:
    """Say which days."""
    ordered = sorted(days)
    return ordered[0] if len(ordered) == 1 else f"{len(ordered)} days, {ordered[0]} to {ordered[-1]}"


def write_entries(entries: Iterable[Entry]) -> None:
    """Print entries of the ledger as NDJSON, each with its digest."""
    output.write_json(
        *(
            {"n": each.number, "at": format_instant(each.at), "who": each.who, "op": each.op, **each.body}
            | {"previous": each.previous, "digest": each.digest}
            for each in entries
        ),
        indent=None,
    )


def _warn(plan: Plan) -> None:
    for each in plan.entries:
        if each.partition.day is not None and each.partition.problem:
            diagnostics.note(f"{each.partition.name}: {each.partition.problem}; it stays")
        elif each.partition.day is None:
            diagnostics.note(f"{each.partition.name}: {each.partition.problem}, so it stays")
        elif each.action is not Action.NONE and each.partition.others:
            names = ", ".join(each.partition.others[:3])
            diagnostics.note(f"{each.partition.name}: holds {names}, which goes with the day")
    for refusal in plan.refusals:
        diagnostics.note(f"apply needs --force: {refusal}")


def _row(planned: Planned, now: int) -> tuple[str | int | None, ...]:
    fields = _fields(planned, now)
    size = size_text(planned.partition.byte_count) if planned.partition.day is not None else None
    return (
        fields["partition"],
        planned.label,
        fields["action"] or None,
        fields["events"],
        size,
        fields["first_event"],
        fields["last_event"],
        None if fields["age_days"] is None else f"{fields['age_days']}d",
        planned.reason or None,
    )


def _fields(planned: Planned, now: int) -> dict[str, Any]:
    partition = planned.partition
    is_day = partition.day is not None
    return {
        "partition": partition.name,
        "state": planned.state.value,
        "expires_in_days": planned.expires_in,
        "action": planned.action.value,
        "reason": planned.reason,
        "events": partition.rows if is_day else None,
        "bytes": partition.byte_count if is_day else None,
        "segments": len(partition.live) if is_day else None,
        "first_event": _time(partition.first),
        "last_event": _time(partition.last),
        "age_days": None if partition.day is None else now // 86_400_000_000 - partition.day // 86_400_000_000,
        "kept_types": list(planned.kept_types),
        "holds": [hold.name for hold in planned.holds],
        "damaged": list(partition.damaged),
        "others": list(partition.others),
    }


def _time(at: int | None) -> str | None:
    return None if at is None else format_instant(at)
