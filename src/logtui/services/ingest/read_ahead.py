"""Has another process read the lines of a large file (`line_worker`), and takes what it made of them, in order."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

import msgspec

from logtui.services.ingest.json_lines import AROUND
from logtui.services.ingest.line_worker import HEADER, READY, Order
from logtui.services.ingest.record import Lines, ReadLines

if TYPE_CHECKING:
    import pyarrow as pa

WORTH_A_PROCESS = 32 << 20
"""Bytes of a file; to start a process takes as long as to read some of them."""
_PIPE = 1 << 20
_COUNTED = 1 << 20
"""Bytes that are read at a time to count lines."""


def has_processors() -> bool:
    """Tell whether a second process would get a processor of its own."""
    return (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1) > 1


def is_worth_a_process(descriptor: int, size: int) -> bool:
    """Tell whether a file is of that size at least and begins as lines of JSON do."""
    return os.fstat(descriptor).st_size >= size and os.pread(descriptor, 64, 0).lstrip(AROUND).startswith(b"{")


class LineNumbers:
    """The numbers of lines in a file, counted only when somebody asks, and only forwards."""

    def __init__(self, descriptor: int, offset: int, line: int) -> None:
        self._descriptor = descriptor
        self._offset, self._line = offset, line

    def at(self, offset: int) -> int:
        """Return the number of the line that begins at `offset`."""
        while self._offset < offset:
            data = os.pread(self._descriptor, min(_COUNTED, offset - self._offset), self._offset)
            if not data:
                break
            self._line += data.count(b"\n")
            self._offset += len(data)
        return self._line


class ReadAhead:
    """A process that waits for a file's format to be known, then reads its lines."""

    def __init__(self, descriptor: int) -> None:
        """Start it; it loads its modules meanwhile.

        Args:
            descriptor: the file, open for reading; it stays the caller's, and where it stands is not touched.

        Raises:
            OSError: the process cannot be started.
        """
        self._descriptor = descriptor
        self._is_ready = False
        # Without the working directory among the places of modules (-P): anybody's files may lie there.
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "logtui.services.ingest.line_worker", str(descriptor)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            pass_fds=(descriptor,), bufsize=0, pipesize=_PIPE,
        )  # fmt: skip

    def is_ready(self, wait: float = 0) -> bool:
        """Tell whether it would begin at once, after so many seconds at most.

        Until then, whoever wants to know can read as well as the process will.
        """
        answers = self._process.stdout
        assert answers is not None
        if not self._is_ready and select.select([answers], [], [], wait)[0]:
            self._is_ready = answers.read(len(READY)) == READY
        return self._is_ready

    def pieces(self, order: Order, numbers: LineNumbers) -> Iterator[tuple[ReadLines, int]]:
        """Yield what was read, and the offset behind it; where that ends, the caller goes on by itself.

        That is at the end of the file, before a last line that does not end, before a line of monstrous size, or where
        the process was killed.

        Args:
            numbers: of the lines of the file.
        """
        offset = order.offset
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        try:
            requests.write(msgspec.json.encode(order) + b"\n")
        except BrokenPipeError:
            return
        while (header := _exactly(answers, HEADER.size)) is not None:
            length, size = HEADER.unpack(header)
            stream = _exactly(answers, size) if size else None
            if not length or (size and stream is None):
                return
            yield ReadLines(_table(stream), self._lines(offset, length, numbers)), offset + length
            offset += length

    def _lines(self, offset: int, length: int, numbers: LineNumbers) -> Callable[[], Lines]:
        return lambda: Lines(os.pread(self._descriptor, length, offset), numbers.at(offset))

    def close(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()


def _exactly(pipe: IO[bytes], size: int) -> pa.Buffer | None:
    """Read so many bytes; None when the pipe ends before."""
    import pyarrow as pa

    buffer = pa.allocate_buffer(size)
    rest = memoryview(buffer)
    while rest:
        count = pipe.readinto(rest)  # type: ignore[attr-defined]
        if not count:
            return None
        rest = rest[count:]
    return buffer


def _table(stream: pa.Buffer | None) -> pa.Table | None:
    import pyarrow as pa

    return None if stream is None else pa.ipc.open_stream(stream).read_all()
