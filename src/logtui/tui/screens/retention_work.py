"""What the retention screen does in its thread: looks, applies, restores, each through the services."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from textual.message import Message

from logtui.core.cancel import CancelToken
from logtui.core.retention.partition import Hold
from logtui.core.retention.plan import Plan
from logtui.core.retention.policy import size_text
from logtui.services.retention import restoring as undo
from logtui.services.retention.applying import apply_plan
from logtui.services.retention.ground import RetainedStore
from logtui.services.retention.planning import plan_store
from logtui.services.retention.recovering import recover
from logtui.services.retention.restoring import Restorable
from logtui.storage.ledger import Entry
from logtui.storage.policy_file import read_policy

_BAR = 20
Tell = Callable[[str], None]
"""Takes one line that says how far something has come; called from the thread."""


@dataclass(frozen=True, slots=True)
class Look:
    """What there is to show."""

    plan: Plan
    holds: tuple[Hold, ...]
    entries: tuple[Entry, ...]
    restorable: tuple[Restorable, ...]


@dataclass
class Progressed(Message):
    """Something under way has come further; visible text."""

    text: str


def looking(store: RetainedStore, token: CancelToken) -> Look:
    """Look over the store.

    Raises:
        StoreError: it is no store of ours, or cannot be read.
    """
    plan = plan_store(store, token=token)
    standing = store.standing()
    return Look(plan, tuple(standing.holds.values()), store.ledger().entries, undo.restorable(store))


def applying(store: RetainedStore, plan: Plan, tell: Tell, token: CancelToken, *, is_forced: bool) -> Iterator[str]:
    """Carry out a plan that was shown, and say what came of it.

    Raises:
        StoreError: the store changed since, or it cannot be done.
    """
    recover(store, token=token)

    def progress(done: int, of: int, what: str) -> None:
        filled = _BAR * done // of if of else _BAR
        tell(f"{'█' * filled}{'░' * (_BAR - filled)} {done:,} of {of:,}  {what}")

    keep_trash = read_policy(store.root).keep_trash
    done = apply_plan(store, plan, keep_trash=keep_trash, is_forced=is_forced, progress=progress, token=token)
    count = done.dropped + done.reduced
    text = f"removed {count:,} day{'s' * (count != 1)}, {done.rows:,} events, {size_text(done.byte_count)}"
    yield text + (f"; {len(done.problems)} could not be: {done.problems[0].message}" if done.problems else "")


def restoring(store: RetainedStore, token: CancelToken) -> str:
    """Undo the last run, and say what came back.

    Raises:
        StoreError: there is nothing to restore, or a day was written to meanwhile.
    """
    back = undo.restore(store, token=token)
    return f"restored {len(back)} day{'s' * (len(back) != 1)}, {sum(dropped.rows for dropped in back):,} events"
