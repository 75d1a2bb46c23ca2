"""What is to be read: files, directories, globs that the shell left alone, and standard input."""

from __future__ import annotations

import errno
import glob
import os
import select
import stat
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from logtui.core.cancel import CancelToken
from logtui.core.errors import StoreError
from logtui.services.ingest.decompression import CHUNK, Read

STDIN = "-"
_TICK = 0.2
"""Seconds after which a pipe that has nothing new says so."""
_UNFINISHED = (".tmp", ".part", ".partial", ".swp", ".crc", ".replaces", "~")
_GLOB = frozenset("*?[")


@dataclass(frozen=True, slots=True)
class Source:
    """One input."""

    path: Path | None
    """None is standard input."""

    @property
    def name(self) -> str:
        """What messages and rejects call it."""
        return "standard input" if self.path is None else str(self.path)

    @property
    def size(self) -> int:
        """Its bytes as they are stored; 0 where nobody can tell."""
        try:
            return 0 if self.path is None else self.path.stat().st_size
        except OSError:
            return 0


def find_sources(names: Sequence[str]) -> list[Source]:
    """Return the inputs that the arguments mean, each once, in their order and sorted within a directory or glob.

    In a directory, and those in it, every file counts but hidden ones, those that begin with `_`, and those whose name
    says that they are not finished (`.tmp`, `.part` …).

    Raises:
        StoreError: an argument means no file.
    """
    found: dict[str, Source] = {}
    for name in names:
        if name == STDIN:
            found[STDIN] = Source(None)
            continue
        paths = list(paths_of(name))
        if not paths:
            raise StoreError(_nothing(name))
        for path in paths:
            found.setdefault(os.path.realpath(path), Source(path))
    return list(found.values())


def paths_of(name: str) -> Iterator[Path]:
    """Yield the files that an argument means now; none if there are none yet."""
    path = Path(name).expanduser()
    if path.is_dir():
        yield from _files_in(path)
    elif os.path.lexists(path):
        yield path
    elif is_glob(name):
        for match in sorted(glob.glob(str(path), recursive=True)):  # noqa: PTH207 - pathlib has no absolute globs
            inner = Path(match)
            yield from _files_in(inner) if inner.is_dir() else (inner,)


def is_glob(name: str) -> bool:
    """Tell whether a name is a pattern."""
    return not _GLOB.isdisjoint(name)


def is_directory(name: str) -> bool:
    """Tell whether an argument names a directory."""
    return Path(name).expanduser().is_dir()


def directory_of(name: str) -> Path:
    """Return the directory whose changes may bring files that an argument means."""
    path = Path(name).expanduser()
    if path.is_dir():
        return path
    while is_glob(str(path)) and path != path.parent:
        path = path.parent
        if not is_glob(str(path)):
            return path
    return path.parent


def is_counted(name: str) -> bool:
    """Tell whether a file of this name in a directory is read."""
    return not name.startswith((".", "_")) and not name.lower().endswith(_UNFINISHED)


def _files_in(directory: Path) -> Iterator[Path]:
    def refuse(error: OSError) -> None:
        raise StoreError(f"{error.filename}: cannot be read: {(error.strerror or str(error)).lower()}") from error

    for parent, directories, files in os.walk(directory, onerror=refuse):
        directories[:] = sorted(name for name in directories if is_counted(name))
        for name in sorted(files):
            path = Path(parent, name)
            if is_counted(name) and path.is_file():
                yield path


def _nothing(name: str) -> str:
    if Path(name).expanduser().is_dir():
        return f"{name}: there is no file in this directory to read"
    return f"{name}: no file matches" if is_glob(name) else f"{name}: there is no such file"


@dataclass(frozen=True, slots=True)
class Opened:
    """An input that is open."""

    read: Read
    """A pipe gives None while it has nothing new."""
    path: Path | None
    descriptor: int
    is_regular: bool
    """Whether it is a file that can be read at any place."""


@contextmanager
def opened(source: Source, token: CancelToken) -> Iterator[Opened]:
    """Open an input for reading its bytes.

    Raises:
        OSError: it cannot be opened.
        Cancelled: by `read`, when the token is cancelled.
    """
    if source.path is None:
        if sys.stdin is None:
            # Its number may be that of another file by now.
            raise OSError(errno.EBADF, "it is closed")
        yield _opened(None, sys.stdin.fileno(), token)
        return
    descriptor = os.open(source.path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield _opened(source.path, descriptor, token)
    finally:
        os.close(descriptor)


def _opened(path: Path | None, descriptor: int, token: CancelToken) -> Opened:
    def read_file() -> bytes:
        token.check()
        return os.read(descriptor, CHUNK)

    def read_pipe() -> bytes | None:
        token.check()
        parts: list[bytes] = []
        size = 0
        # A pipe holds 64 KiB; larger pieces are read faster.
        while size < CHUNK and select.select([descriptor], [], [], 0 if parts else _TICK)[0]:
            data = os.read(descriptor, CHUNK - size)
            if not data:
                return b"".join(parts)
            parts.append(data)
            size += len(data)
        return b"".join(parts) or None

    is_regular = stat.S_ISREG(os.fstat(descriptor).st_mode)
    return Opened(read_file if is_regular else read_pipe, path, descriptor, is_regular)
