"""Short ways to put questions to an engine, and to make the stores that they are put to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.event import Cursor, Event
from logtui.core.page import Fresh, Order, Page, Problem, Selection, Summary
from logtui.core.query.parser import parse
from logtui.core.query.resolve import resolve
from logtui.core.times import day_of, day_start
from logtui.storage.engine import Engine, Follow
from logtui.storage.segment_writer import init_store, write_segment
from tests.samples import NOW

DAY_ONE = day_start("2026-10-01")


def event(at: int, name: str = "", *, event_type: str = "user.created", actor: str | None = "user_ada") -> Event:
    """Return an event `at` microseconds after the first of October 2026."""
    time = DAY_ONE + at
    return Event(time, name or f"evt_{at:015}", event_type, actor=actor, ingested_at=time, payload=f'{{"at":{at}}}')


def own_store(root: Path, events: Iterable[Event] = ()) -> Path:
    """Make a store at `root` with one segment for each day of the events."""
    init_store(root)
    add(root, events)
    return root


def add(root: Path, events: Iterable[Event], *, name: str | None = None) -> list[Path]:
    """Publish events in one more segment for each of their days."""
    days: dict[str, list[Event]] = {}
    for each in events:
        days.setdefault(day_of(each.event_time), []).append(each)
    return [write_segment(root, day, of_day, name=name, is_durable=False) for day, of_day in days.items()]


def select(query: str) -> Selection:
    """Return what a query means at `samples.NOW`."""
    return resolve(parse(query), now=NOW, find_time=lambda _: None)


def parts(
    engine: Engine,
    query: str = "",
    *,
    limit: int | None = None,
    order: Order = Order.NEWEST_FIRST,
    after: Cursor | None = None,
    with_payload: bool = False,
) -> list[Page]:
    """Return all parts of one page."""
    selection = select(query)
    return list(
        engine.pages(selection, limit=limit, token=CancelToken(), order=order, after=after, with_payload=with_payload)
    )


def events(
    engine: Engine,
    query: str = "",
    *,
    limit: int | None = None,
    order: Order = Order.NEWEST_FIRST,
    after: Cursor | None = None,
    with_payload: bool = False,
) -> list[Event]:
    """Return the events of one page."""
    found = parts(engine, query, limit=limit, order=order, after=after, with_payload=with_payload)
    return [each for part in found for each in part.events]


def ids(engine: Engine, query: str = "", *, limit: int | None = None, order: Order = Order.NEWEST_FIRST) -> list[str]:
    """Return the event ids of one page."""
    return [each.event_id for each in events(engine, query, limit=limit, order=order)]


def last_summary(engine: Engine, query: str = "", *, bucket: int | None = None) -> Summary:
    """Return the exact summary."""
    return list(engine.summary(select(query), bucket=bucket, token=CancelToken()))[-1]


def fresh(follow: Follow, query: str = "", *, limit: int = 100, changed: Iterable[str] | None = None) -> Fresh:
    """Return what is new."""
    return follow.fresh(select(query), limit=limit, token=CancelToken(), changed=changed)


def losses(engine: Engine) -> list[Problem]:
    """Return the problems because of which events may be missing."""
    return [problem for problem in engine.problems() if problem.is_loss]


def listed(events: Sequence[Event]) -> list[Event]:
    """Return events newest first as a page lists them: without their payloads."""
    newest_first = sorted(events, key=lambda each: each.cursor, reverse=True)
    return [replace(each, payload=None) for each in newest_first]
