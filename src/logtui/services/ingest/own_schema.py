"""Reads events back that logtui wrote as NDJSON: `logtui query --format ndjson`, whole blocks of lines at a time."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import msgspec

from logtui.core.columns import COLUMNS, NAMES, Kind
from logtui.core.event import Event
from logtui.services.ingest.formats.format import Fields
from logtui.services.ingest.formats.vendor import not_a_time
from logtui.services.ingest.mapped import MappedFormat
from logtui.services.ingest.record import Record, Rejected
from logtui.services.ingest.times import EventTime, read_time

if TYPE_CHECKING:
    import pyarrow as pa

_REQUIRED = ("event_time", "event_id", "event_type", "payload")
_NAMES = frozenset(NAMES)
_TEXTS = tuple(column.name for column in COLUMNS if column.kind in (Kind.ID, Kind.NAME))


def _field(name: str) -> tuple[str, Any] | tuple[str, Any, None]:
    if name in ("event_time", "ingested_at"):
        kind: Any = str | int | float
    else:
        kind = msgspec.Raw if name == "payload" else str
    return (name, kind) if name in _REQUIRED else (name, kind | None, None)


# In the order in which the lines have them: then msgspec finds each at once.
_Line = msgspec.defstruct("_Line", list(map(_field, NAMES)), forbid_unknown_fields=True, gc=False, kw_only=True)
"""One event as a line has it; the payload's bytes are not looked into."""

_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_Line)
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class OwnSchema:
    """The format of logtui's own NDJSON. A payload that is a JSON string means its content, as `--payload text` has it.

    `ingested_at` is kept where it is given: it says when the event was first written to a store.
    """

    name = "logtui"
    title = "events that logtui wrote"

    def __init__(self) -> None:
        self._other = MappedFormat()

    def recognises(self, fields: Fields) -> bool:
        """See `Format`."""
        return all(name in fields for name in _REQUIRED) and fields.keys() <= _NAMES

    def time(self, fields: Fields) -> EventTime | None:
        """See `Format`."""
        return read_time(fields.get("event_time"))

    def events(self, fields: Fields, record: Record, ingested_at: int) -> Sequence[Event | Rejected]:
        """See `Format`."""
        try:
            line = _DECODER.decode(record.text)
            payload = _text_of(bytes(line.payload))
        except _UNREADABLE:
            # Values of other types than ours, such as a number for an id.
            return self._other.events(fields, record, ingested_at)
        time = read_time(line.event_time)
        if time is None:
            return (not_a_time("event_time", line.event_time),)
        if not (line.event_id and line.event_type):
            return self._other.events(fields, record, ingested_at)
        written = read_time(line.ingested_at)
        columns: dict[str, Any] = {name: getattr(line, name) for name in _TEXTS}
        return (Event(time.micros, **columns, payload=payload, ingested_at=written.micros if written else ingested_at),)


def read_block(data: bytes, ingested_at: int) -> pa.Table | None:
    """Return the events of whole lines as a table of `SCHEMA`; None when one of them is to be looked at by itself."""
    import pyarrow as pa

    from logtui.storage.arrow_schema import SCHEMA

    try:
        lines = _DECODER.decode_lines(data)
        if not lines:
            return None
        # Once through the lines, not once a field: they don't fit into the processor's cache.
        values = dict(zip(_Line.__struct_fields__, zip(*map(msgspec.structs.astuple, lines), strict=True), strict=True))
        columns: dict[str, pa.Array] = {name: pa.array(values[name], pa.string()) for name in _TEXTS}
        columns["payload"] = _payloads(values["payload"])
    except (*_UNREADABLE, UnicodeEncodeError, pa.ArrowInvalid):
        return None
    written = values["ingested_at"]
    times = _times(values["event_time"])
    writings = _times([ingested_at if each is None else each for each in written] if None in written else written)
    if times is None or writings is None or not _are_whole(columns):
        return None
    columns |= {"event_time": times, "ingested_at": writings}
    return pa.table([columns[name] for name in NAMES], schema=SCHEMA)


def _payloads(raws: Sequence[msgspec.Raw]) -> pa.Array:
    """Return the payloads as they stand in the lines.

    Raises:
        ArrowInvalid: one is not UTF-8.
    """
    import pyarrow.compute as pc

    texts: list[Any] = list(map(memoryview, raws))  # type: ignore[arg-type] # it has the protocol, but does not say so
    payloads = _strings(texts)
    if pc.any(pc.starts_with(payloads, '"')).as_py():
        payloads = _strings([_text_of(bytes(text)).encode() for text in texts])
    payloads.validate(full=True)
    return payloads


def _strings(texts: Sequence[Any]) -> pa.Array:
    """Return bytes as an array of strings, whatever is in them."""
    import pyarrow as pa

    offsets = array("i", accumulate(map(len, texts), initial=0))
    return pa.StringArray.from_buffers(len(texts), pa.py_buffer(offsets), pa.py_buffer(b"".join(texts)))


def _text_of(raw: bytes) -> str:
    """Return a payload's text: a string means its content."""
    return str(msgspec.json.decode(raw)) if raw.startswith(b'"') else raw.decode()


def _times(values: Sequence[str | int | float]) -> pa.Array | None:
    """Return the times; None if one is none."""
    import pyarrow as pa

    kind = pa.timestamp("us", tz="UTC")
    try:
        return pa.array(values, pa.string()).cast(kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        times = [read_time(value) for value in values]
    if None in times:
        return None
    return pa.array([time.micros for time in times if time is not None], pa.int64()).cast(kind)


def _are_whole(columns: dict[str, pa.Array]) -> bool:
    """Tell whether every event has an id and a type that is not empty."""
    import pyarrow as pa
    import pyarrow.compute as pc

    # With its type said, pyarrow does not look for one, which takes as long as the comparison.
    nothing = pa.scalar("", pa.string())
    return not any(pc.any(pc.equal(columns[name], nothing)).as_py() for name in ("event_id", "event_type"))
