"""The one list of columns: names, query fields, and what may be done with each.

Parser, completion, SQL, Arrow schema, feed, facets and `--columns` are all derived from `COLUMNS`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """How a column's values are stored and compared."""

    TIME = "time"
    ID = "id"
    """Case-sensitive text with many different values; has a Bloom filter in our segments."""
    NAME = "name"
    """Text with few different values; dictionary-encoded in our segments."""
    JSON = "json"


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the event schema."""

    name: str
    """As in the file, in NDJSON output and in `--columns`."""
    kind: Kind
    title: str
    """Heading in the feed."""
    meaning: str
    field: str | None = None
    """The query field that filters on it; None where there is none."""
    is_required: bool = False
    is_caseless: bool = False
    """Whether the query compares it without regard to case."""
    has_bloom: bool = False
    synonyms: tuple[str, ...] = ()
    """Names that other tools give it, lower case, best first."""
    width: int = 16
    """Cells in the feed before the user changes it."""


COLUMNS: tuple[Column, ...] = (
    Column("event_time", Kind.TIME, "time", "when it happened", is_required=True, width=23,
           synonyms=("timestamp", "ts", "time", "@timestamp", "eventtime", "occurred_at", "created_at", "published",
                     "date_time", "datetime", "event_timestamp", "created", "createdat", "_time", "when", "at")),
    Column("event_id", Kind.ID, "id", "unique id of the event", "id", is_required=True, has_bloom=True, width=30,
           synonyms=("id", "eventid", "uuid", "uid", "_id", "log_id", "message_id", "record_id")),
    Column("event_type", Kind.NAME, "type", "what happened, dotted", "type", is_required=True, is_caseless=True,
           width=38,
           synonyms=("type", "action", "event", "eventname", "event_name", "eventtype", "event.action", "operation",
                     "activity", "name", "kind")),
    Column("severity", Kind.NAME, "severity", "info, success, warning or error", "severity", is_caseless=True,
           width=9, synonyms=("level", "log_level", "loglevel", "log.level", "outcome", "status")),
    Column("actor", Kind.ID, "actor", "who did it", "actor", has_bloom=True, width=24,
           synonyms=("actor_id", "actorid", "user_id", "userid", "user", "principal", "username", "user_name",
                     "performed_by", "initiator", "email", "who")),
    Column("actor_type", Kind.NAME, "actor type", "user, api_key, machine, system …", "actor_type", width=10,
           synonyms=("actortype", "user_type", "principal_type")),
    Column("subject", Kind.ID, "subject", "the resource acted on", "subject", has_bloom=True, width=24,
           synonyms=("subject_id", "target", "target_id", "targetid", "resource", "resource_id", "resourceid",
                     "object_id", "entity_id", "object")),
    Column("subject_type", Kind.NAME, "subject type", "user, organization, session …", "subject_type", width=14,
           synonyms=("subjecttype", "target_type", "resource_type", "object_type", "entity_type")),
    Column("source", Kind.NAME, "source", "the producing service", "source", width=14,
           synonyms=("service", "service_name", "service.name", "app", "application", "component", "logger", "host",
                     "vendor", "event_source", "eventsource")),
    Column("trace_id", Kind.ID, "trace", "distributed trace", "trace", has_bloom=True, width=18,
           synonyms=("trace", "traceid", "trace.id", "request_id", "requestid", "correlation_id", "correlationid")),
    Column("device_id", Kind.ID, "device", "device of the actor", "device", has_bloom=True, width=18,
           synonyms=("device", "deviceid", "client_id", "device.id")),
    Column("ip", Kind.ID, "ip", "client address", "ip", width=15,
           synonyms=("ip_address", "ipaddress", "client_ip", "clientip", "source_ip", "sourceipaddress", "src_ip",
                     "remote_addr", "remote_ip", "client.ip", "source.ip")),
    Column("payload", Kind.JSON, "payload", "the full event as JSON text", is_required=True, width=40,
           synonyms=("data", "body", "details", "detail", "metadata", "attributes", "attrs", "properties", "raw",
                     "event_data", "context", "message", "msg")),
    Column("ingested_at", Kind.TIME, "ingested", "when it was written", is_required=True, width=23,
           synonyms=("ingest_time", "ingested", "received_at", "inserted_at", "_ingested_at", "event.ingested")),
)  # fmt: skip

BY_NAME = {column.name: column for column in COLUMNS}
BY_FIELD = {column.field: column for column in COLUMNS if column.field}
NAMES = tuple(column.name for column in COLUMNS)
LISTED = tuple(column.name for column in COLUMNS if column.name != "payload")
"""Columns that a page of events carries; the payload is read for the detail only."""
DEFAULT_FEED = ("event_time", "event_type", "actor", "subject", "source", "trace_id")
FACETS = (
    "event_type",
    "severity",
    "source",
    "actor",
    "subject",
    "ip",
    "actor_type",
    "subject_type",
    "device_id",
)
