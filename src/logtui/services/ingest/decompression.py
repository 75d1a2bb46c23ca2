"""The bytes of an input, decompressed if they are compressed: told by how they begin, never by a name."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from typing import BinaryIO, Protocol

CHUNK = 1 << 21
"""Bytes that are read at a time."""
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
_GZIP_WINDOW = 31
_MOST_AT_ONCE = 4 << 20
"""Bytes that gzip gives at a time: a chunk of a megabyte may unfold to a gigabyte."""
_ZSTD_CHUNK = 1 << 10
"""Bytes that are given to zstd at a time. It has no limit for what it gives, but four bytes give 128 KiB at most."""
_LARGEST_WINDOW = 1 << 27
"""What `zstd` itself takes, too, unless it is told `--long`; a window is held in memory."""


class DamagedError(Exception):
    """Compressed bytes end early or are wrong; what was whole has been given out. The message is the reason."""


Read = Callable[[], bytes | None]
"""Returns the next bytes, b"" at the end, None if there are none yet."""


class Decompressor(Protocol):
    """Decompresses bytes that come in chunks."""

    def feed(self, data: bytes) -> Iterator[bytes]: ...

    def finish(self) -> None:
        """Raise `DamagedError` if the input must not end here."""


def reading(file: BinaryIO) -> Read:
    """Return what reads a file that never has to be waited for."""
    return lambda: file.read(CHUNK)


def decompressed(read: Read) -> Iterator[bytes | None]:
    """Yield the bytes of an input, and None whenever it has none yet.

    Raises:
        DamagedError: it is compressed and ends early, or is damaged there.
        OSError: it cannot be read.
    """
    begun = b""
    data: bytes | None = None
    while len(begun) < len(_ZSTD) and (data := read()) != b"":
        if data is None:
            yield None
        else:
            begun += data
    decompressor = _decompressor(begun)
    data = begun
    while data != b"":
        if data is None:
            yield None
        else:
            yield from decompressor.feed(data)
        data = read()
    decompressor.finish()


def is_compressed(begun: bytes) -> bool:
    """Tell whether a file that begins so is compressed."""
    return begun.startswith((_GZIP, _ZSTD))


def _decompressor(begun: bytes) -> Decompressor:
    if begun.startswith(_GZIP):
        return _Gzip()
    return _Zstd() if begun.startswith(_ZSTD) else _Plain()


class _Plain:
    def feed(self, data: bytes) -> Iterator[bytes]:
        if data:
            yield data

    def finish(self) -> None:
        pass


class _Gzip:
    """Gzip with any number of members; zero bytes behind the last one are padding."""

    def __init__(self) -> None:
        self._member: zlib._Decompress | None = zlib.decompressobj(_GZIP_WINDOW)
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[bytes]:
        data = self._rest + data
        self._rest = b""
        while data:
            if self._member is None:
                data = data.lstrip(b"\0")
                if len(data) < len(_GZIP):
                    self._rest = data
                    return
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            try:
                yield self._member.decompress(data, _MOST_AT_ONCE)
            except zlib.error as error:
                raise DamagedError(f"the gzip data is damaged: {error}") from error
            data = self._member.unconsumed_tail
            if self._member.eof:
                data = self._member.unused_data
                self._member = None

    def finish(self) -> None:
        if self._member is not None or self._rest:
            raise DamagedError("the gzip data ends early; the file is cut off")


class _Zstd:
    """Zstandard with any number of frames."""

    def __init__(self) -> None:
        # Only for those who have such files: importing it takes a while.
        import zstandard

        self._error = zstandard.ZstdError
        self._new_frame = zstandard.ZstdDecompressor(max_window_size=_LARGEST_WINDOW).decompressobj
        self._frame = self._new_frame()
        self._is_begun = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), _ZSTD_CHUNK):
            yield from self._feed(data[start : start + _ZSTD_CHUNK])

    def _feed(self, data: bytes) -> Iterator[bytes]:
        while data:
            self._is_begun = True
            try:
                yield self._frame.decompress(data)
            except self._error as error:
                raise DamagedError(f"the zstd data is damaged: {error}") from error
            data = self._frame.unused_data
            if self._frame.eof:
                self._frame, self._is_begun = self._new_frame(), False

    def finish(self) -> None:
        if self._is_begun:
            raise DamagedError("the zstd data ends early; the file is cut off")
