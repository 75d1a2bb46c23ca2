"""The other process of an import: reads lines of a file as tables while the first process writes what came before.

Python runs one thread at a time, and making columns of text is Python's work for two thirds, so a thread would not do.

    python -m logtui.services.ingest.line_worker DESCRIPTOR

The file is inherited, open. On standard input comes one `Order`, as JSON; on standard output go pieces, each with a
`HEADER` before it. The worker ends at the end of the file, at what only the first process knows how to treat (a line
that does not end within a block's size many times over, say), or when nobody listens any more.
"""

from __future__ import annotations

import os
import signal
import struct
import sys
import time
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from logtui.services.ingest.formats import FORMATS
from logtui.services.ingest.line_tables import line_tables
from logtui.services.ingest.own_schema import OwnSchema
from logtui.services.ingest.rare_collections import rare_collections
from logtui.services.ingest.record import LONGEST_RECORD, Lines

if TYPE_CHECKING:
    import pyarrow as pa

HEADER = struct.Struct("<QQ")
"""How many bytes of the file the piece is, and how many bytes of an Arrow stream follow: 0 when its lines are to be
looked at one by one. The last header says 0 and 0."""
READY = b"."
"""What comes first: from now on an order is read at once."""
_BLOCK = 1 << 19
"""Bytes that are read at a time: what is made of them stays in the processor's cache."""


class Order(msgspec.Struct, frozen=True):
    """What is to be read."""

    format: str
    offset: int
    """Of the first line."""
    is_only: bool
    now: int
    """What `ingested_at` becomes, in microseconds; time goes on from there."""


class LineWorker:
    """Reads the lines of one file."""

    def __init__(self, descriptor: int, order: Order, out: BinaryIO) -> None:
        self._descriptor = descriptor
        self._order = order
        self._form = next(each for each in (OwnSchema(), *FORMATS) if each.name == order.format)
        self._out = out
        self._buffer = bytearray()
        """Of one table; used again and again, because memory that is new has to be got from the system."""

    def run(self) -> None:
        """Do what the order says."""
        begun = time.monotonic()
        offset, rest = self._order.offset, b""
        while len(rest) <= LONGEST_RECORD and (data := os.pread(self._descriptor, _BLOCK, offset)):
            offset += len(data)
            end = data.rfind(b"\n") + 1
            if end:
                self._read(rest + data[:end], self._order.now + int((time.monotonic() - begun) * 1e6))
                rest = data[end:]
            else:
                rest += data
        self._out.write(HEADER.pack(0, 0))

    def _read(self, block: bytes, now: int) -> None:
        for lines, table in line_tables(self._form, Lines(block, 1), now, is_only=self._order.is_only):
            content = memoryview(b"") if table is None else self._stream(table)
            self._out.write(HEADER.pack(len(lines.data), len(content)))
            self._out.write(content)

    def _stream(self, table: pa.Table) -> memoryview:
        import pyarrow as pa

        measure = pa.MockOutputStream()
        _write(table, measure)
        size = measure.size()
        if size > len(self._buffer):
            self._buffer = bytearray(size)
        with pa.FixedSizeBufferWriter(pa.py_buffer(self._buffer)) as sink:
            _write(table, sink)
        return memoryview(self._buffer)[:size]


def _write(table: pa.Table, sink: pa.NativeFile) -> None:
    import pyarrow as pa

    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)


def main() -> None:
    """Say that it is there, wait for the order, and do what it says."""
    import pyarrow as pa

    # What is freed is used again at once; pyarrow's own pool would give it back to the system, and ask for it again.
    pa.set_memory_pool(pa.system_memory_pool())
    # Not closed at the end: what is left to write then has nobody who reads it.
    out = os.fdopen(1, "wb", closefd=False)
    out.write(READY)
    out.flush()
    order = msgspec.json.decode(sys.stdin.buffer.readline(), type=Order)
    with rare_collections():
        LineWorker(int(sys.argv[1]), order, out).run()
    out.flush()


if __name__ == "__main__":
    # The keys of the terminal are for the first process, which then no longer listens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        main()
    except BrokenPipeError:
        os._exit(0)
