"""The month's events as patterns that millions of events can be made from.

A pattern is an event with holes where its ids, addresses and times were; a chain is the patterns of one trace. Which
chains there are, and how often, is how the month looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby

from logtui.core.clock import MINUTE, SECOND
from logtui.core.event import Event

LONGEST_CHAIN = 5
LONGEST_REQUEST = 2 * SECOND

_HOLES = re.compile(
    r'(?<=")(?:(?P<id>[a-z_]{2,9}_3[0-9A-Za-z]{26})|(?P<email>[a-z0-9.]+@[a-z]+\.example))(?=")'
    r'|(?<=":)(?P<time>1[0-9]{12})(?=[,}])'
)
"""Whole JSON values only: part of a text could be part of an escape sequence."""


class Hole(IntEnum):
    """What a pattern leaves open."""

    ACTOR = 0
    SUBJECT = 1
    IP = 2
    EMAIL = 3
    USER = 4
    """Of any other id of a user, what comes after the prefix."""
    OTHER = 5
    """The same of any other id."""
    NOW = 6
    """Milliseconds of the event's time; the other two lie well before and after."""
    BEFORE = 7
    AFTER = 8


class About(IntEnum):
    """Where a subject's id comes from."""

    USER = 0
    """The trace's user, who is also the actor if any person is."""
    ANOTHER = 1
    """A user whom the actor does something to."""
    SESSION = 2
    """The session of the trace's user."""
    ORGANIZATION = 3
    TRACE = 4
    """Something that only one trace is about."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One event of one chain. A column that is not `own` has the value that the event had."""

    event: Event
    offset: int
    """Microseconds after the chain's first event."""
    has_own_actor: bool
    has_own_device: bool
    has_own_ip: bool
    about: About
    subject_prefix: str
    payload: tuple[str | Hole, ...]


def chains_of(events: Iterable[Event]) -> list[list[Pattern]]:
    """Return one chain for each trace, in the order of the traces' first events."""
    traces: dict[str, list[Event]] = {}
    for event in events:
        traces.setdefault(event.trace_id or event.event_id, []).append(event)
    return [[_pattern(event, trace[0].event_time) for event in trace[:LONGEST_CHAIN]] for trace in traces.values()]


def _pattern(event: Event, start: int) -> Pattern:
    has_own_actor = event.actor_type == "user"
    has_own_ip = event.ip is not None and not event.ip.startswith("192.0.2.")
    subject = event.subject or ""
    return Pattern(
        event=event,
        offset=min(event.event_time - start, LONGEST_REQUEST),
        has_own_actor=has_own_actor,
        has_own_device=(event.device_id or "").startswith("device_"),
        has_own_ip=has_own_ip,
        about=_about(event),
        subject_prefix=subject[: len(subject) - 26],
        payload=tuple(_joined(_parts(event, has_own_ip))),
    )


def _about(event: Event) -> About:
    match event.subject_type:
        case "user":
            return About.ANOTHER if event.actor_type == "user" and event.actor != event.subject else About.USER
        case "session":
            return About.SESSION
        case "organization":
            return About.ORGANIZATION
        case _:
            return About.TRACE


def _parts(event: Event, has_own_ip: bool) -> Iterator[str | Hole]:
    payload, done = event.payload or "{}", 0
    holes = _HOLES.finditer(payload)
    if has_own_ip and event.ip:
        holes = iter(
            sorted([*holes, *re.finditer(re.escape(f'"{event.ip}"'), payload)], key=lambda match: match.start())
        )
    for match in holes:
        yield payload[done : match.start()]
        done = match.end()
        yield from _hole(match, event)
    yield payload[done:]


def _hole(match: re.Match[str], event: Event) -> Sequence[str | Hole]:
    text = match[0]
    if text.startswith('"'):
        return ('"', Hole.IP, '"')
    if text == event.subject:
        return (Hole.SUBJECT,)
    if text == event.actor and event.actor_type == "user":
        return (Hole.ACTOR,)
    match match.lastgroup:
        case "id":
            return (text[:-26], Hole.USER if text.startswith("user_") else Hole.OTHER)
        case "email":
            return (Hole.EMAIL,)
        case _:
            distance = int(text) * 1000 - event.event_time
            return (Hole.NOW if abs(distance) < MINUTE else Hole.BEFORE if distance < 0 else Hole.AFTER,)


def _joined(parts: Iterable[str | Hole]) -> Iterator[str | Hole]:
    """Yield the parts with neighbouring texts made one, and without empty ones."""
    for is_hole, run in groupby(parts, key=lambda part: isinstance(part, Hole)):
        if is_hole:
            yield from run
        else:
            text = "".join(str(part) for part in run)
            if text:
                yield text
