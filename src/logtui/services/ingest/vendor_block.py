"""Reads whole blocks of lines in a vendor's format as columns, without an object for each event.

Only what is plain is read here: a line that is one record of the format, with a time and a type. Everything else is
given back line by line to be looked at with care, so that both ways read the same events.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from logtui.core.columns import NAMES
from logtui.services.ingest.formats import severities
from logtui.services.ingest.formats.vendor import Columns, VendorFormat, hash_id
from logtui.services.ingest.json_lines import AROUND
from logtui.services.ingest.nesting import is_container
from logtui.services.ingest.record import Lines

if TYPE_CHECKING:
    import pyarrow as pa

_FEWEST = 32
"""Events that are worth a table; fewer of them between lines that are not plain are read one by one, too."""
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
_COLUMNS = tuple({"type": "event_type", "id": "event_id"}.get(name, name) for name in Columns._fields)
"""What the fields of `Columns` are called in the store."""

_parse = msgspec.json.Decoder().decode


def read_vendor_block(
    form: VendorFormat, block: Lines, ingested_at: int, *, is_only: bool
) -> Iterator[tuple[Lines, pa.Table | None]]:
    """Yield lines and their events as a table of `SCHEMA`, in order; None for lines to be looked at by themselves.

    Args:
        is_only: every record is of the format, whether it looks so or not.
    """
    texts = block.data.split(b"\n")
    if not texts[-1]:
        texts.pop()
    run = _Run(form, ingested_at)
    start = 0
    for number, text in enumerate(texts):
        if not run.add(text, is_only=is_only):
            if number > start:
                yield _part(block, texts[start:number], start), run.take()
            yield _part(block, [text], number), None
            start = number + 1
    if start < len(texts):
        yield _part(block, texts[start:], start), run.take()


def _part(block: Lines, texts: list[bytes], start: int) -> Lines:
    return Lines(b"\n".join(texts), block.line + start)


class _Run:
    """Plain lines that follow each other."""

    def __init__(self, form: VendorFormat, ingested_at: int) -> None:
        self._form = form
        self._ingested_at = ingested_at
        self._payloads: list[bytes] = []
        self._times: list[int] = []
        self._columns: list[Columns] = []

    def add(self, text: bytes, *, is_only: bool) -> bool:
        """Add the event of a line; False if the line is not plain."""
        record = text.strip(AROUND)
        try:
            fields = _parse(record)
        except _UNREADABLE:
            return False
        form = self._form
        if type(fields) is not dict or is_container(fields) or not (is_only or form.recognises(fields)):
            return False
        found = form.read(fields)
        if found is None:
            return False
        self._times.append(found[0])
        self._columns.append(found[1])
        self._payloads.append(record)
        return True

    def take(self) -> pa.Table | None:
        """Return the events, and begin anew; None if they are few, or hold what cannot be stored."""
        payloads, times, columns = self._payloads, self._times, self._columns
        self._payloads, self._times, self._columns = [], [], []
        if len(times) < _FEWEST:
            return None
        import pyarrow as pa

        from logtui.storage.arrow_schema import SCHEMA

        texts: dict[str, list[str | None]] = dict(zip(_COLUMNS, map(list, zip(*columns, strict=True)), strict=True))
        if not all(texts["event_id"]):
            texts["event_id"] = [each or hash_id(payloads[at]) for at, each in enumerate(texts["event_id"])]
        if not all(texts["severity"]):
            kinds = texts["event_type"]
            texts["severity"] = [
                each or severities.of_type(kind or "") for each, kind in zip(texts["severity"], kinds, strict=True)
            ]
        time = pa.timestamp("us", tz="UTC")
        try:
            arrays = {name: pa.array(values, pa.string()) for name, values in texts.items()}
            arrays["payload"] = pa.array(payloads, pa.binary()).cast(pa.string())
        except (UnicodeEncodeError, pa.ArrowInvalid):
            return None
        arrays["event_time"] = pa.array(times, pa.int64()).cast(time)
        arrays["ingested_at"] = (
            pa.array([self._ingested_at], pa.int64()).cast(time).take(pa.array([0] * len(times), pa.int32()))
        )
        return pa.table([arrays[name] for name in NAMES], schema=SCHEMA)
