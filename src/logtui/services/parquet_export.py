"""Events as one Parquet file with the schema of a store's segments, written in row groups as they come."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from logtui.core.event import Event
from logtui.storage.arrow_schema import SCHEMA

_ROW_GROUP = 16_384


class ParquetWriter:
    """Gathers events to row groups, so that memory stays bounded and the file stays quick to read."""

    def __init__(self, sink: BinaryIO, columns: tuple[str, ...]) -> None:
        # A store that other tools made may lack any column, so none is required here.
        self._schema = pa.schema([SCHEMA.field(name).with_nullable(True) for name in columns], SCHEMA.metadata)
        self._writer = pq.ParquetWriter(sink, self._schema, compression="zstd", write_page_checksum=True)
        self._waiting: list[Event] = []

    def write(self, events: Sequence[Event]) -> None:
        self._waiting += events
        while len(self._waiting) >= _ROW_GROUP:
            self._write_group(self._waiting[:_ROW_GROUP])
            del self._waiting[:_ROW_GROUP]

    def finish(self) -> None:
        if self._waiting:
            self._write_group(self._waiting)
        self._writer.close()

    def _write_group(self, events: Sequence[Event]) -> None:
        arrays = [pa.array([getattr(event, field.name) for event in events], type=field.type) for field in self._schema]
        self._writer.write_table(pa.table(arrays, schema=self._schema), row_group_size=_ROW_GROUP)
