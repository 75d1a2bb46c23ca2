"""OpenTelemetry: log records in OTLP's JSON, as collectors write them to files; one record holds many events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from logtui.core.event import Event
from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.many import event_at, payloads
from logtui.services.ingest.formats.reading import address, as_text, first, folded, keys, part, parts, text, value
from logtui.services.ingest.formats.vendor import Columns, hash_id, not_a_time
from logtui.services.ingest.record import Record, Rejected
from logtui.services.ingest.times import EventTime, read_time

_NANOS = range(1, 253_402_300_800 * 10**9)
_ACTORS = (
    ("user.id", "user"),
    ("enduser.id", "user"),
    ("user.name", "user"),
    ("user.email", "user"),
    ("service.account.id", "service_account"),
)
_ADDRESSES = ("client.address", "source.address", "http.client_ip", "net.peer.ip", "network.peer.address")
_SUBJECTS = ("subject.id", "target.id", "resource.id")
_TIMES = ("timeUnixNano", "time_unix_nano", "observedTimeUnixNano", "observed_time_unix_nano")
_VALUES = ("stringValue", "intValue", "doubleValue", "string_value", "int_value", "double_value")


@dataclass(frozen=True, slots=True)
class Otlp:
    """The format of OTLP log exports."""

    name: str = "otlp"
    title: str = "OpenTelemetry logs (OTLP JSON)"

    def recognises(self, fields: Fields) -> bool:
        return not keys(fields).isdisjoint(("resourcelogs", "resource_logs"))

    def time(self, fields: Fields) -> EventTime | None:
        first_one = next(_log_records(fields), None) or next(_log_records(folded(fields)), None)
        return None if first_one is None else _time(first_one[2])

    def events(self, fields: Fields, record: Record, ingested_at: int) -> Sequence[Event | Rejected]:
        """None for an export without log records, which collectors write now and then."""
        held = list(_log_records(fields)) or list(_log_records(folded(fields)))
        if not held:
            return ()
        texts = payloads(record, _path(fields), len(held))
        if isinstance(texts, Rejected):
            return (texts,)
        record_id = hash_id(record.text)
        events: list[Event | Rejected] = []
        for index, (resource, scope, log) in enumerate(held):
            time = _time(log)
            if time is None:
                events.append(_without_time(log))
                continue
            columns = _columns(resource, scope, log)
            events.append(event_at(columns, time.micros, index, record_id, texts[index], ingested_at, "eventName"))
        return events


def _log_records(fields: Fields) -> Iterator[tuple[Fields, Fields, Fields]]:
    """Yield each log record with the attributes of its resource and its scope."""
    for of_resource in parts(fields, "resourceLogs") or parts(fields, "resource_logs"):
        resource = _attributes(part(of_resource, "resource"))
        for of_scope in parts(of_resource, "scopeLogs") or parts(of_resource, "scope_logs"):
            scope = part(of_scope, "scope")
            for log in parts(of_scope, "logRecords") or parts(of_scope, "log_records"):
                yield resource, scope, log


def _path(fields: Fields) -> Sequence[str]:
    if value(fields, "resource_logs") is not None:
        return ("resource_logs", "scope_logs", "log_records")
    return ("resourceLogs", "scopeLogs", "logRecords")


def _attributes(fields: Fields) -> dict[str, object]:
    """Return attributes by key; of those that are no text or number, None."""
    result: dict[str, object] = {}
    for attribute in parts(fields, "attributes"):
        key, held = attribute.get("key"), part(attribute, "value")
        if isinstance(key, str):
            result[key] = next((held[name] for name in _VALUES if name in held), None)
    return result


def _time(log: Fields) -> EventTime | None:
    """Read nanoseconds as such, whatever their size; 0 means that the time is not known."""
    for name in _TIMES:
        found = log.get(name, log.get(name.lower()))
        if isinstance(found, str):
            if not (found.isascii() and found.isdigit() and len(found) < 21):
                time = read_time(found)
                if time is not None:
                    return time
                continue
            found = int(found)
        if isinstance(found, int) and found in _NANOS:
            return EventTime(found // 1000, has_zone=True)
    return None


def _without_time(log: Fields) -> Rejected:
    for name in _TIMES:
        found = log.get(name)
        if found is not None and found not in (0, "0", ""):
            return not_a_time(name, found)
    return Rejected("timeUnixNano: missing or 0, and observedTimeUnixNano too")


def _columns(resource: Fields, scope: Fields, log: Fields) -> Columns:
    attributes = _attributes(log)
    actor, actor_type = next(
        ((found, kind) for key, kind in _ACTORS if (found := as_text(attributes.get(key))) is not None), (None, None)
    )
    return Columns(
        first(log, "eventName", "event_name") or as_text(attributes.get("event.name")) or "log",
        None,
        _severity(log),
        actor,
        actor_type,
        _first_of(attributes, _SUBJECTS),
        None,
        as_text(resource.get("service.name")) or text(scope, "name"),
        first(log, "traceId", "trace_id"),
        as_text(attributes.get("device.id")) or as_text(resource.get("device.id")),
        next((found for key in _ADDRESSES if (found := address(as_text(attributes.get(key)))) is not None), None),
    )


def _first_of(attributes: dict[str, object], names: Sequence[str]) -> str | None:
    return next((found for name in names if (found := as_text(attributes.get(name))) is not None), None)


def _severity(log: Fields) -> str | None:
    """Read the number, 1 to 24 in steps of four from trace to fatal, else the text."""
    number = value(log, "severityNumber")
    if isinstance(number, int) and 1 <= number <= 24:
        return severities.INFO if number < 13 else severities.WARNING if number < 17 else severities.ERROR
    return severities.of_level(first(log, "severityText", "severity_text"))


FORMAT = Otlp()
