"""The bundled data set, and a copy of it that ends now.

All times move by the same distance: of events, of writing, and inside payloads, where a whole number of thirteen
digits that is the value of a key is a time in milliseconds (`resources` keeps to that).
"""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import logtui
from logtui.core.clock import HOUR, MINUTE
from logtui.core.times import day_of, day_start
from logtui.storage.sink import SegmentSink

if TYPE_CHECKING:
    import pyarrow as pa

BUNDLE = Path(logtui.__file__).parent / "data" / "demo"
"""A store."""
END = day_start("2026-11-18") + 15 * HOUR + 20 * MINUTE
"""When its events end: on a Wednesday afternoon, so that the days have their rhythm when this is moved to now."""

_PAYLOAD_TIME = re.compile(r":1[0-9]{12}(?=[,}])")


def distance_to(ends_at: int) -> int:
    """Return by how much the month moves (microseconds) so that it ends at a time; whole milliseconds."""
    return (ends_at - END) // 1000 * 1000


def moved_payload(payload: str, distance: int) -> str:
    """Return the payload with its times moved by a distance in whole milliseconds."""
    milliseconds = distance // 1000
    return _PAYLOAD_TIME.sub(lambda match: f":{int(match[0][1:]) + milliseconds}", payload)


def copy_bundle(sink: SegmentSink, distance: int) -> int:
    """Write the bundled events, moved by a distance, and return how many there are."""
    events = _moved(_bundled(), distance)
    times = events["event_time"].cast("int64").to_pylist()
    first = 0
    for day, of_day in groupby(times, key=day_of):
        count = len(list(of_day))
        sink.publish(day, events.slice(first, count))
        first += count
    return first


def _bundled() -> pa.Table:
    """Return the bundled events, newest first."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    segments = sorted(BUNDLE.glob("date=*/*.parquet"), reverse=True)
    return pa.concat_tables([pq.ParquetFile(segment).read(use_threads=False) for segment in segments])


def _moved(events: pa.Table, distance: int) -> pa.Table:
    import pyarrow as pa
    import pyarrow.compute as pc

    columns = {name: events[name] for name in events.schema.names}
    for name in ("event_time", "ingested_at"):
        columns[name] = pc.add(events[name].cast(pa.int64()), distance).cast(events.schema.field(name).type)
    columns["payload"] = pa.array([moved_payload(text, distance) for text in events["payload"].to_pylist()])
    return pa.table(columns, schema=events.schema.remove_metadata())
