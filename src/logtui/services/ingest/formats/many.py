"""What formats with several events in a record share: each event's own payload and id."""

from __future__ import annotations

from collections.abc import Sequence

from logtui.core.event import Event
from logtui.services.ingest.formats.slices import LARGEST, alone
from logtui.services.ingest.formats.vendor import Columns, event_of
from logtui.services.ingest.record import Record, Rejected


def payloads(record: Record, path: Sequence[str], count: int) -> Sequence[bytes] | Rejected:
    """Return the payload of each of `count` events: the record's text with the other events cut out.

    The whole text for each where that cannot be done, because the record nests too deep or is no UTF-8. A record whose
    payloads would be a multiple of its size beyond all measure is refused.
    """
    if count == 1:
        return (record.text,)
    try:
        slices = [text.encode() for text in alone(record.text.decode(), path)]
    except (ValueError, RecursionError):
        slices = []
    if len(slices) == count:
        return slices
    if len(record.text) * count > LARGEST:
        return Rejected(f"its {count} events cannot be cut apart, and are too many to keep the whole text with each")
    return (record.text,) * count


def event_at(
    columns: Columns, at: int, index: int, record_id: str, payload: bytes, ingested_at: int, type_field: str
) -> Event | Rejected:
    """Return the event at an index of a record; without a vendor's id it gets that of the record and its index.

    `record_id` is the hash of the record, made once for all of its events.
    """
    if columns.id is None:
        columns = columns._replace(id=f"{record_id}-{index}" if index else record_id)
    return event_of(columns, at, payload, ingested_at, type_field)
