"""What formats with several events in a record share: each event's own payload and id."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.event import Event
from logtui.services.ingest.formats.slices import alone
from logtui.services.ingest.formats.vendor import Columns, event_of, hash_id
from logtui.services.ingest.record import Record, Rejected


def payloads(record: Record, path: Sequence[str], count: int) -> Sequence[bytes]:
    """Return the payload of each of `count` events: the record's text with the other events cut out.

    The whole text for each where that cannot be done, because the record nests too deep or is no UTF-8.
    """
    if count == 1:
        return (record.text,)
    try:
        slices = [text.encode() for text in alone(record.text.decode(), path)]
    except (ValueError, RecursionError):
        slices = []
    return slices if len(slices) == count else (record.text,) * count


def event_at(
    columns: Columns, at: int, index: int, record: Record, payload: bytes, ingested_at: int, type_field: str
) -> Event | Rejected:
    """Return the event at an index of a record; without a vendor's id it gets the hash of the record and its index."""
    if columns.id is None:
        columns = columns._replace(id=hash_id(record.text, index))
    return event_of(columns, at, payload, ingested_at, type_field)
