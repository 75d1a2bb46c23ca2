"""Parquet as an input: logtui's own files pass as they are, each row of others becomes a record."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from logtui.services.ingest.decompression import DamagedError
from logtui.services.ingest.record import Record

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"PAR1"
_ROWS = 8192


def is_parquet(path: Path) -> bool:
    """Tell whether a file begins as Parquet does.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def read_parquet(path: Path) -> Iterator[pa.Table | Record]:
    """Yield tables of `SCHEMA` for a file that has it; else a record for each row, a JSON object of its columns.

    The line of a record is the number of its row. Page checksums are verified where the file has them.

    Raises:
        DamagedError: the file cannot be read, or not to its end.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    from logtui.storage.arrow_schema import SCHEMA

    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            is_own = file.schema_arrow.remove_metadata().equals(SCHEMA)
            row = 1
            for batch in file.iter_batches(_ROWS):
                if is_own:
                    yield pa.Table.from_batches([batch.replace_schema_metadata(None)], schema=SCHEMA)
                    continue
                for fields in _rows(batch):
                    yield Record(_encode(fields).encode("utf-8", "replace"), row)
                    row += 1
    except (pa.ArrowException, OSError, ValueError) as error:
        raise DamagedError(f"the Parquet file cannot be read: {error}") from error


def rows_of(table: pa.Table, line: int) -> Iterator[Record]:
    """Yield the rows of a table as records, counted from `line`."""
    for batch in table.to_batches():
        for number, fields in enumerate(_rows(batch), line):
            yield Record(_encode(fields).encode("utf-8", "replace"), number)
        line += batch.num_rows


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, Any]]:
    import pyarrow as pa

    columns = []
    for column in batch.columns:
        kind = column.type
        if pa.types.is_timestamp(kind) and kind.unit == "ns":
            column = column.cast(pa.timestamp("us", kind.tz), safe=False)
        columns.append(column.to_pylist())
    for row in zip(*columns, strict=True):
        yield dict(zip(batch.schema.names, row, strict=True))


def _encode(fields: dict[str, Any]) -> str:
    try:
        return json.dumps(fields, ensure_ascii=False, allow_nan=False, default=_as_json, separators=(",", ":"))
    except ValueError:
        return json.dumps(_finite(fields), ensure_ascii=False, default=_as_json, separators=(",", ":"))


def _as_json(value: object) -> str:
    if isinstance(value, datetime):
        text = value.isoformat()
        return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return str(value)


def _finite(value: Any) -> Any:
    """Return a value without numbers that JSON does not have."""
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
