"""A store that takes seconds to search, and no time to make."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SLOW_QUERY = "p.text:/(a|b|c|d)+x{9}y$/"
"""What no event answers, and every payload has to be searched for."""


def make_slow_store(path: Path, *, megabytes: int = 500) -> Path:
    """Write one small file that unfolds to so much payload text: seconds of work for a regex."""
    rows = 16_384
    payload = json.dumps({"text": "abcdefghij klmnopqrst " * 100})
    columns = {
        "event_time": pa.array(range(rows)),
        "event_id": pa.array([str(number) for number in range(rows)]),
        "event_type": pa.array(["slow"] * rows),
        "payload": pa.array([payload] * rows),
    }
    table = pa.table(columns)
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(megabytes // 36):
            writer.write_table(table)
    return path
