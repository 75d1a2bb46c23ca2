"""The actions of `logtui retention`: each asks the services, shows what it is about to do, and says what it did."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping

from logtui.cli import diagnostics, output, retention_output
from logtui.cli.asking import confirm
from logtui.cli.diagnostics import ExitCode, ProgressLine
from logtui.cli.interrupts import run_interruptibly
from logtui.cli.progress_bar import bar
from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY
from logtui.core.errors import StoreError, UsageError
from logtui.core.retention.partition import Hold
from logtui.core.retention.plan import Plan
from logtui.core.retention.policy import Policy, days_of_plan
from logtui.core.times import day_of, format_instant, parse_day
from logtui.services.retention import adopting, applying, holding, planning, restoring
from logtui.services.retention.entry_text import sentence
from logtui.services.retention.ground import RetainedStore
from logtui.services.retention.planning import Override
from logtui.services.retention.recovering import recover
from logtui.services.verification.sealing import seal_store
from logtui.storage.ledger import read_ledger
from logtui.storage.policy_file import read_policy

Action = Callable[[RetainedStore, argparse.Namespace], int]


def plan(store: RetainedStore, options: argparse.Namespace) -> int:
    """Show what every partition is, and what apply would remove."""

    def work(token: CancelToken) -> int:
        made = planning.plan_store(store, _override(options), token=token)
        retention_output.show_plan(made, is_json=options.json)
        return ExitCode.DONE

    return run_interruptibly(work)


def apply(store: RetainedStore, options: argparse.Namespace) -> int:
    """Remove what has expired."""
    override = _override(options)
    made: list[Plan] = []

    def look(token: CancelToken) -> int:
        if not options.dry_run:
            recover(store, token=token)
        made.append(planning.plan_store(store, override, token=token))
        return ExitCode.DONE

    run_interruptibly(look)
    shown = made[0]
    if options.digest and not shown.digest.startswith(options.digest):
        raise StoreError(f"the plan is another one now, {shown.digest[:16]}: nothing was done; look at it again")
    if options.dry_run:
        retention_output.show_plan(shown, is_json=options.json)
        return ExitCode.DONE
    if shown.targets and not options.yes:
        retention_output.preview(shown)
        if shown.refusals and not options.force:
            raise StoreError("; ".join(shown.refusals) + "; if that is right, pass --force")
        confirm(f"remove {retention_output.amount(shown)}", "apply, which changes nothing without it")
    return run_interruptibly(lambda token: _apply(store, shown, options, token))


def _apply(store: RetainedStore, shown: Plan, options: argparse.Namespace, token: CancelToken) -> int:
    override = _override(options)
    keep_trash = options.keep_trash
    if keep_trash is None:
        keep_trash = planning.stored_policy(store, override).keep_trash
    line = ProgressLine()

    def progress(done: int, of: int, what: str) -> None:
        line.say(f"{bar(done, of)} {done:,} of {of:,}  {what}")

    try:
        applied = applying.apply_plan(
            store,
            shown,
            override,
            keep_trash=keep_trash,
            is_forced=options.force,
            progress=progress,
            token=token,
        )
        sealed = None if options.no_seal else seal_store(store, progress=progress, token=token)
    finally:
        line.erase()
    problems = (*applied.problems, *(sealed.problems if sealed else ()))
    code = diagnostics.report(problems)
    retention_output.show_applied(applied, sealed, is_json=options.json)
    return code


def hold(store: RetainedStore, options: argparse.Namespace) -> int:
    """Hold days, or the events of a query."""
    name = options.name or holding.new_hold_name(set(store.standing().holds))
    now = store.clock()
    wanted = Hold(
        name,
        options.reason or "",
        _day(options.from_day, now),
        _day(options.to_day, now),
        options.query or "",
    )
    made = holding.add_hold(store, wanted)
    if options.json:
        output.write_json(retention_output.hold_fields(made))
    diagnostics.note(f"hold {made.name}: {retention_output.hold_text(made)}; end it with `logtui retention release`")
    return ExitCode.DONE


def release(store: RetainedStore, options: argparse.Namespace) -> int:
    """End a hold."""
    holds = store.standing().holds
    if not options.name:
        names = ", ".join(holds) or "none"
        raise UsageError(f"name the hold after the store; holds: {names}")
    if options.name in holds and not options.yes:
        diagnostics.note(f"hold {options.name}: {retention_output.hold_text(holds[options.name])}")
        confirm(f"release the hold {options.name}", "release")
    stored = read_policy(store.root)
    keep_trash = stored.keep_trash if options.keep_trash is None else options.keep_trash
    released = holding.release_hold(
        store, options.name, options.reason or "", keep_trash=keep_trash, token=CancelToken()
    )
    if options.json:
        output.write_json(retention_output.hold_fields(released))
    diagnostics.note(f"released hold {released.name}; what it kept goes with the next apply")
    return ExitCode.DONE


def restore(store: RetainedStore, options: argparse.Namespace) -> int:
    """Bring back what apply removed."""
    now = store.clock()
    first, last = _day(options.from_day, now), _day(options.to_day, now)
    if (first is None) != (last is None):
        raise UsageError("restore takes both --from and --to, or neither")
    days: set[str] = set()
    if first is not None and last is not None:
        dropped = {each.day for run in restoring.restorable(store) for each in run.dropped}
        days = {day_of(day) for day in range(first, last + DAY, DAY)} & dropped
        if not days:
            raise StoreError("no day of this range is in the trash")
    back = restoring.restore(store, run=options.name, days=days, token=CancelToken())
    if options.json:
        output.write_json({"run": back[0].run, "days": [each.day for each in back]})
    rows = sum(each.rows for each in back)
    diagnostics.note(f"restored {retention_output.days_text([each.day for each in back])}, {rows:,} events")
    if restoring.goes_again(planning.plan_store(store), back):
        diagnostics.note("the next apply removes them again: hold them (`retention hold`), or change the policy")
    return ExitCode.DONE


def log(store: RetainedStore, options: argparse.Namespace) -> int:
    """Show the ledger."""
    store.marker()
    ledger = read_ledger(store.root)
    if options.json:
        retention_output.write_entries(ledger.entries)
    else:
        columns = ("at", "who", "what")
        rows = [(format_instant(entry.at), entry.who, sentence(entry)) for entry in ledger.entries]
        output.write_rows(rows, output.shape(None, columns))
    if not ledger.entries:
        diagnostics.note("the ledger is empty: nothing was dropped, held or sealed yet")
    for damage in ledger.damage:
        diagnostics.note(f"the ledger is damaged: {damage}")
    return ExitCode.PROBLEM if ledger.damage else ExitCode.DONE


def adopt(store: RetainedStore, options: argparse.Namespace) -> int:
    """Adopt a store of other tools."""
    found = adopting.look_over(store)
    retention_output.show_found(found, is_json=options.json)
    if not options.yes and not found.is_adopted and found.partitions:
        confirm(f"let logtui keep the days of {store.root}", "adopt")
    adopting.adopt(store, found)
    diagnostics.note(f"adopted {store.root}; set its policy with `logtui retention policy {store.root} --days N`")
    return ExitCode.DONE


def policy(store: RetainedStore, options: argparse.Namespace) -> int:
    """Show or set the store's own policy."""
    store.marker()
    stored = read_policy(store.root)
    is_new = any(value is not None for value in (options.days, options.plan, options.max_size, options.keep))
    if is_new:
        override = _override(options)
        wanted = override.over(stored.policy)
        if options.keep:
            wanted = Policy(wanted.days, wanted.plan, wanted.max_bytes, tuple(options.keep))
        adopting.set_policy(store, wanted)
        stored = read_policy(store.root)
    if options.json:
        output.write_json(retention_output.policy_fields(stored))
    else:
        output.write_text(stored.policy.describe() + "\n")
    return ExitCode.DONE


def _override(options: argparse.Namespace) -> Override:
    days = days_of_plan(options.plan, options.days) if options.plan else options.days
    return Override(days, options.plan or "", options.max_size)


def _day(text: str | None, now: int) -> int | None:
    return None if text is None else parse_day(text, now)


ACTIONS: Mapping[str, Action] = {
    "plan": plan,
    "apply": apply,
    "hold": hold,
    "release": release,
    "restore": restore,
    "log": log,
    "adopt": adopt,
    "policy": policy,
}
"""Action -> what does it."""
