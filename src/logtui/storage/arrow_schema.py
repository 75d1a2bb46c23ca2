"""The event schema as Arrow types, derived from `COLUMNS`, and events as tables of it.

The only place that turns columns into Arrow types: a new column needs no line here. Importing it loads pyarrow, so the
read path must not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from operator import attrgetter

import pyarrow as pa

from logtui.core.columns import COLUMNS, Kind
from logtui.core.errors import StoreError
from logtui.core.event import Event

_TYPES: dict[Kind, pa.DataType] = {
    Kind.TIME: pa.timestamp("us", tz="UTC"),
    Kind.ID: pa.string(),
    Kind.NAME: pa.string(),
    Kind.JSON: pa.string(),
}

SCHEMA = pa.schema([pa.field(column.name, _TYPES[column.kind], nullable=not column.is_required) for column in COLUMNS])
"""Columns, types and nullability of every segment that logtui writes."""


def table_of(events: Sequence[Event]) -> pa.Table:
    """Return the events as a table, in their order.

    Raises:
        StoreError: some text cannot be stored as UTF-8; the message names the event and the column.
    """
    return pa.table([_array(events, field) for field in SCHEMA], schema=SCHEMA)


def events_of(table: pa.Table) -> Iterator[Event]:
    """Yield the rows of a table of `SCHEMA` as events."""
    columns = {
        field.name: table[field.name].cast(pa.int64()) if pa.types.is_timestamp(field.type) else table[field.name]
        for field in SCHEMA
    }
    for batch in pa.table(columns).to_batches(max_chunksize=1024):
        names = batch.schema.names
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            yield Event(**dict(zip(names, row, strict=True)))


def _array(events: Sequence[Event], field: pa.Field) -> pa.Array:
    value = attrgetter(field.name)
    try:
        return pa.array([value(event) for event in events], field.type)
    except UnicodeEncodeError as error:
        culprit = next(event for event in events if not _is_storable(value(event)))
        raise StoreError(
            f"event {culprit.event_id!a}: {field.name} holds a lone surrogate, which is not Unicode text; replace it"
        ) from error


def _is_storable(text: str | None) -> bool:
    try:
        (text or "").encode()
    except UnicodeEncodeError:
        return False
    return True
