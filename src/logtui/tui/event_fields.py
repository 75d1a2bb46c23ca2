"""What the overview says about an event: every column in words, and what the catalogue knows of its type. Pure."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from logtui.core.catalogue import Entry
from logtui.core.clock import SECOND
from logtui.core.columns import BY_NAME
from logtui.core.event import Event
from logtui.core.query.flags import is_late
from logtui.core.sanitise import narrow, visible
from logtui.core.times import format_utc
from logtui.tui.moments import age
from logtui.tui.signs import MISSING, category_sign, severity_sign

_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class EventField:
    """One line of the overview. `text` and `note` are visible text."""

    label: str
    text: str
    style: str = "plain"
    note: str = ""
    column: str | None = None
    """The column whose value stands here; None for what is said about it."""
    sign: str = ""
    """What stands before the text where it is seen; who hears it needs none."""

    @property
    def shown(self) -> str:
        """The text with its sign."""
        return f"{self.sign} {self.text}" if self.sign else self.text


def event_fields(event: Event, entry: Entry | None, now: int) -> tuple[EventField, ...]:
    """Return the lines of the overview, in their order."""
    return (
        *_type_fields(event, entry),
        *_time_fields(event, now),
        _value(event, "actor", event.actor_type),
        _value(event, "subject", event.subject_type),
        *(_value(event, name) for name in ("source", "trace_id", "device_id", "ip", "event_id")),
        _ingested(event),
        _payload(event),
    )


def _type_fields(event: Event, entry: Entry | None) -> Iterator[EventField]:
    sign, _ = category_sign(event.event_type)
    yield EventField("type", _shown(event.event_type), "key", column="event_type", sign=sign)
    if entry is None:
        yield EventField("", "not in the catalogue of event types", "dim")
    else:
        within = " · ".join(filter(None, (entry.category, entry.subcategory)))
        yield EventField("", _shown(entry.description), note=_shown(within))
        if entry.versions:
            yield EventField("", _shown(f"in the catalogue of {', '.join(entry.versions)}"), "dim")
    sign, name = severity_sign(event.severity)
    style = {"success": "good", "warning": "warn", "error": "bad"}.get(name, "plain")
    if event.severity is None:
        yield EventField("severity", MISSING, style, column="severity")
    else:
        yield EventField("severity", _shown(event.severity), style, column="severity", sign=sign)


def _time_fields(event: Event, now: int) -> Iterator[EventField]:
    at = event.event_time
    ago = age(now - at)
    yield EventField("time", format_utc(at), note=f"in {ago[1:]}" if now < at else f"{ago} ago", column="event_time")
    if local := _local(at):
        yield EventField("", local, "dim")


def _value(event: Event, name: str, kind: str | None = None) -> EventField:
    value: str | None = getattr(event, name)
    note = _shown(kind) if kind else ""
    if value is None:
        return EventField(BY_NAME[name].title, MISSING, "dim", note, name)
    return EventField(BY_NAME[name].title, _shown(value) or '""', "plain", note, name)


def _ingested(event: Event) -> EventField:
    at = event.ingested_at
    if at is None:
        return EventField("ingested", MISSING, "dim", column="ingested_at")
    delay = at - event.event_time
    note = f"{_apart(abs(delay))} {'after' if delay >= 0 else 'before'} the event" + (
        ", late" if is_late(event.event_time, at) else ""
    )
    return EventField("ingested", format_utc(at), "plain", note, "ingested_at")


def _apart(micros: int) -> str:
    return f"{micros // 1000}ms" if micros < SECOND else age(micros)


def _payload(event: Event) -> EventField:
    if event.payload is None:
        return EventField("payload", "reading …", "dim", column="payload")
    size = len(event.payload.encode("utf-8", "surrogatepass"))
    return EventField("payload", f"{size:,} bytes", column="payload")


def _local(at: int) -> str:
    """Return the time on this machine's clocks; empty where they show UTC, or cannot show the time."""
    try:
        zone = time.localtime(at // SECOND)
    except (OverflowError, OSError, ValueError):
        return ""
    if not zone.tm_gmtoff:
        return ""
    hours, minutes = divmod(abs(zone.tm_gmtoff) // 60, 60)
    offset = f"{'-' if zone.tm_gmtoff < 0 else '+'}{hours:02}:{minutes:02}"
    return f"{format_utc(at + zone.tm_gmtoff * SECOND)[:-1]}{offset} {visible(zone.tm_zone, 20)}"


def _shown(text: str) -> str:
    return narrow(visible(text, _SHOWN))
