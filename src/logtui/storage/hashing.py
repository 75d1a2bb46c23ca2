"""SHA-256 of many files, as fast as the disk gives them: two threads, since hashing needs no lock of Python's."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import local

from logtui.core.cancel import CancelToken

_CHUNK = 1 << 20
_THREADS = 2
_BATCH_FILES = 64
"""Handed to a thread at once, because handing over costs more than hashing a small file."""
_BATCH_BYTES = 8 << 20
_buffers = local()


def hash_files(paths: Sequence[tuple[str, int]], *, token: CancelToken) -> Iterator[str | OSError]:
    """Yield the digest of each file, in order, or why it cannot be read.

    Args:
        paths: path and expected size of each, the size only for sharing out the work.

    Raises:
        Cancelled: the token was cancelled.
    """
    batches = list(_batches(paths))
    if len(batches) == 1:
        yield from _hash_batch(batches[0], token)
        return
    with ThreadPoolExecutor(_THREADS, thread_name_prefix="hash") as pool:
        tasks = [pool.submit(_hash_batch, batch, token) for batch in batches]
        try:
            for task in tasks:
                yield from task.result()
        finally:
            for task in tasks:
                task.cancel()


def hash_file(path: str | Path, token: CancelToken) -> str:
    """Return the digest of one regular file; links are not followed.

    Raises:
        OSError: it cannot be read, or is no regular file.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(22, "is not a regular file", str(path))
        digest = hashlib.sha256()
        buffer = _buffer()
        view = memoryview(buffer)
        while count := os.readv(descriptor, [buffer]):
            digest.update(view[:count])
            if count == _CHUNK:
                token.check()
        return digest.hexdigest()
    finally:
        os.close(descriptor)


def _buffer() -> bytearray:
    buffer: bytearray | None = getattr(_buffers, "buffer", None)
    if buffer is None:
        buffer = _buffers.buffer = bytearray(_CHUNK)
    return buffer


def _hash_batch(paths: Sequence[str], token: CancelToken) -> list[str | OSError]:
    digests: list[str | OSError] = []
    for path in paths:
        token.check()
        try:
            digests.append(hash_file(path, token))
        except OSError as error:
            digests.append(error)
    return digests


def _batches(paths: Sequence[tuple[str, int]]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for path, expected in paths:
        batch.append(path)
        size += expected
        if len(batch) >= _BATCH_FILES or size >= _BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
