"""A store under retention, for tests: small days made by copying one segment, and a picture of every byte of it."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.clock import DAY, HOUR, frozen_clock
from logtui.core.event import Event
from logtui.core.retention.plan import Plan
from logtui.core.times import day_of, day_start
from logtui.services.retention.applying import Applied, apply_plan
from logtui.services.retention.ground import RetainedStore
from logtui.services.retention.planning import Override, plan_store
from logtui.services.verification.findings import Finding
from logtui.services.verification.verifying import verify_store
from logtui.session import open_retention
from tests.samples import NOW, write_store

TODAY = NOW // DAY * DAY


def day(back: int) -> str:
    """The day so many days before today."""
    return day_of(TODAY - back * DAY)


def events_of_day(text: str, count: int = 4) -> list[Event]:
    """Some events of one day, of two people and two types."""
    start = day_start(text)
    return [
        Event(
            start + number * HOUR,
            f"evt_{text}_{number}",
            "user.deleted" if number % 4 == 3 else "session.created",
            actor="user_ada" if number % 2 else "user_bob",
            ingested_at=start + DAY,
            payload=json.dumps({"number": number}),
        )
        for number in range(count)
    ]


def make_days(root: Path, backs: Iterable[int], count: int = 4) -> Path:
    """Make a store with one segment on each of these days before today."""
    return write_store(root, [event for back in backs for event in events_of_day(day(back), count)])


def retained(root: Path, now: int = NOW) -> RetainedStore:
    """The store with a clock that stands still."""
    return open_retention(root, clock=frozen_clock(now))


def plan(root: Path, days: int, now: int = NOW) -> Plan:
    """What a number of days means now."""
    return plan_store(retained(root, now), Override(days))


def apply(root: Path, days: int, *, now: int = NOW, keep_trash: int = DAY, force: bool = True) -> Applied:
    """Plan and apply at once."""
    store = retained(root, now)
    made = plan_store(store, Override(days))
    return apply_plan(store, made, Override(days), keep_trash=keep_trash, is_forced=force, token=CancelToken())


def verify(root: Path, now: int = NOW, expect: str = "") -> list[Finding]:
    """All findings."""
    return list(verify_store(root, frozen_clock(now), expected_head=expect, token=CancelToken()))


def problems(root: Path, now: int = NOW) -> list[tuple[str, str]]:
    """Path and kind of each problem that verification finds."""
    return [(finding.path, finding.kind.value) for finding in verify(root, now) if finding.is_problem]


def picture(root: Path, *, but: tuple[str, ...] = ()) -> dict[str, str]:
    """Every entry under a directory and a digest of what it is, without following links."""
    found: dict[str, str] = {}
    for directory, names, files in os.walk(root):
        for name in (*names, *files):
            path = os.path.join(directory, name)
            relative = os.path.relpath(path, root)
            if relative.split("/")[0] in but:
                continue
            mode = os.lstat(path).st_mode
            if stat.S_ISLNK(mode):
                found[relative] = "link " + os.readlink(path)
            elif stat.S_ISREG(mode):
                found[relative] = hashlib.sha256(Path(path).read_bytes()).hexdigest()
            else:
                found[relative] = f"{stat.S_IFMT(mode):o}"
    return found
