"""What the ledger's entries amount to: the holds there are, what went and when, what sealed days should hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from logtui.core.errors import StoreError, UsageError
from logtui.core.retention.partition import Hold
from logtui.core.retention.plan import Known, Reduced
from logtui.core.times import day_of, day_start
from logtui.storage.ledger import NOTHING, Body, Entry, Ledger, Op
from logtui.storage.partitions import partition_name


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a sealed day should hold now: its manifest, and what changed since with an entry in the ledger."""

    manifest: str
    """Digest of its manifest."""
    added: Mapping[str, str] = field(default_factory=dict)
    """Segment -> SHA-256 of those that came later, and may have been merged again since."""
    removed: frozenset[str] = frozenset()
    """Segments that were merged or moved away."""


_NO_CHANGES = Sealed("")


@dataclass(frozen=True, slots=True)
class Dropped:
    """One day that retention took away, or took events from."""

    at: int
    run: str
    """The run's id, which also names its place in the trash."""
    day: str
    reason: str
    rows: int
    byte_count: int
    is_reduced: bool = False
    """Whether events of types that are kept longer stayed."""


@dataclass(slots=True)
class Standing:
    """The sum of a ledger. Days are written `2026-10-04`."""

    holds: dict[str, Hold] = field(default_factory=dict)
    sealed: dict[str, Sealed] = field(default_factory=dict)
    dropped: dict[str, Dropped] = field(default_factory=dict)
    reduced: dict[str, Reduced] = field(default_factory=dict)
    """Partition -> what was left of it."""
    runs: dict[str, tuple[Dropped, ...]] = field(default_factory=dict)
    """What each run took that was not restored and is not deleted for good."""
    adopted_at: int | None = None
    last: int | None = None
    """The latest time in it."""
    last_manifest: str = NOTHING
    """Digest of the manifest that was sealed last."""
    held_rows: dict[str, int] = field(default_factory=dict)
    """Hold by query -> events that were copied for it."""
    held_heads: dict[str, str] = field(default_factory=dict)
    """Hold by query -> head of the ledger of its store when it was sealed."""
    pending: dict[str, Sealed] = field(default_factory=dict)
    """Changes of days whose seal is written but not yet recorded."""
    before: dict[tuple[str, str], Sealed | None] = field(default_factory=dict)
    """(run, day) -> what the day should hold when it is restored."""

    @property
    def known(self) -> Known:
        """What the planner needs of it."""
        return Known(tuple(self.holds.values()), self.reduced, self.last)


def standing_of(ledger: Ledger) -> Standing:
    """Add up a ledger.

    Raises:
        StoreError: an entry lacks something; its line is named.
    """
    standing = Standing()
    for entry in ledger.entries:
        standing.last = entry.at if standing.last is None else max(standing.last, entry.at)
        apply = _STEPS.get(entry.op)
        if apply is None:
            continue
        try:
            apply(standing, entry)
        except (KeyError, TypeError, ValueError, AttributeError, UsageError) as error:
            raise StoreError(f"line {entry.number} of the ledger cannot be understood: {error!r}") from error
    return standing


def hold_body(hold: Hold) -> Body:
    """Return a hold as an entry's body."""
    return {
        "name": hold.name,
        "reason": hold.reason,
        "from": _day_text(hold.first),
        "to": _day_text(hold.last),
        "query": hold.query,
    }


def _day_text(day: int | None) -> str | None:
    return None if day is None else day_of(day)


def _adopt(standing: Standing, entry: Entry) -> None:
    standing.adopted_at = entry.at


def _hold(standing: Standing, entry: Entry) -> None:
    body = entry.body
    first, last = (None if body[key] is None else day_start(body[key]) for key in ("from", "to"))
    standing.holds[body["name"]] = Hold(str(body["name"]), str(body["reason"]), first, last, str(body["query"]))


def _release(standing: Standing, entry: Entry) -> None:
    for known in (standing.holds, standing.held_rows, standing.held_heads):
        known.pop(entry.body["name"], None)


def _seal(standing: Standing, entry: Entry) -> None:
    standing.last_manifest = str(entry.body["manifest"])
    day = str(entry.body["day"])
    changes = standing.pending.pop(day, _NO_CHANGES)
    standing.sealed[day] = replace(changes, manifest=standing.last_manifest)


def _seal_hold(standing: Standing, entry: Entry) -> None:
    standing.held_heads[str(entry.body["name"])] = str(entry.body["head"])


def _ingest(standing: Standing, entry: Entry) -> None:
    _change(standing, entry.body["day"], entry.body["files"], ())


def _compact(standing: Standing, entry: Entry) -> None:
    _change(standing, entry.body["day"], entry.body["files"], entry.body["removed"])


def _change(standing: Standing, day: str, files: Iterable[Body], removed: Iterable[str]) -> None:
    where = standing.sealed if day in standing.sealed else standing.pending
    before = where.get(day, _NO_CHANGES)
    new = {str(file["name"]): str(file["sha256"]) for file in files}
    where[day] = replace(before, added={**before.added, **new}, removed=(before.removed | set(removed)) - new.keys())


def _drop(standing: Standing, entry: Entry) -> None:
    run = str(entry.body["id"])
    for taken in entry.body["partitions"]:
        day = str(taken["day"])
        is_reduced = taken["action"] == "reduce"
        dropped = Dropped(
            entry.at, run, day, str(taken["reason"]), int(taken["rows"]), int(taken["bytes"]), is_reduced=is_reduced
        )
        for hold, rows in taken.get("held", {}).items():
            standing.held_rows[hold] = standing.held_rows.get(hold, 0) + int(rows)
        standing.before[run, day] = standing.sealed.get(day)
        standing.dropped[day] = dropped
        standing.runs[run] = (*standing.runs.get(run, ()), dropped)
        if is_reduced:
            left = taken["left"]
            standing.reduced[partition_name(day)] = Reduced(frozenset({str(left["name"])}), tuple(left["types"]))
            _change(standing, day, [left], taken["removed"])
        else:
            standing.sealed.pop(day, None)
            standing.pending.pop(day, None)
            standing.reduced.pop(partition_name(day), None)


def _restore(standing: Standing, entry: Entry) -> None:
    run = str(entry.body["id"])
    days = set(entry.body["days"])
    for day in days:
        standing.dropped.pop(day, None)
        standing.reduced.pop(partition_name(day), None)
        before = standing.before.get((run, day))
        if before is None:
            standing.sealed.pop(day, None)
        else:
            standing.sealed[day] = before
    standing.runs[run] = tuple(each for each in standing.runs.get(run, ()) if each.day not in days)


def _purge(standing: Standing, entry: Entry) -> None:
    standing.runs.pop(str(entry.body["id"]), None)


_STEPS = {
    Op.ADOPT.value: _adopt,
    Op.HOLD.value: _hold,
    Op.RELEASE.value: _release,
    Op.SEAL.value: _seal,
    Op.SEAL_HOLD.value: _seal_hold,
    Op.INGEST.value: _ingest,
    Op.COMPACT.value: _compact,
    Op.DROP.value: _drop,
    Op.RESTORE.value: _restore,
    Op.PURGE.value: _purge,
}
