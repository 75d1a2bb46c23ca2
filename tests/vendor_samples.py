"""The sample events that ship beside the formats, and how tests read them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from logtui.core.event import Event
from logtui.core.times import parse_instant
from logtui.services.ingest.formats import FORMATS
from logtui.services.ingest.formats.format import Fields, Format
from logtui.services.ingest.record import Record, Rejected

SAMPLES = Path(__file__).parents[1] / "src" / "logtui" / "services" / "ingest" / "formats" / "samples"
SHARED = Path("/work/shared/samples")
INGESTED_AT = 1_800_000_000_000_000

BY_NAME = {form.name: form for form in FORMATS}


@dataclass(frozen=True)
class Line:
    """One record of a file, with its object as a parser gives it."""

    record: Record
    fields: Fields


def lines_of(path: Path) -> list[Line]:
    """Return the records of a file of JSON lines."""
    texts = [line for line in path.read_bytes().split(b"\n") if line.strip()]
    return [Line(Record(text, number), json.loads(text)) for number, text in enumerate(texts, 1)]


def sample(name: str) -> list[Line]:
    """Return the samples of a format."""
    return lines_of(SAMPLES / f"{name}.ndjson")


def read(form: Format, line: Line) -> Sequence[Event | Rejected]:
    """Read one record."""
    return form.events(line.fields, line.record, INGESTED_AT)


def events_of(form: Format, lines: Sequence[Line]) -> Iterator[Event]:
    """Yield the events of records, without what is rejected."""
    for line in lines:
        yield from (event for event in read(form, line) if isinstance(event, Event))


def micros(text: str) -> int:
    """Return the microseconds of a time written in RFC 3339."""
    return parse_instant(text, 0)


def essence(event: Event | Rejected) -> tuple[object, ...]:
    """Return what must be the same of an event that was read from another writing of its record."""
    assert isinstance(event, Event), event
    return event.event_time, event.event_type, event.actor, event.subject, event.source, event.ip
