"""What two writers that are forks of one process tell each other about the segments that they publish.

Each would otherwise read the ids of the other's segments, and hash them, to know what is stored. Only forks understand
each other's keys: the hash that Python uses for texts is another one in every process that is started.
"""

from __future__ import annotations

import mmap
import struct
import threading

import pyarrow as pa

from logtui.storage.id_index import BYTES_PER_ID, Keys

_SIZE = 32 << 20
"""Bytes that each of them may tell, 2.7 million ids; of the segments after that, ids are read from the files."""
_END = struct.Struct("<Q")
_ENTRY = struct.Struct("<IQ")
"""Bytes of the segment's name, and number of its ids."""


class KeyExchange:
    """Memory of both, in two halves: each process writes to its own, and reads the other's."""

    def __init__(self) -> None:
        """Make it; to be done before the fork."""
        self._halves = [mmap.mmap(-1, _SIZE), mmap.mmap(-1, _SIZE)]
        self._written = self._read = _END.size
        self._lock = threading.Lock()
        self._places: dict[str, tuple[int, int]] = {}

    def turn(self) -> None:
        """Take the other side; to be done in one of the processes."""
        self._halves.reverse()

    def tell(self, segment: str, keys: Keys) -> None:
        """Tell what a segment holds, if there is room."""
        name = segment.encode(errors="surrogateescape")
        with self._lock:
            mine, at = self._halves[0], self._written
            if at + _ENTRY.size + len(name) + len(keys) * BYTES_PER_ID > _SIZE:
                return
            for part in (_ENTRY.pack(len(name), len(keys)), name, _bytes_of(keys.first), _bytes_of(keys.second)):
                mine[at : at + len(part)] = part
                at += len(part)
            self._written = at
            # Last, so that nobody reads what is not there yet.
            _END.pack_into(mine, 0, at)

    def keys_of(self, segment: str) -> Keys | None:
        """Return what the other process told of a segment; None if it told nothing."""
        theirs = self._halves[1]
        with self._lock:
            self._listen(theirs)
            place = self._places.pop(segment, None)
        if place is None:
            return None
        start, count = place
        middle, end = start + count * 8, start + count * BYTES_PER_ID
        return Keys(_array(pa.int64(), theirs[start:middle]), _array(pa.int32(), theirs[middle:end]))

    def _listen(self, theirs: mmap.mmap) -> None:
        (end,) = _END.unpack_from(theirs)
        while self._read < end:
            size, count = _ENTRY.unpack_from(theirs, self._read)
            start = self._read + _ENTRY.size
            name = theirs[start : start + size].decode(errors="surrogateescape")
            self._places[name] = (start + size, count)
            self._read = start + size + count * BYTES_PER_ID


def _array(kind: pa.DataType, data: bytes) -> pa.Array:
    return pa.Array.from_buffers(kind, len(data) // (kind.bit_width // 8), [None, pa.py_buffer(data)])


def _bytes_of(keys: pa.Array) -> bytes:
    width = keys.type.bit_width // 8
    return bytes(keys.buffers()[1][keys.offset * width : (keys.offset + len(keys)) * width])
